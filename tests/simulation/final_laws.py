"""The laws that hold at the end of every run, when nothing is left to happen."""

from collections import Counter
from dataclasses import replace

from enrollment.entry import State
from enrollment.outcome import Outcome
from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest
from enrollment.review_item import ItemState, letter_id
from enrollment.timing import LAPSES_MOST, LEASE
from enrollment.wire import decode

MENDED = {"enrolled", "already_enrolled", "invited"}
# What people mend at the school, and every try learns anew.
MENDABLE = {
    "course_unknown",
    "course_closed",
    "course_not_permitted",
    "is_teacher",
}
UNHEARD_OF = {Reason.MALFORMED, Reason.UNKNOWN_VERSION, Reason.TOO_OLD}


class FinalLaws:
    """Compares what was asked with the ledger, the reviews, the topics and the school."""

    def __init__(self, laws):
        self.world, self.laws = laws.world, laws
        self.there, self.accepted, self.check = laws.there, laws.accepted, laws.check

    def check_all(self):
        items = self.world.items()
        open_ids = {each.request_id for each in items if each.state is ItemState.OPEN}
        for name, accepted in sorted(self.accepted.items()):
            self._ends(name, accepted, open_ids)
        self._letters(items)
        self._roster()
        for process in self.world.machines.enrolling:
            left = not process.fibres and process.enroller.pace._out
            self.check(not left, "a permit that is not used is free again", process.name)
        for topic in (self.world.requests, self.world.letters):
            self.check(not topic.kept, "every message is acknowledged in the end", topic.name)

    def _ends(self, name, accepted, open_ids):
        entry = self.there.get(name)
        settled = entry is not None and entry.state is State.SETTLED
        self.check(settled or name in open_ids, "what is accepted is settled or in review", name)
        if not settled:
            return
        counts = entry.outcome.success or entry.replay >= accepted.newest
        self.check(counts, "the newest replay is what counts", name)
        self._is_heard(name, entry, accepted)
        came_to = entry.reason if entry.outcome is Outcome.REJECTED else entry.outcome
        truth = accepted.truth | (MENDED if name in self.laws.mended else set())
        if name in self.laws.mended and "is_teacher" in truth:
            # Told that the person was there as a teacher or a student, and now neither is found.
            truth |= {"conflict_unclear"}
        if self.laws.lapses[name] >= LAPSES_MOST:
            truth |= {"crashed"}  # so many processes ended in its presence, guilty or not
        self.check(
            str(came_to) in truth,
            "nobody is told what is not true",
            f"{name} came to {came_to}, true is {sorted(truth)}",
        )
        request = EnrollmentRequest.model_validate_json(entry.message)
        course = self.world.school.courses.get(request.course_id)
        if entry.outcome in {Outcome.ENROLLED, Outcome.ALREADY_ENROLLED}:
            there = course is not None and request.student in course.students
            self.check(there, "who is said to be enrolled is enrolled", name)
        if entry.outcome is Outcome.INVITED:
            self.check(request.student in course.invited, "who is said to be invited is", name)

    def _is_heard(self, name, entry, accepted):
        """Whether whoever asked again was heard, and found what had been mended by then."""
        if entry.outcome is not Outcome.REJECTED:
            return
        same = [each for each in accepted.requests if each.fingerprint == entry.fingerprint]
        asked = [each.received_at - LEASE for each in same if each.retry]
        self.check(
            entry.settled_at >= max(asked, default=entry.settled_at),
            "a rejection is tried again when a roster asks again",
            name,
        )
        course, at = self.laws.mended_at.get(name, (None, None))
        if course == entry.course_id and entry.reason in MENDABLE:
            self.check(
                entry.settled_at < at + 2 * LEASE,
                "nobody is refused for what has been mended",
                name,
            )

    def _letters(self, items):
        about = Counter(each.letter_id for each in items)
        for name, accepted in sorted(self.accepted.items()):
            for each in accepted.requests:
                if accepted.corrected:
                    continue  # what a person corrects need not be heard of again
                key = letter_id(name, 0, each.fingerprint)
                there = self.there.get(name)
                counts = each.replay or (there and there.fingerprint == each.fingerprint)
                self.check(counts or about[key], "every content of an id is heard of", name)
        for key, (name, replay, reason) in self.laws.letters_due.items():
            # What was asked again before its letter was sent is told of by the later one.
            entry = self.there[name]
            overtaken = entry.replay != replay or entry.outcome is not Outcome.REJECTED
            one = about[key] == 1 or (overtaken and not about[key])
            self.check(one, "a rejection has one letter in review", f"{name} {reason}")
        aside = {each.sha256: each.reason for each in items if each.reason in UNHEARD_OF}
        self.check(aside == self.laws.set_aside, "what nobody can work on is in review")
        for item in items:
            self.laws.reads("a review item", replace(item, body=b""))
            self._explained(item)

    def _explained(self, item):
        if item.reason in UNHEARD_OF:
            return
        entry = self.there.get(item.request_id)
        if entry is None:
            self.check(holds=False, law="no review item is about nothing")
            return
        if item.reason is Reason.ID_REUSED:
            accepted = self.accepted[item.request_id]
            reused = accepted.reused or accepted.corrected_twice
            self.check(reused, "an id is called reused only if it was", item.request_id)
            closed = item.state in {ItemState.RESOLVED, ItemState.REPLAYED}
            self.check(not closed, "a success closes only its own letters", item.request_id)
            return
        forgotten = entry.expire_at is not None and item.state is ItemState.OPEN
        self.check(not forgotten, "what is in review is not forgotten", item.request_id)
        known = item.letter_id in self.laws.letters_due or item.reason is Reason.GIVEN_BACK
        self.check(known, "no letter says what was not decided", f"{item.request_id} {item.reason}")
        succeeded = entry.outcome is not None and entry.outcome.success
        if item.state is ItemState.OPEN and succeeded:
            same = decode(item.body).fingerprint == entry.fingerprint
            corrected = item.replay < entry.replay
            self.check(not (same or corrected), "a success has no open letter", item.request_id)

    def _roster(self):
        asked = {
            (each.course_id, each.student)
            for accepted in self.accepted.values()
            for each in accepted.requests
        }
        for name, course in self.world.school.courses.items():
            for student in sorted(course.students | course.invited):
                first = (name, student) in self.world.was_there
                self.check(
                    first or (name, student) in asked,
                    "nobody is in a course for which nobody asked",
                    name,
                )
