"""What people do in one run: schools ask, reviewers replay and dismiss, an operator holds."""

import hashlib
import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from enrollment.clock import Deadline
from enrollment.line import LineKeeper
from enrollment.ports import Message, Overtaken, Unavailable
from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest, Mode
from enrollment.review import NotReplayable
from enrollment.review_item import ItemState
from enrollment.timing import TOO_OLD
from enrollment.wire import encode
from tests.simulation.hub import START, Fibre, Process, StepLock
from tests.simulation.program import Program
from tests.simulation.school import CODE, INVITING, TRUTH, WRONG_CODE, Course

CODES = {"code": CODE, "code, no access": CODE, "wrong code": WRONG_CODE}
INVITED = {"outsider, may be invited", "outsider, disabled"}
TRIES, PAUSE = 20, 60.0  # of a person whose wish could not be done
RESUMED_AGAIN = 1800.0  # seconds later, and again, should it not have been noted


class Interrupt(Exception):
    """Somebody has closed the laptop."""


class Interrupted:
    """Reviews as seen by a command that is ended before it can note anything."""

    def __init__(self, reviews):
        self._reviews = reviews

    def __getattr__(self, method):
        if method == "update":
            raise Interrupt
        return getattr(self._reviews, method)


class People:
    """Everybody who does something, at one desk."""

    def __init__(self, world):
        self.world = world
        self.process = Process(world.hub, "desk", world.machines.offsets["desk"])
        program = Program(world, self.process)
        self.clock, self.desk, self.line = program.clock, program.desk(), program.line.line
        for wish in world.plan.wishes:
            request = self.request_of(wish, wish.at)
            world.hub.at(wish.at, self._asks, request, TRUTH[wish.kind])
        for act in world.plan.acts:
            world.hub.at(act.at, self._acts, act)

    def request_of(self, wish, at):
        """The request that a wish becomes when it is received at this time."""
        world = self.world
        code = CODES.get(wish.kind)
        return EnrollmentRequest(
            schema_version="1",
            request_id=f"request-{wish.number}",
            action="enroll",
            source=INVITING if wish.kind in INVITED else "sis",
            course_id=world.school.course_of(wish)[0],
            student=world.school.student_of(wish),
            mode=Mode.CODE if code else Mode.ADMIN,
            enrollment_code=code,
            received_at=START + timedelta(seconds=at),
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
                for times in range(6):
                    until = self.world.hub.now + act.seconds + times * RESUMED_AGAIN
                    self.world.hub.at(until, self._does, "resume", self._resume)
            case _ if wish is not None:
                self._acts_on(wish, act)

    def _acts_on(self, wish, act):
        laws, request = self.world.laws, self.request_of(wish, self.world.hub.now)
        match act.what:
            case "replay":
                self._does("replay", self._replay, wish, act.mended)
            case "replay, interrupted":
                self._does("replay", self._replay, wish, act.mended, Interrupted(self.desk.reviews))
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
                laws.mended_at[request.request_id] = request.course_id, request.received_at
                self._may_come_true(wish)
            case _:
                self._sends_in_vain(*_odd(act.what, request))

    def _sends_in_vain(self, message, reason):
        """Send what is to be set aside for this reason."""
        self.world.laws.set_aside[hashlib.sha256(message.body).hexdigest()] = reason
        self.world.requests.publish([message])

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

    def _replay(self, wish, mended, reviews=None):
        item = self._open_item(wish)
        if item is None:
            return
        how = ", corrected" if mended else ""
        self.world.tell("a person", f"replays request-{wish.number}{how}")
        changes = self._corrected(wish) if mended else {}
        desk = replace(self.desk, reviews=reviews) if reviews else self.desk
        with suppress(Interrupt):
            desk.replay(item, "a person", self._deadline(), changes)

    def _corrected(self, wish):
        """Another course, that there is."""
        name = f"d:right-{wish.number}"
        self.world.school.courses.setdefault(name, Course())
        self.world.laws.accepted[f"request-{wish.number}"].truth |= {"enrolled", "invited"}
        return {"course_id": name}

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


def _odd(what, request):
    """A message that nobody can work on, and the reason that is to be told."""
    name = request.request_id
    match what:
        case "garbage":
            return Message(f"no request {name}".encode()), Reason.MALFORMED
        case "unknown version":
            newer = {"schema_version": "2", "request_id": f"{name}-v2"}
            told = json.loads(encode(request).body) | newer
            return Message(json.dumps(told).encode()), Reason.UNKNOWN_VERSION
        case "too old":
            long_ago = request.received_at - TOO_OLD - timedelta(days=2)
            update = {"request_id": f"{name}-old", "received_at": long_ago}
            return encode(request.model_copy(update=update)), Reason.TOO_OLD
    raise AssertionError(what)


def _twice(truth):
    """The same wish under two ids: either of them finds it done."""
    return truth | {"already_enrolled"} if "enrolled" in truth else truth
