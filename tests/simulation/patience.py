"""The laws about when: nobody is asked again too soon, and no line stays held for nothing."""

from datetime import timedelta

from enrollment.entry import State
from enrollment.line import may_probe
from enrollment.outcome import Outcome
from enrollment.ports import CreateAnswer, HeldBy, LineState
from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest
from tests.simulation.hub import START
from tests.simulation.school import POLICY

# Google needs minutes to hours to let a new account be added (classroom-api facts, table 3, MONT).
PENDING = 14 * 60.0  # seconds
TICKS = 40  # of the scheduler; any of them may meet trouble, or what ends its process


class Patience:
    """What must not be asked yet, and for how long a mended line has been held."""

    def __init__(self, laws):
        self._laws, self._world = laws, laws.world
        self._not_before = {}
        self._said_to_exist = set()
        self._held_for_nothing = 0

    def wrote(self, fibre, before, entry):
        """A write to the ledger has taken effect."""
        name = entry.request_id
        if before is not None and _begins_again(before, entry):
            self._not_before.pop(name, None)
            self._said_to_exist.discard(name)
        if entry.state is not State.WAITING or entry.claim != fibre.claim:
            return
        if any(heard is CreateAnswer.EXISTS for _, heard in fibre.heard):
            self._said_to_exist.add(name)
        if fibre.heard and fibre.heard[-1][1] is CreateAnswer.CANNOT_ADD and _is_own(entry):
            self._not_before[name] = fibre.heard[-1][0] + PENDING

    def asks(self, fibre):
        """Classroom is asked to create a student."""
        now, name = self._world.hub.now, fibre.request
        self._laws.check(
            name not in self._said_to_exist,
            "nobody is created again of whom Classroom said that he is there",
            name,
        )
        self._laws.check(
            now >= self._not_before.get(name, 0.0),
            "who cannot be added yet is left in peace for a while",
            name,
        )

    def line_is(self, status):
        """A write to the line has taken effect."""
        if status.state is LineState.OPEN or status.held_by is HeldBy.OPERATOR:
            self._held_for_nothing = 0

    def ticks(self):
        """`wake` is called, and can work."""
        if self._laws.line.held_by is not HeldBy.FAULT or self._world.faults_now():
            return
        if any(self._could_show(each) for each in self._laws.there.values()):
            self._held_for_nothing += 1
        self._laws.check(
            self._held_for_nothing <= TICKS,
            "a mended line is opened soon if anything waits",
            f"after {self._held_for_nothing} minutes",
        )

    def _could_show(self, entry):
        """Whether it is due, and would show that the line is mended."""
        now = START + timedelta(seconds=self._world.hub.now)
        if entry.state is not State.WAITING or entry.wake_at > now:
            return False
        if self._laws.line.why == Reason.NOT_ADMINISTRATOR:
            return False  # who is refused for a reason of his own says nothing of the role
        return may_probe(self._laws.line, _request(entry).mode)


def _request(entry):
    return EnrollmentRequest.model_validate_json(entry.message)


def _is_own(entry):
    """Whether the school has made the account, and waits for Google."""
    return POLICY.is_own(_request(entry))


def _begins_again(before, entry):
    rejected = before.outcome is Outcome.REJECTED and entry.outcome is None
    return rejected or entry.replay > before.replay or before.expire_at is not None
