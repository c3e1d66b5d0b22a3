"""Which key made the ids in a store: another makes other ids, so every request comes twice."""

import hmac


class OtherKey(Exception):
    """The store's ids were made with another PSEUDONYM_KEY."""


def fingerprint(key: bytes) -> str:
    """What a store keeps of the key that it was begun with; the key cannot be told from it."""
    return hmac.digest(key, b"which key made the ids of this store", "sha256").hex()


def must_be_same(key: bytes, first: str) -> None:
    """Raise OtherKey unless `first` is this key's fingerprint."""
    if not hmac.compare_digest(first.encode(), fingerprint(key).encode()):
        raise OtherKey
