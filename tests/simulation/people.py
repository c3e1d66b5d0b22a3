"""What people do in one run: schools ask, reviewers replay and dismiss, an operator holds."""

import hashlib
from datetime import timedelta

from enrollment.clock import Deadline
from enrollment.line import LineKeeper
from enrollment.ports import Message, Overtaken, Unavailable
from enrollment.request import EnrollmentRequest, Mode
from enrollment.review import NotReplayable
from enrollment.review_item import ItemState
from enrollment.wire import encode
from tests.simulation.hub import START, Fibre, Process, StepLock
from tests.simulation.program import Program
from tests.simulation.school import CODE, INVITING, TRUTH, Course

TRIES, PAUSE = 20, 60.0  # of a person whose wish could not be done
RESUMED_AGAIN = 1800.0  # seconds later, should it not have been noted, or have come before the hold


class People:
    """Everybody who does something, at one desk."""

    def __init__(self, world):
        self.world = world
        self.process = Process(world.hub, "desk", world.machines.offsets["desk"])
        program = Program(world, self.process)
        self.clock, self.desk, self.line = program.clock, program.desk(), program.line.line
        for wish in world.plan.wishes:
            world.hub.at(wish.at, self._asks, self.request_of(wish), TRUTH[wish.kind])
        for act in world.plan.acts:
            world.hub.at(act.at, self._acts, act)

    def request_of(self, wish):
        """The request that a wish becomes, received now."""
        world = self.world
        code = {"code": CODE, "wrong code": "zzz999"}.get(wish.kind)
        return EnrollmentRequest(
            schema_version="1",
            request_id=f"request-{wish.number}",
            action="enroll",
            source=INVITING if wish.kind == "outsider, may be invited" else "sis",
            course_id=world.school.course_of(wish)[0],
            student=world.school.student_of(wish),
            mode=Mode.CODE if code else Mode.ADMIN,
            enrollment_code=code,
            received_at=START + timedelta(seconds=max(wish.at, world.hub.now)),
        )

    def _asks(self, request, truth):
        world = self.world
        away = world.away_until("topics away")
        if away is not None:  # whoever sends it tries again
            world.hub.at(away, self._asks, request, truth)
            return
        world.tell("a school", f"asks for {request.request_id}")
        world.laws.accepts(request, truth)
        world.requests.publish([encode(request)])

    def _acts(self, act):
        wish, machines = self.world.wishes.get(act.wish), self.world.machines
        place = machines.places[act.wish % len(machines.places)]  # a shorter story has fewer
        match act.what:
            case "kill":
                for process in machines.at(place):
                    machines.kill(process, "by chance")
            case "freeze":
                machines.freeze(place, abs(act.seconds))
            case "clock jumps":
                machines.clock_jumps(place, act.seconds)
            case "hold":
                self._does("hold", self._hold)
                for later in (0, RESUMED_AGAIN):
                    until = self.world.hub.now + act.seconds + later
                    self.world.hub.at(until, self._does, "resume", self._resume)
            case _ if wish is not None:
                self._acts_on(wish, act)

    def _acts_on(self, wish, act):
        laws, request = self.world.laws, self.request_of(wish)
        match act.what:
            case "replay":
                self._does("replay", self._replay, wish, act.mended)
            case "dismiss":
                self._does("dismiss", self._dismiss, wish)
            case "roster again":
                self._asks(request.model_copy(update={"retry": True}), set())
            case "same wish, another id":
                other = request.model_copy(update={"request_id": f"{request.request_id}-again"})
                laws.accepted[request.request_id].truth |= _twice(TRUTH[wish.kind])
                self._asks(other, _twice(TRUTH[wish.kind]))
            case "same id, another course":
                laws.accepted[request.request_id].reused = True
                other = f"d:other-{wish.number}"
                self._asks(request.model_copy(update={"course_id": other}), {"course_unknown"})
            case "school mends it":
                self.world.tell("a school", f"mends what was wrong with {request.request_id}")
                self.world.school.mend(wish)
                self._may_come_true(wish)
            case "garbage":
                body = f"no request {wish.number}".encode()
                laws.garbage.add(hashlib.sha256(body).hexdigest())
                self.world.requests.publish([Message(body)])

    def _may_come_true(self, wish):
        """What was mended for one wish is mended for others of the same course."""
        school = self.world.school
        for each in self.world.wishes.values():
            if school.course_of(each)[0] == school.course_of(wish)[0]:
                name = f"request-{each.number}"
                self.world.laws.mended |= {name, f"{name}-again"}

    def _does(self, name, do, *arguments):
        """Somebody does something, and again if it could not be done."""

        def work():
            for _ in range(TRIES):
                try:
                    return do(*arguments)
                except (Unavailable, Overtaken):
                    self.clock.sleep(PAUSE)
                except NotReplayable:
                    return None
            return None

        def done(answer):
            fault = isinstance(answer, Exception)
            self.world.laws.check(not fault, "no fault of ours", f"{name} {answer!r}")

        Fibre(self.process, name, work, done)

    def _open_item(self, wish):
        items = self.world.reviews.of_request(f"request-{wish.number}", self._deadline())
        return next((each for each in items if each.item.state is ItemState.OPEN), None)

    def _replay(self, wish, mended):
        item = self._open_item(wish)
        if item is None:
            return
        how = ", corrected" if mended else ""
        self.world.tell("a person", f"replays request-{wish.number}{how}")
        mend = self._corrected(wish) if mended else None
        self.desk.replay(item, "a person", self._deadline(), mend)

    def _corrected(self, wish):
        """Another course, that there is."""
        name = f"d:right-{wish.number}"
        self.world.school.courses.setdefault(name, Course())
        self.world.laws.accepted[f"request-{wish.number}"].truth |= {"enrolled", "invited"}
        return lambda request: request.model_copy(update={"course_id": name})

    def _dismiss(self, wish):
        item = self._open_item(wish)
        if item is not None:
            self.world.tell("a person", f"dismisses request-{wish.number}")
            self.desk.dismiss(item, "a person", "no longer wanted", self._deadline())

    def _hold(self):
        self._keeper().hold_for_operator("holidays", self._deadline())

    def _resume(self):
        self._keeper().resume(self._deadline())

    def _keeper(self):
        """Each command looks at the line anew."""
        return LineKeeper(self.line, self.clock, _lock=StepLock(self.world.hub))

    def _deadline(self):
        return Deadline.starting_now(self.clock)


def _twice(truth):
    """The same wish under two ids: either of them finds it done."""
    return truth | {"already_enrolled"} if "enrolled" in truth else truth
