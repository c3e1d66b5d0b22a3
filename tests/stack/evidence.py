"""What is known from outside once the trouble is over: the school's log and roster, what passed on
the wires, what was published, the ledger, the reviews, the functions' answers and logs."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from google.api_core.exceptions import DeadlineExceeded

from infra.fake_classroom.log import Call
from tests.stack.points import is_line
from tests.stack.wire import Written, document_of
from tests.stack.wishes import Wish, google_id

ARCHIVE = "enrollment-dead-letters-archive"
LOOKERS = 8
QUIET_SECONDS = 2.0


@dataclass(kw_only=True)
class Evidence:
    """All of it, as plain values."""

    wishes: list[Wish]
    entries: dict[str, Any]  # of the ledger, by request
    items: dict[str, list[Any]]  # of review, by request
    open_items: list[Any]  # everybody's
    odd: Counter[str]  # messages that were no requests, by the reason for setting them aside
    letters: Counter[tuple[str, str]]  # published, by request and reason
    writes: list[Written]  # that took effect, in Firestore's order
    calls: list[Call]
    refused_by_quota: int
    seated: set[tuple[str, str]]  # course and address, as they are at the end
    invited: set[tuple[str, str]]
    seated_before: set[tuple[str, str]]
    answers: dict[str, Counter[str]]  # of each function
    kills: Counter[str]  # of each function
    starts: dict[str, int]
    logs: dict[str, list[str]] = field(repr=False)
    quota: int
    share: int
    concurrency: int

    def place(self, wish):
        """The wish's seat as a roster shows it."""
        course, student = wish.seat
        return google_id(course), student

    def writes_of(self, request_id):
        """What was written to the request's entry, in order."""
        document = document_of(request_id)
        return [each for each in self.writes if each.said.document == document]

    def calls_for(self, wish):
        """The calls about the wish's student and course; a student's own call says `me`."""
        return [each for each in self.calls if called(each) == wish.seat]

    def line_writes(self):
        return [each for each in self.writes if is_line(each.said)]

    def history(self, request_id):
        """The request's story by the ledger, without a word about the person."""
        entry = self.entries.get(request_id)
        if entry is None:
            return f"{request_id}: unknown to the ledger"
        told = [
            f"{each.at:%H:%M:%S.%f} {each.what}"
            + (f" ({each.reason})" if each.reason else "")
            + f" attempt {each.attempt} by {each.by}"
            for each in entry.history
        ]
        state = f"{entry.state}, {entry.outcome}, {entry.reason}, letter {entry.letter}"
        due = f"not before {entry.not_before}, wake at {entry.wake_at}, lapses {entry.lapses}"
        return "\n      ".join([f"{request_id}: {state}; {due}", *told])


def called(call):
    """Course and student of a call; a student's own call says `me`."""
    return call.course, call.subject if call.user == "me" else call.user


def gather(stage, seated_before):
    """Look at everything, beside every gate."""
    ids = [each.id for each in stage.accepted]
    with ThreadPoolExecutor(LOOKERS) as pool:
        entries = dict(zip(ids, pool.map(stage.memory.entry, ids), strict=True))
        items = dict(zip(ids, pool.map(stage.memory.items, ids), strict=True))
    roster = stage.fake.roster()
    written = list(stage.wires["firestore"].written)
    return Evidence(
        wishes=list(stage.accepted),
        entries=entries,
        items=items,
        open_items=stage.memory.open_items(),
        odd=stage.odd,
        letters=_archived(stage),
        writes=sorted(written, key=lambda each: each.at),
        calls=stage.fake.log,
        refused_by_quota=stage.fake.counts["refused_by_quota"],
        seated=pairs(roster["students"]),
        invited=pairs(roster["invitations"]),
        seated_before=seated_before,
        answers={name: each.answers for name, each in stage.stack.deliveries.items()},
        kills=stage.record.kills,
        starts={name: each.starts for name, each in stage.stack.functions.items()},
        logs={name: _lines(each.log) for name, each in stage.stack.functions.items()},
        quota=stage.quota,
        share=stage.quota - 60,  # less what is left to the desk: CLASSROOM_QUOTA_RESERVE
        concurrency=stage.stack.functions["enroll"].plan.concurrency,
    )


def pairs(rows):
    """Course and address of a roster's rows."""
    return {(course, address) for course, _, address, _ in rows}


def _lines(log):
    return log.read_text(errors="replace").splitlines()


def _archived(stage):
    """Every letter that was ever published: the archive has a copy of each."""
    name, found = stage.pubsub.subscription(ARCHIVE), Counter()
    while True:
        try:
            pulled = stage.pubsub.subscriber.pull(
                subscription=name, max_messages=100, timeout=QUIET_SECONDS, retry=None
            ).received_messages
        except DeadlineExceeded:
            return found
        if not pulled:
            return found
        labels = [each.message.attributes for each in pulled]
        found.update((each.get("request_id", ""), each.get("reason", "")) for each in labels)
        stage.pubsub.subscriber.acknowledge(
            subscription=name, ack_ids=[each.ack_id for each in pulled]
        )
