"""Three judges of one delivery: our verifier, the reference library, and the secrets themselves."""

import base64
import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

import standardwebhooks
from standardwebhooks import webhooks

from enrollment.verify.received import NotVerified, Received, Scheme
from enrollment.verify.standard_webhooks import StandardWebhooks
from tests.verify.deliveries import LIVE, PARTS, Delivery, delivery, secret_of
from tests.verify.differences import RULES

ORACLES = tuple(standardwebhooks.Webhook(secret_of(key)) for key in LIVE)


def ours() -> StandardWebhooks:
    return StandardWebhooks.with_secrets([secret_of(key) for key in LIVE])


def we_believe(scheme: Scheme, it: Delivery) -> bool:
    try:
        return scheme.verify(Received(it.headers, it.body), it.now).body == it.body
    except NotVerified:
        return False


def the_library_believes(it: Delivery) -> bool:
    """Whether it does with any live secret; whatever it raises is a no."""
    return any(_believes(oracle, it) for oracle in ORACLES)


def _believes(oracle: standardwebhooks.Webhook, it: Delivery) -> bool:
    with _clock_at(it.now):
        try:
            oracle.verify(it.body, it.headers, json_parse=False)
        except Exception:  # noqa: BLE001 - it raises five types and more on hostile input
            return False
        return True


@contextmanager
def _clock_at(now: datetime) -> Iterator[None]:
    """The library asks the machine's clock, and no other can be given to it."""

    class Standing(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Standing":
            return cls.fromtimestamp(now.timestamp(), tz)

    webhooks.datetime = Standing
    try:
        yield
    finally:
        webhooks.datetime = datetime


def is_signed(it: Delivery) -> bool:
    """Whether a live secret has signed just this, at a time that is near; by no code of ours."""
    if not (family := it.family()):
        return False
    name, seconds, listed = (it.headers[f"{family}-{part}"] for part in PARTS)
    text = f"{name}.{seconds}.".encode() + it.body
    digests = [hmac.new(key, text, hashlib.sha256).digest() for key in LIVE]
    wanted = {f"v1,{base64.b64encode(each).decode()}" for each in digests}
    near = seconds.isdecimal() and abs(int(seconds) - it.now.timestamp()) <= 300
    return near and bool(wanted & set(listed.split(" ")))


@dataclass
class Comparison:
    """What many deliveries showed."""

    agreed: Counter[bool] = field(default_factory=Counter)
    explained: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def compared(scheme: Scheme, seeds: Iterable[int]) -> Comparison:
    """Judge the deliveries of these seeds."""
    found = Comparison()
    for seed in seeds:
        it = delivery(seed)
        us, them, truth = we_believe(scheme, it), the_library_believes(it), is_signed(it)
        rules = [each.name for each in RULES if each.we_believe == us and each.applies(it)]
        if us == them:
            found.agreed[us] += 1
        else:
            found.explained.update(rules)
        for fault, is_so in {
            "we believe what nobody signed": us and not truth,
            "we alone, for no reason": us and not them and not rules,
            "the library alone, for no reason": them and not us and not rules,
            "we do not believe what is signed, for no reason": truth and not us and not rules,
        }.items():
            if is_so:
                found.faults.append(f"seed {seed}: {fault}: {', '.join(it.changes)}")
    return found
