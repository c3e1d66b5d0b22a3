"""What a shared secret must be before a scheme works with it."""

import re

LEAST_CHARACTERS = 16  # of letters and digits these are 95 bits, more than anybody can guess
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class UnusableSecret(ValueError):
    """A secret that the scheme cannot work with: fact and remedy, and nothing of the secret."""


def plain(secret: str) -> bytes:
    """A secret that is used as it is written. Raises UnusableSecret."""
    if CONTROL.search(secret):
        raise UnusableSecret(
            "holds a line end or another control character: store it without, as with printf %s"
        )
    if len(secret) < LEAST_CHARACTERS:
        raise UnusableSecret(
            f"is shorter than {LEAST_CHARACTERS} characters and could be guessed: "
            "make a new one, as with openssl rand -hex 32"
        )
    return encoded(secret)


def encoded(secret: str) -> bytes:
    """The secret in UTF-8. Raises UnusableSecret."""
    try:
        return secret.encode()
    except UnicodeEncodeError:
        raise UnusableSecret("is not UTF-8: store it as plain text") from None
