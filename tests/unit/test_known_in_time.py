"""What a sender tells of people and classes late is not believed over what it told since."""

import pytest

from enrollment.sources.declared import Declaration
from enrollment.sources.posted import read_body
from tests.intake import ENROLLMENT, ONEROSTER, a_door

OLD, NEW = "2026-08-20T10:00:00Z", "2026-08-20T12:00:00+01:00"  # 11:00 in UTC
WISH = {"enrollment": ENROLLMENT | {"user": {"sourcedId": "5"}}}


@pytest.fixture
def door():
    return a_door()


def a_user(at, **more):
    name = "old" if at == OLD else "new"
    return {"sourcedId": "5", "email": f"{name}@northside.example", "dateLastModified": at} | more


def test_what_comes_late_does_not_take_the_place_of_what_is_newer(door):
    door.receive({"user": a_user(NEW)}, ONEROSTER, delivery_id="1")
    door.receive({"user": a_user(OLD)}, ONEROSTER, delivery_id="2")

    door.receive(WISH, ONEROSTER, delivery_id="3")

    assert [each.student for each in door.sent()] == ["new@northside.example"]


def test_a_wish_with_an_old_record_of_the_person_beside_it_is_for_whom_is_known_now(door):
    door.receive({"user": a_user(NEW)}, ONEROSTER, delivery_id="1")

    door.receive(WISH | {"user": a_user(OLD)}, ONEROSTER, delivery_id="2")

    assert [each.student for each in door.sent()] == ["new@northside.example"]


@pytest.mark.parametrize(
    "odd", ["", "soon", "0001-01-01T00:00:00+14:00", "2026-08-20T10:00+01:00:30"]
)
def test_a_time_that_is_odd_keeps_nobody_from_being_known(door, odd):
    door.receive({"user": a_user(OLD)}, ONEROSTER, delivery_id="1")
    door.receive({"user": a_user(odd)}, ONEROSTER, delivery_id="2")

    door.receive(WISH, ONEROSTER, delivery_id="3")

    assert len(door.sent()) == 1


def test_a_year_that_is_to_come_keeps_out_no_later_word(door):
    door.receive({"user": a_user("9999-12-31T00:00:00Z", email="x@northside.example")}, ONEROSTER)
    door.receive({"user": a_user(NEW)}, ONEROSTER, delivery_id="2")

    door.receive(WISH, ONEROSTER, delivery_id="3")

    assert [each.student for each in door.sent()] == ["new@northside.example"]


def oneroster(at, number):
    users = {"sourcedId": "5", "username": f"{number}", "dateLastModified": at}
    classes = {"sourcedId": "7", "classCode": f"{number}", "dateLastModified": at}
    return {"users": [users], "classes": [classes]}


def canvas(at, number):
    user = {"user_id": "5", "user_login": f"{number}", "updated_at": at}
    section = {"course_section_id": "7", "name": f"{number}", "updated_at": at}
    return [
        {"metadata": {"event_name": "user_updated"}, "body": user},
        {"metadata": {"event_name": "course_section_updated"}, "body": section},
    ]


def clever(at, number):
    user = {"id": "5", "credentials": {"district_username": f"{number}"}}
    section = {"id": "7", "section_number": f"{number}"}
    return [
        {"type": "users.updated", "created": at, "data": {"object": user}},
        {"type": "sections.updated", "created": at, "data": {"object": section}},
    ]


@pytest.mark.parametrize("make", [oneroster, canvas, clever])
@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [(OLD, NEW, "2"), (NEW, OLD, "1"), (OLD, OLD, "2"), (NEW, "", "2"), ("", OLD, "2")],
)
def test_of_one_delivery_the_newest_word_counts_in_every_format(make, first, second, counts):
    one, two = make(first, 1), make(second, 2)
    body = {name: one[name] + two[name] for name in one} if isinstance(one, dict) else one + two

    said = Declaration(kind="webhook", format=make.__name__)
    known = read_body(body, "sis", said).known

    assert known.people["5"].fields.username == counts
    assert known.sections["7"].fields.class_code == counts
