"""How each source proves itself: a scheme, made of its declaration and its live secrets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from enrollment.adapters.secrets import Secrets
from enrollment.adapters.secrets import trouble as secret_trouble
from enrollment.ports import Unavailable
from enrollment.sources.declared import Verify
from enrollment.verify.plain_secrets import UnusableSecret
from enrollment.verify.received import NotVerified, Received, Scheme, Verified
from enrollment.verify.schemes import make

if TYPE_CHECKING:
    from enrollment.verify.jwks import Keys


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

    def _values(self, verify: Verify) -> tuple[list[str], Unavailable | None]:
        values, trouble = [], None
        for reference in verify.secrets:
            try:
                value = self.secrets.value(reference)
                self._scheme(verify, [value])  # one that is no use keeps the others in force
                values.append(value)
            except Unavailable as missing:
                trouble = missing
            except UnusableSecret as wrong:
                trouble = secret_trouble(reference, str(wrong).removeprefix("secret 1 "))
            else:
                continue
            self.tell(trouble.detail)
        return values, trouble

    def _scheme(self, verify: Verify, values: Sequence[str]) -> Scheme:
        return make(verify.scheme, values, verify.options, self._keys_at)

    def _keys_at(self, address: str) -> "Keys":
        from enrollment.adapters.keys import PublishedKeys

        return self._keys.setdefault(address, PublishedKeys(address))
