"""What became of a request, for whoever sent it: no address, no name, no course."""

import re
from dataclasses import dataclass

from enrollment.advice import advice
from enrollment.clock import Deadline
from enrollment.entry import Entry, State
from enrollment.ports import Ledger, Receipts
from enrollment.receipt import Became
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
        return self.status in {"settled", "in_review"}


@dataclass(frozen=True)
class Inquiry:
    """Looks requests up."""

    ledger: Ledger
    receipts: Receipts

    def standing(self, request_id: str, deadline: Deadline) -> Standing | None:
        """Where a request stands; None if nothing is known of it. Raises Unavailable."""
        if stored := self.ledger.get(request_id, deadline):
            return _of_entry(stored.entry)
        received = self.receipts.of_request(request_id, deadline)
        if received is None:
            return None
        source, became = received
        return Standing(source, "in_review" if became is Became.REVIEW else "queued")


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
