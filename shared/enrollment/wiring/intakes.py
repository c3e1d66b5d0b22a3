"""What the intakes run: declared sources, how each proves itself, and where wishes go."""

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from enrollment.adapters.secrets import Secrets
from enrollment.clock import Clock, Deadline
from enrollment.inquiry import Inquiry
from enrollment.problems import Kind as ProblemKind
from enrollment.problems import Problem
from enrollment.rate import Rate
from enrollment.receiving import Receiver
from enrollment.settings import Need, read_settings
from enrollment.sources.declared import Declaration, Declared, Kind
from enrollment.verify.received import NotVerified, Received, Verified, Why
from enrollment.verify.schemes import Name as SchemeName
from enrollment.wiring import distributed
from enrollment.wiring.distributed import Once
from enrollment.wiring.lookups import lookups
from enrollment.wiring.proofs import Proofs
from enrollment.wiring.school import declared, own_domains

NEEDS = frozenset({Need.PROJECT, Need.SOURCES, Need.PSEUDONYM_KEY})


@dataclass(frozen=True, kw_only=True)
class Intakes:
    """The way in, for every declared source."""

    declared: Declared
    receiver: Receiver
    inquiry: Inquiry
    proofs: Proofs
    clock: Clock
    rate: Rate = field(repr=False)

    def source(self, name: str, kinds: Collection[Kind]) -> Declaration | None:
        """The declaration of a source of one of these kinds, or None."""
        found = self.declared.sources.get(name)
        return found if found is not None and found.kind in kinds else None

    def proves(self, name: str) -> bool:
        """Whether a source of this name is declared, and how it proves itself."""
        found = self.declared.sources.get(name)
        return found is not None and found.verify is not None

    def verified(self, source: str, arrived: Received, deadline: Deadline) -> Verified:
        """What the source has proved to have sent. Raises NotVerified or Unavailable."""
        del deadline  # the issuers' keys have limits of their own
        verify = self.declared.sources[source].verify
        if verify is None or verify.scheme == SchemeName.GOOGLE_SIGN_IN:
            raise NotVerified(Why.NO_DELIVERIES)
        return self.proofs.verified(verify, arrived, self.clock.now())

    def limit(self, source: str) -> None:
        """Raise Problem if a sender runs wild."""
        if wait := self.rate.take(source):
            seconds = math.ceil(timedelta(seconds=wait).total_seconds())
            raise Problem(ProblemKind.TOO_MANY, "wait, and send it again", retry_after=seconds)


def _intakes() -> Intakes:
    from enrollment.adapters.firestore.receipts import FirestoreReceipts

    settings = read_settings(needs=NEEDS)
    store, clock = distributed.around(), distributed.CLOCK
    receipts, said = FirestoreReceipts(store.firestore), declared(settings)
    secrets = Secrets(settings.project)
    return Intakes(
        declared=said,
        receiver=Receiver(
            requests=store.requests,
            dead_letters=store.dead_letters,
            receipts=receipts,
            directory=store.directory(),
            clock=clock,
            key=settings.pseudonym_key,
            lookups=lookups(said, secrets),
            own_domains=own_domains(settings, said),
        ),
        inquiry=Inquiry(store.ledger, receipts, store.reviews, tuple(said.sources)),
        proofs=Proofs(secrets, _missing),
        clock=clock,
        rate=Rate(clock),
    )


def _missing(secret: str) -> None:
    distributed.JOURNAL.say("ERROR", "a secret cannot be had", detail=secret)


intakes = Once(_intakes)
