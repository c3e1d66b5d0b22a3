"""What the hosted forms run: seals for what a browser keeps, sign-ins, and a limit for each client.

A form needs no store of its own: what it has to remember of a visitor, the browser keeps.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from enrollment.adapters.google_sign_in import Addresses, GoogleClient, Secret
from enrollment.adapters.keys import PublishedKeys
from enrollment.adapters.sealed import Seal
from enrollment.ports import Unavailable
from enrollment.rate import Rate
from enrollment.reasons import Reason
from enrollment.settings import Need, read_settings
from enrollment.sources.declared import Verify
from enrollment.verify.google_sign_in import GoogleSignIn
from enrollment.verify.received import NotVerified, Why
from enrollment.wiring import distributed, intakes
from enrollment.wiring.distributed import Once

# Seconds. A page may stay open over a lesson or two; whoever has signed in at a shared machine is
# forgotten after one, if the browser has not been closed; signing in takes a minute.
PAGE, PERSON, SIGNING = 8 * 3600, 3600, 600
# A whole class sends at once from behind one address, and then each in its own time.
A_SECOND, BURST = 1.0, 120.0


@dataclass(frozen=True)
class Memory:
    """What a browser keeps for us: texts that are good for so many seconds."""

    seal: Seal
    good_for: int

    def keep(self, said: Mapping[str, str], now: datetime) -> str:
        """The texts, sealed."""
        return self.seal.sealed(said, now)

    def recall(self, token: str, now: datetime) -> Mapping[str, str] | None:
        """What was kept, or None if it was not kept by us, or too long ago."""
        return self.seal.opened(token, self.good_for, now)


@dataclass(frozen=True, kw_only=True)
class Pages:
    """What a visitor of a hosted form meets, besides the intake itself."""

    page: Memory
    person: Memory
    signing: Memory
    clients: Rate = field(repr=False)
    _keys: dict[str, PublishedKeys] = field(default_factory=dict, repr=False)

    def way_in(self, source: str, verify: Verify, back_to: str, now: datetime) -> tuple[str, str]:
        """Where a visitor signs in, and what the browser keeps until it is back."""
        drawn = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
        client = _client(verify)
        address = client.way_in(back_to, drawn["state"], drawn["nonce"], drawn["verifier"])
        return address, self.signing.keep({**drawn, "source": source, "back_to": back_to}, now)

    def signed_in(
        self, source: str, verify: Verify, kept: str, query: Mapping[str, str], now: datetime
    ) -> str:
        """The address of whoever comes back from signing in. Raises NotVerified or Unavailable."""
        begun = self.signing.recall(kept, now)
        if begun is None or begun["source"] != source:
            raise NotVerified(Why.NOT_BEGUN)
        if not secrets.compare_digest(begun["state"].encode(), query.get("state", "").encode()):
            raise NotVerified(Why.NOT_BEGUN)
        if not query.get("code"):  # whoever has changed their mind comes back without one
            raise NotVerified(Why.NO_CODE)
        client = _client(verify)
        token = _exchanged(client, verify, query["code"], begun)
        keys = self._keys.setdefault(client.addresses.keys, PublishedKeys(client.addresses.keys))
        return GoogleSignIn(client.client_id, keys).person(token, begun["nonce"], now)


def _client(verify: Verify) -> GoogleClient:
    options = verify.options
    place = options.get("at")
    addresses = Addresses.at(place) if isinstance(place, str) else Addresses()
    return GoogleClient(str(options["client_id"]), addresses)


def _exchanged(client: GoogleClient, verify: Verify, code: str, begun: Mapping[str, str]) -> str:
    """The ID token, by the first of the client's secrets that is good."""
    trouble = Unavailable(Reason.SIGN_IN_DOWN, "the client has no secret")
    for reference in verify.secrets:
        try:
            secret = Secret(intakes.intakes().proofs.secrets.value(reference))
            return client.token(code, begun["back_to"], begun["verifier"], secret)
        except Unavailable as wrong:
            trouble = wrong
    raise trouble


def _pages() -> Pages:
    key = read_settings(needs={Need.PSEUDONYM_KEY}).pseudonym_key
    return Pages(
        page=Memory(Seal(key, "a page"), PAGE),
        person=Memory(Seal(key, "a person"), PERSON),
        signing=Memory(Seal(key, "a sign-in"), SIGNING),
        clients=Rate(distributed.CLOCK, A_SECOND, BURST),
    )


pages = Once(_pages)
