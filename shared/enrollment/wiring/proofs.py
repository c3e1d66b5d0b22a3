"""How each source proves itself: a scheme, made of its declaration and its live secrets."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from enrollment.adapters.secrets import Secrets
from enrollment.ports import Unavailable
from enrollment.sources.declared import Verify
from enrollment.verify.received import NotVerified, Received, Verified
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

        A secret that cannot be had keeps nobody out whom another one lets in; only who is let in by
        none hears that it cannot be told now. Raises NotVerified or Unavailable.
        """
        values, trouble = self._values(verify)
        if trouble and not values:
            raise trouble
        try:
            scheme = make(verify.scheme, values, verify.model_extra or {}, self._keys_at)
            return scheme.verify(arrived, now)
        except NotVerified:
            if trouble:
                raise trouble from None
            raise

    def _values(self, verify: Verify) -> tuple[list[str], Unavailable | None]:
        values, trouble = [], None
        for reference in verify.secrets:
            try:
                values.append(self.secrets.value(reference))
            except Unavailable as missing:
                trouble = missing
                self.tell(missing.detail)
        return values, trouble

    def _keys_at(self, address: str) -> "Keys":
        from enrollment.adapters.keys import PublishedKeys

        return self._keys.setdefault(address, PublishedKeys(address))
