"""Deliveries as senders, networks and attackers make them: a seed decides everything.

Each begins as a right one. Some is done to it before it is signed, which a sender might do; some
afterwards, which nobody may.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
PARTS = ("id", "timestamp", "signature")
BODIES = (
    b'{"type":"enrollment.created","data":{"course":{"sourcedId":"MATH-101-3"}}}',
    '{"student":"josé@school.example"}'.encode(),
    b'{"test": 2432232314}\n',
    b"no JSON at all",
    b"",
)


def secret_of(key: bytes) -> str:
    return "whsec_" + base64.b64encode(key).decode()


LIVE = tuple(hashlib.sha256(f"live {each}".encode()).digest() for each in range(2))
DEAD = tuple(hashlib.sha256(f"dead {each}".encode()).digest() for each in range(2))


@dataclass
class Delivery:
    """One delivery: first what is to be signed, then what is sent."""

    chance: Random
    now: datetime = NOW
    name: str = ""
    sent_at: int = int(NOW.timestamp())
    seconds: str = ""  # how that is written
    body: bytes = b""
    key: bytes = b""
    signed_seconds: str | None = None  # if what is signed is not the header's own text
    headers: dict[str, str] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)

    def signature(self, key: bytes | None = None, body: bytes | None = None) -> str:
        seconds = self.seconds if self.signed_seconds is None else self.signed_seconds
        text = f"{self.name}.{seconds}.".encode() + (self.body if body is None else body)
        digest = hmac.digest(key or self.key, text, hashlib.sha256)
        return f"v1,{base64.b64encode(digest).decode()}"

    def any_of(self, *choices: str) -> str:
        return self.chance.choice(choices)

    def family(self) -> str:
        """The name by which the first whole set of headers goes."""
        for name in ("webhook", "svix"):
            if all(self.headers.get(f"{name}-{part}") for part in PARTS):
                return name
        return ""


Change = Callable[[Delivery], None]


def odd_id(it: Delivery) -> None:
    it.name = it.any_of(
        "a.b",
        "a b",
        "",
        "é",
        "x" * 257,
        "x" * 256,
        "~",
        f" {it.name}",
        "\x7f",
        "-",
        "a,b",
        ".",
        "/",
    )


def odd_time(it: Delivery) -> None:
    seconds = it.sent_at
    it.seconds = it.any_of(
        f"{seconds}.7", f" {seconds} ", f"+{seconds}", f"{seconds:.9e}", f"{seconds}\n", "-1",
        "nan", "inf", "1e400", "", "0", "9" * 12, "9" * 13, f"{seconds}x",
        f"{seconds:_}", hex(seconds),
        "".join(chr(0x660 + int(digit)) for digit in str(seconds)),
    )  # fmt: skip
    if it.chance.random() < 0.5:
        it.signed_seconds = str(seconds)  # as the reference library writes it anew


def leading_zeros(it: Delivery) -> None:
    it.seconds = str(it.sent_at).zfill(it.chance.randint(11, 13))
    it.signed_seconds = it.chance.choice([str(it.sent_at), None])


def far_time(it: Delivery) -> None:
    offset = it.chance.choice([-301, -300, -299, 299, 300, 301, 10**6, -(10**6)])
    it.sent_at = int(NOW.timestamp()) + offset
    it.seconds = str(it.sent_at)


def within_a_second(it: Delivery) -> None:
    it.now += timedelta(microseconds=it.chance.randrange(1_000_000))


def raw_bytes(it: Delivery) -> None:
    it.body = it.chance.randbytes(it.chance.randrange(40))


def dead_secret(it: Delivery) -> None:
    it.key = it.chance.choice(DEAD)


BEFORE: tuple[Change, ...] = (
    odd_id, odd_time, leading_zeros, far_time, far_time, within_a_second, raw_bytes, dead_secret,
)  # fmt: skip


def _bent(it: Delivery, text: str) -> str:
    """The text with one character changed, added or taken away."""
    at = it.chance.randrange(len(text) + 1)
    put = it.any_of("", "A", "!", "é", " ", ",", "=", "\n", ".", "0", "-")
    return text[:at] + put + text[at + it.chance.randrange(2) :]


def flip_body(it: Delivery) -> None:
    if it.body:
        at = it.chance.randrange(len(it.body))
        changed = it.body[at] ^ 1 << it.chance.randrange(8)
        it.body = it.body[:at] + bytes([changed]) + it.body[at + 1 :]


def longer_body(it: Delivery) -> None:
    it.body += it.chance.choice([b" ", b"\n", b"\x00", b"}"])


def bent_header(it: Delivery) -> None:
    name = it.chance.choice(sorted(it.headers))
    it.headers[name] = _bent(it, it.headers[name])


def missing_header(it: Delivery) -> None:
    del it.headers[it.chance.choice(sorted(it.headers))]


def other_signature(it: Delivery) -> None:
    """A list around the signature, of every shape that is met."""
    mine = it.headers.get("webhook-signature", "")
    foreign = it.signature(it.chance.choice(DEAD))
    live = it.signature(it.chance.choice(LIVE))
    others = (
        foreign, live, "v1a,AAAA", "v2,é", "v1", "v1,", "v1,a,b", "v1,A", "v1,é", "", "nonsense",
        mine.replace("v1,", "v1a,"), mine.replace("v1,", "V1,"), mine + "=", "v1," + mine,
        mine.replace("+", "-").replace("/", "_"), mine[:20] + "!" + mine[20:], mine.rstrip("="),
    )  # fmt: skip
    listed = it.chance.choices(others, k=it.chance.randint(1, 3))
    if it.chance.random() < 0.7:
        listed.insert(it.chance.randrange(len(listed) + 1), mine)
    it.headers["webhook-signature"] = it.any_of(" ", " ", " ", "  ", "\t", ",").join(listed)


def many_signatures(it: Delivery) -> None:
    mine = it.headers.get("webhook-signature", "")
    number = it.chance.choice([14, 15, 16, 40])
    it.headers["webhook-signature"] = " ".join([it.signature(DEAD[0])] * number + [mine])


def long_header(it: Delivery) -> None:
    mine = it.headers.get("webhook-signature", "")
    it.headers["webhook-signature"] = f"{mine} v2,{'A' * it.chance.choice([3000, 4000, 5000])}"


def other_case(it: Delivery) -> None:
    it.headers = {it.any_of(name.title(), name.upper()): each for name, each in it.headers.items()}


def names_of_svix(it: Delivery) -> None:
    which = it.chance.choice([("id", "timestamp", "signature"), ("id",), ("signature",)])
    for part in which:
        if (given := it.headers.get(f"webhook-{part}")) is not None:
            it.headers[f"svix-{part}"] = given
            if it.chance.random() < 0.8:
                del it.headers[f"webhook-{part}"]


def signs_another(it: Delivery) -> None:
    """A signature by a live secret, of something else."""
    it.headers["webhook-signature"] = it.signature(LIVE[0], it.body + b"x")


AFTER: tuple[Change, ...] = (
    flip_body, longer_body, bent_header, bent_header, bent_header, missing_header,
    other_signature, other_signature, other_signature, other_signature, many_signatures,
    long_header, other_case, names_of_svix, signs_another,
)  # fmt: skip


def delivery(seed: int) -> Delivery:
    """The delivery of a seed; at most two changes before and two after it is signed."""
    chance = Random(seed)
    sent_at = int(NOW.timestamp()) + chance.randint(-290, 290)
    it = Delivery(
        chance,
        name=f"msg_{chance.randrange(10**12)}",
        sent_at=sent_at,
        seconds=str(sent_at),
        body=chance.choice(BODIES),
        key=chance.choice(LIVE),
    )
    _apply(it, chance.choices(BEFORE, k=chance.choice([0, 0, 1, 1, 2])))
    it.headers = {
        "webhook-id": it.name,
        "webhook-timestamp": it.seconds,
        "webhook-signature": it.signature(),
    }
    _apply(it, chance.choices(AFTER, k=chance.choice([0, 1, 1, 2])))
    it.headers = {name.lower(): each for name, each in it.headers.items()}  # as every door does
    return it


def _apply(it: Delivery, changes: list[Change]) -> None:
    for change in changes:
        if it.headers or change in BEFORE:
            it.changes.append(change.__name__)
            change(it)
