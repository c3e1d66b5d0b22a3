"""How each source proves itself: a scheme, made of its declaration and its live secrets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from enrollment.adapters.secrets import Secrets, unseen
from enrollment.adapters.secrets import trouble as secret_trouble
from enrollment.ports import Unavailable
from enrollment.sources.declared import Verify
from enrollment.verify.plain_secrets import UnusableSecret
from enrollment.verify.received import NotVerified, Received, Scheme, Verified
from enrollment.verify.schemes import make

if TYPE_CHECKING:
    from enrollment.verify.jwks import Keys


class Flaw(NamedTuple):
    """Why a secret cannot be used, by its reference; `seen` unless nobody could look at it."""

    told: str
    seen: bool


@dataclass(frozen=True)
class Proofs:
    """Verifies deliveries. Thread-safe."""

    secrets: Secrets
    tell: Callable[[str], None]  # hears of a secret that cannot be had
    _keys: dict[str, "Keys"] = field(default_factory=dict, repr=False)

    def verified(self, verify: Verify, arrived: Received, now: datetime) -> Verified:
        """What arrived, if it is proved who sent it.

        A secret that cannot be had or used keeps nobody out whom another one lets in; only who is
        let in by none hears that it cannot be told now. Raises NotVerified or Unavailable.
        """
        values, trouble = self._values(verify)
        if trouble and not values:
            raise trouble
        try:
            return self._scheme(verify, values).verify(arrived, now)
        except NotVerified:
            if trouble:
                raise trouble from None
            raise

    def flaw(self, verify: Verify, reference: str) -> Flaw | None:
        """Why one of its secrets cannot be used, without a word of it; None if it can."""
        try:
            self._value(verify, reference)
        except Unavailable as trouble:
            return Flaw(trouble.detail, seen=not unseen(trouble))
        return None

    def _values(self, verify: Verify) -> tuple[list[str], Unavailable | None]:
        values, trouble = [], None
        for reference in verify.secrets:
            try:
                values.append(self._value(verify, reference))
            except Unavailable as missing:
                trouble = missing
                self.tell(trouble.detail)
        return values, trouble

    def _value(self, verify: Verify, reference: str) -> str:
        value = self.secrets.value(reference)
        try:
            self._scheme(verify, [value])  # one that is no use keeps the others in force
        except UnusableSecret as wrong:
            fact = str(wrong).removeprefix("secret 1 ")
            raise secret_trouble(reference, fact) from None
        return value

    def _scheme(self, verify: Verify, values: Sequence[str]) -> Scheme:
        return make(verify.scheme, values, verify.options, self._keys_at)

    def _keys_at(self, address: str) -> "Keys":
        from enrollment.adapters.keys import PublishedKeys

        return self._keys.setdefault(address, PublishedKeys(address))


def unheard(project: str | None) -> Proofs:
    """For one who looks at secrets one by one: nobody else hears of those that cannot be had."""
    return Proofs(Secrets(project), lambda _: None)
