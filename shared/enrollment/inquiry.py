"""What became of a request, for whoever sent it: no address, no name, no course."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from enrollment.advice import advice
from enrollment.clock import Deadline
from enrollment.entry import Entry, State
from enrollment.ports import Ledger, Receipts, Reviews
from enrollment.reasons import Reason
from enrollment.receipt import Became, Noted
from enrollment.review_item import ItemState
from enrollment.wire import stored_request

# 160 bits that only the key makes: whoever has such an id was told it.
UNGUESSABLE = re.compile(r"[ru]1-[0-9a-f]{40}")
LOOK_AGAIN = 5  # seconds; most requests are settled by then


@dataclass(frozen=True)
class Standing:
    """Where a request stands, and the source that it came from."""

    source: str
    status: str
    outcome: str | None = None
    reason: str | None = None
    sentence: str | None = None
    next_step: str | None = None

    @property
    def is_final(self) -> bool:
        """Whether looking again is of no use by itself."""
        return self.status in {"settled", "in_review", "dismissed"}


@dataclass(frozen=True)
class Inquiry:
    """Looks requests up."""

    ledger: Ledger
    receipts: Receipts
    reviews: Reviews
    sources: Collection[str]  # whose receipts are looked for

    def standings(self, request_id: str, deadline: Deadline) -> list[Standing]:
        """Where the requests of an id stand, one for each source. Raises Unavailable.

        Two senders may have chosen the same id, and neither has to hear of the other. The ledger's
        own entry comes first.
        """
        stored = self.ledger.get(request_id, deadline)
        known = [_of_entry(stored.entry)] if stored else []
        others = set(self.sources) - {each.source for each in known}
        noted = self.receipts.of_request(request_id, others, deadline)
        for source, note in noted.items():
            entry = stored.entry if stored else None
            known.append(self._of_note(request_id, source, note, entry, deadline))
        return known

    def _of_note(
        self, request_id: str, source: str, note: Noted, entry: Entry | None, deadline: Deadline
    ) -> Standing:
        """Where a source's request stands; the ledger's entry, if there is one, is another's."""
        if note.became is Became.REVIEW:
            return Standing(source, self._of_draft(request_id, deadline))
        if entry is None:
            return Standing(source, "queued")
        if self._fingerprint(request_id, note, deadline) in _wished(entry):
            return replace(_of_entry(entry), source=source)  # the same wish has come by both
        told = advice(Reason.ID_REUSED)
        return Standing(
            source,
            "in_review",
            reason=Reason.ID_REUSED.value,
            sentence=told.sentence,
            next_step=told.next_step,
        )

    def _of_draft(self, request_id: str, deadline: Deadline) -> str:
        """What a person has made of a wish that was never sent; its letter may be on its way."""
        states = {each.item.state for each in self.reviews.of_request(request_id, deadline)}
        if not states or ItemState.OPEN in states:
            return "in_review"
        return "dismissed" if states == {ItemState.DISMISSED} else "queued"

    def _fingerprint(self, request_id: str, note: Noted, deadline: Deadline) -> str | None:
        receipt = self.receipts.find(note.key, deadline)
        requests = [stored_request(each) for each in receipt.requests] if receipt else []
        return next((it.fingerprint for it in requests if it and it.request_id == request_id), None)


def _wished(entry: Entry) -> tuple[str, ...]:
    return (entry.fingerprint, *entry.corrected_from)


def _of_entry(entry: Entry) -> Standing:
    settled = entry.state is State.SETTLED
    reason = entry.reason if settled else entry.last_reason
    told = advice(reason) if reason else None
    request = stored_request(entry.message)
    return Standing(
        source=request.source if request else "",
        status="settled" if settled else "waiting",
        outcome=entry.outcome.value if entry.outcome else None,
        reason=reason.value if reason else None,
        sentence=told.sentence if told else None,
        next_step=told.next_step if told else None,
    )
