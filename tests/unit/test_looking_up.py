"""Whom nothing that a source has told explains, its own system is asked about: once, sparingly."""

from dataclasses import dataclass, field

import pytest

from enrollment.looking_up import MOST_ASKED
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.receipt import Became
from enrollment.sources.candidates import Person, Section
from enrollment.sources.rules import ClassFields, PersonFields
from tests.intake import ENROLLMENT, ONEROSTER, a_door

BY_COURSE = ONEROSTER.model_copy(update={"course_id": "d:{course_sis_id}-2026"})


@dataclass
class System:
    """A sender's system: whom it knows, what it is asked, after how many questions it fails."""

    people: dict = field(default_factory=dict)
    sections: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    fails_after: int = 10_000
    takes: float = 0.0
    clock: object = None

    def person(self, user_id, deadline):
        return self._told("person", user_id, self.people)

    def section(self, class_id, deadline):
        return self._told("section", class_id, self.sections)

    def _told(self, kind, sender_id, known):
        if len(self.asked) >= self.fails_after:
            raise Unavailable(Reason.SIS_DOWN, "away")
        self.asked.append((kind, sender_id))
        if self.clock:
            self.clock.sleep(self.takes)
        return known.get(sender_id)


def student(user_id, email=None, **more):
    address = f"{user_id}@northside.example" if email is None else email
    return Person(PersonFields(user_id, address), **more)


@pytest.fixture
def system():
    return System(
        {"18": student("18"), "19": student("19")},
        {"ART-1": Section(ClassFields("ART-1", "", "ART")), "ART-2": Section(ClassFields("ART-2"))},
    )


@pytest.fixture
def door(system):
    return a_door(sis=system)


def of(user_id="18", class_id="BIO-7", **changes):
    ids = {"user": {"sourcedId": user_id}, "class": {"sourcedId": class_id}}
    return {"enrollment": ENROLLMENT | ids | changes}


def many(*user_ids, class_id="BIO-7"):
    return {"enrollments": [of(each, class_id)["enrollment"] for each in user_ids]}


def test_a_student_is_looked_up_and_enrolled(door, system):
    assert door.told(of("18"), ONEROSTER) == [(Became.ACCEPTED, None)]

    assert [each.student for each in door.sent()] == ["18@northside.example"]
    assert system.asked == [("person", "18")]


def test_what_was_found_needs_no_second_question(door, system):
    door.receive(of("18"), ONEROSTER, delivery_id="msg_1")
    door.receive(of("18", "CHEM"), ONEROSTER, delivery_id="msg_2")

    assert len(door.sent()) == 2
    assert len(system.asked) == 1


def test_whom_the_delivery_or_the_directory_explains_is_not_asked_about(door, system):
    beside = {"users": [{"sourcedId": "20", "email": "bo@northside.example"}]}
    door.receive(of("20") | beside, ONEROSTER)
    door.receive(of("0017"), ONEROSTER)

    assert len(door.sent()) == 2
    assert system.asked == []


def test_where_the_rules_need_only_ids_nothing_is_asked(door, system):
    by_id = ONEROSTER.model_copy(update={"student": "{user_id}@northside.example"})

    assert door.told(of("99", "X"), by_id) == [(Became.ACCEPTED, None)]
    assert system.asked == []


def test_a_class_is_looked_up_where_a_rule_names_its_course(door, system):
    assert door.told(of("18", "ART-1"), BY_COURSE) == [(Became.ACCEPTED, None)]

    assert [each.course_id for each in door.sent()] == ["d:ART-2026"]
    assert system.asked == [("section", "ART-1"), ("person", "18")]


def test_of_a_list_each_id_is_asked_about_once(door, system):
    door.receive(many("18", "19", "18", "19", class_id="ART-1"), BY_COURSE)

    assert system.asked == [("section", "ART-1"), ("person", "18"), ("person", "19")]


@pytest.mark.parametrize(
    "change",
    [{"endDate": "2026-10-30"}, {"status": "tobedeleted"}, {"role": "teacher"},
     {"class": {"sourcedId": "A/B"}}],
)  # fmt: skip
def test_nobody_is_asked_about_for_a_wish_that_leads_nowhere_anyway(door, system, change):
    door.receive(of("18", **change), ONEROSTER)

    assert system.asked == []


def test_nobody_is_asked_about_for_a_class_that_the_source_may_not_reach(door, system):
    limited = BY_COURSE.model_copy(update={"courses": ("d:MATH-*",)})

    assert door.told(of("18", "ART-1"), limited) == [(Became.SKIPPED, "outside_courses")]
    assert door.told(of("19", "ART-1"), limited, delivery_id="msg_2")
    assert system.asked == [("section", "ART-1")]


def test_whom_the_system_does_not_know_is_put_before_a_person(door, system):
    assert door.told(of("99"), ONEROSTER) == [(Became.REVIEW, "user_unknown")]

    assert len(door.collected()) == 1
    assert system.asked == [("person", "99")]


def test_an_unknown_class_is_put_before_a_person_with_the_student_s_address(door):
    door.receive(of("18", "NONE"), BY_COURSE)

    (item,) = door.collected()
    assert b"18@northside.example" in item.body


def test_a_repeat_asks_nothing(door, system):
    first = door.receive(of("99"), ONEROSTER)
    system.fails_after = 0
    door.clock.advance(hours=1)

    again = door.receive(of("99"), ONEROSTER)

    assert (again.repeat, again.receipt) == (True, first.receipt)


def test_while_the_system_is_away_nothing_is_decided(door, system):
    system.fails_after = 0
    with pytest.raises(Unavailable, match="sis_down"):
        door.receive(of("18"), ONEROSTER)
    nothing = (door.sent(), door.collected())
    system.fails_after = 10_000

    assert nothing == ([], [])
    assert door.told(of("18"), ONEROSTER) == [(Became.ACCEPTED, None)]


def test_what_was_found_before_the_system_went_away_is_not_asked_again(door, system):
    system.fails_after = 1
    with pytest.raises(Unavailable):
        door.receive(many("18", "19"), ONEROSTER)
    system.fails_after = 10_000
    door.receive(many("18", "19"), ONEROSTER)

    assert len(door.sent()) == 2
    assert system.asked == [("person", "18"), ("person", "19")]


def test_a_delivery_with_many_unknown_ids_is_worked_off_in_several_tries(door, system):
    ids = [str(number) for number in range(1000, 1000 + 2 * MOST_ASKED + 1)]
    system.people = {each: student(each) for each in ids}
    for _ in range(2):
        with pytest.raises(Unavailable, match="not known yet"):
            door.receive(many(*ids), ONEROSTER)
    before = door.sent()

    door.receive(many(*ids), ONEROSTER)

    assert (before, len(door.sent())) == ([], len(ids))
    assert [each for _, each in system.asked] == ids


def test_where_so_many_are_unknown_a_person_looks_and_nobody_tries_for_ever(door, system):
    ids = [str(number) for number in range(1000, 1000 + MOST_ASKED + 1)]

    told = door.told(many(*ids), ONEROSTER)

    assert told == [(Became.REVIEW, "user_unknown")] * len(ids)
    assert len(system.asked) == MOST_ASKED


def test_a_slow_system_is_asked_only_as_long_as_there_is_time(door, system):
    system.clock, system.takes = door.clock, 4.0
    system.people = {str(number): student(str(number)) for number in range(10)}

    with pytest.raises(Unavailable, match="no time is left"):
        door.receive(many(*system.people), ONEROSTER)

    assert len(system.asked) == 3
    assert door.clock.elapsed <= 15


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (student("18", email=""), "no_email"),
        (student("18", email="de simoni@northside.example"), "invalid_email"),
        (student("18", active=False), "user_inactive"),
        (student("18", other_role="users gives the role teacher"), "role_mismatch"),
    ],
)
def test_what_is_amended_in_the_system_later_counts_at_the_next_delivery(door, system, now, reason):
    system.people["18"] = now
    assert door.told(of("18"), ONEROSTER) == [(Became.REVIEW, reason)]
    system.people["18"] = student("18")

    assert door.told(of("18"), ONEROSTER, delivery_id="msg_2") == [(Became.ACCEPTED, None)]


def test_a_class_without_a_course_is_asked_about_again(door, system):
    assert door.told(of("18", "ART-2"), BY_COURSE) == [(Became.REVIEW, "no_course")]
    system.sections["ART-2"] = Section(ClassFields("ART-2", "", "ART"))

    told = door.told(of("18", "ART-2"), BY_COURSE, delivery_id="msg_2")

    assert told == [(Became.ACCEPTED, None)]


def test_another_source_s_system_is_not_asked(door, system):
    told = door.told(of("18"), ONEROSTER, source="other")

    assert (told, system.asked) == ([(Became.REVIEW, "user_unknown")], [])
