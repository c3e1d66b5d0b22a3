"""The laws about asking again: not at all what is known, and nothing too soon."""

from enrollment.entry import State
from enrollment.outcome import Outcome
from enrollment.ports import CreateAnswer
from enrollment.request import EnrollmentRequest
from tests.simulation.school import POLICY

# Google needs minutes to hours to let a new account be added (classroom-api facts, table 3, MONT).
PENDING = 14 * 60.0  # seconds


class Patience:
    """What Classroom must not be asked again, or not yet."""

    def __init__(self, laws):
        self._laws, self._world = laws, laws.world
        self._not_before = {}
        self._said_to_exist = set()

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


def _is_own(entry):
    """Whether the school has made the account, and waits for Google."""
    return POLICY.is_own(EnrollmentRequest.model_validate_json(entry.message))


def _begins_again(before, entry):
    rejected = before.outcome is Outcome.REJECTED and entry.outcome is None
    return rejected or entry.replay > before.replay or before.expire_at is not None
