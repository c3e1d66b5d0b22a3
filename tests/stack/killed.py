"""What the tests that kill share: the wishes of a roster, and the calls that nobody may blame."""

from enrollment.settings import LOOPBACK_KEY
from enrollment.sources.declared import Declaration
from enrollment.sources.roster import ToSend, read_roster
from infra.samples.roster import SOURCE


def wishes(roster, received_at):
    rows = read_roster(
        roster,
        Declaration(**SOURCE),
        source="northside",
        as_of=received_at.date(),
        received_at=received_at,
        key=LOOPBACK_KEY.encode(),
    )
    return [row.request for row in rows if isinstance(row, ToSend)]


def in_flight(call, kills):
    """Whether a process was killed between Classroom's answer and the ledger's note of it."""
    answered = call["answered_at"] or call["received_at"]
    return any(answered - 0.05 <= at <= answered + 1 for at in kills)
