"""What a verified delivery becomes: requests, or a clear answer why not."""

import pytest

from enrollment.inquiry import Inquiry
from enrollment.receipt import Became
from enrollment.review import Desk, NotReplayable
from enrollment.sources.declared import Declaration
from enrollment.sources.events import Unfit
from tests.intake import ADA, ENROLLMENT, ONEROSTER, a_door


@pytest.fixture
def door():
    return a_door()


def test_a_wish_is_published_as_the_source_s_own(door):
    answer = door.receive(ADA | {"origin": {"kind": "api", "event_id": "e-1"}})

    (request,) = door.sent()
    (told,) = answer.receipt.told
    assert told.became is Became.ACCEPTED
    assert told.request_id == request.request_id
    assert (request.source, request.course_id, request.student) == ("sis", *ADA.values())
    assert (request.replay, request.retry) == (0, True)
    assert request.origin.event_id == "e-1"
    assert request.received_at == door.clock.now()


def test_the_same_wish_by_another_delivery_is_the_same_request(door):
    door.receive(ADA)
    door.receive(ADA, delivery_id="msg_2")

    first, second = door.sent()
    assert first.request_id == second.request_id


def test_another_version_is_another_request(door):
    door.receive({"requests": [ADA, ADA | {"version": "spring"}]})

    first, second = door.sent()
    assert first.request_id != second.request_id


def test_the_same_wish_twice_in_a_batch_is_published_once(door):
    answer = door.receive({"requests": [ADA, ADA]})

    assert len(door.sent()) == 1
    assert [each.became for each in answer.receipt.told] == [Became.ACCEPTED] * 2


def test_an_enrollment_of_oneroster_is_joined_with_what_was_imported(door):
    assert door.told({"enrollment": ENROLLMENT}, ONEROSTER) == [(Became.ACCEPTED, None)]

    (request,) = door.sent()
    assert (request.course_id, request.student) == ("d:BIO-7-2026", "ada@northside.example")
    assert request.origin.version == ENROLLMENT["dateLastModified"]
    assert request.origin.event_id == "enr-1"


def test_users_and_classes_beside_the_enrollments_are_learnt(door):
    body = {
        "users": [{"sourcedId": "18", "email": "bo@northside.example", "role": "student"}],
        "enrollments": [ENROLLMENT | {"user": {"sourcedId": "18"}}],
    }
    door.receive(body, ONEROSTER)
    door.receive(
        {"enrollment": ENROLLMENT | {"user": {"sourcedId": "18"}, "class": {"sourcedId": "X"}}},
        ONEROSTER,
        delivery_id="msg_2",
    )

    assert [each.student for each in door.sent()] == ["bo@northside.example"] * 2


def test_what_one_source_has_told_no_other_one_knows(door):
    told = door.told({"enrollment": ENROLLMENT}, ONEROSTER, source="other")

    assert told == [(Became.REVIEW, "user_unknown")]


@pytest.mark.parametrize(
    ("change", "became", "reason"),
    [
        ({"status": "tobedeleted"}, Became.SKIPPED, "withdrawn"),
        ({"status": "inactive"}, Became.SKIPPED, "withdrawn"),
        ({"status": "paused"}, Became.REVIEW, "unknown_status"),
        ({"role": "teacher"}, Became.SKIPPED, "not_a_student"),
        ({"role": "pupil"}, Became.REVIEW, "unknown_role"),
        ({"endDate": "2026-10-30"}, Became.SKIPPED, "ended"),
        ({"beginDate": "2027-01-11"}, Became.REVIEW, "not_started"),
        ({"beginDate": "soon"}, Became.REVIEW, "unreadable_date"),
        ({"user": {"sourcedId": "nobody"}}, Became.REVIEW, "user_unknown"),
        ({"user": None}, Became.REVIEW, "unreadable_row"),
        ({"class": {}}, Became.REVIEW, "unreadable_row"),
        ({"class": {"sourcedId": "A/B"}}, Became.REVIEW, "invalid_course"),
    ],
)
def test_every_record_that_asks_for_nothing_is_told_why(door, change, became, reason):
    assert door.told({"enrollment": ENROLLMENT | change}, ONEROSTER) == [(became, reason)]

    assert door.sent() == []
    assert len(door.collected()) == (became is Became.REVIEW)


def test_a_class_outside_of_what_the_source_may_reach_is_passed_over(door):
    limited = ONEROSTER.model_copy(update={"courses": ("d:MATH-*",)})

    assert door.told({"enrollment": ENROLLMENT}, limited) == [(Became.SKIPPED, "outside_courses")]
    assert door.sent() == []


def test_a_record_that_comes_again_is_one_review_item(door):
    unknown = {"enrollment": ENROLLMENT | {"user": {"sourcedId": "nobody"}}}
    door.receive(unknown, ONEROSTER)
    door.clock.advance(hours=1)
    door.receive(unknown, ONEROSTER, delivery_id="msg_2")

    assert len({each.letter_id for each in door.collected()}) == 1


def test_a_person_says_what_is_missing_and_the_wish_is_sent(door):
    door.receive({"enrollment": ENROLLMENT | {"user": {"sourcedId": "nobody"}}}, ONEROSTER)
    (item,) = door.collected()
    desk = Desk(door.reviews, door.ledger, door.requests, door.clock)
    stored = door.reviews.get(item.letter_id, door.deadline)
    with pytest.raises(NotReplayable, match="--student ADDRESS"):
        desk.replay(stored, "office", door.deadline)

    desk.replay(stored, "office", door.deadline, {"student": "bo@northside.example"})

    (request,) = door.sent()
    assert (request.course_id, request.student) == ("d:BIO-7-2026", "bo@northside.example")
    assert request.request_id == item.request_id
    assert request.replay == 1


def test_what_a_person_says_is_held_to_the_rules_of_a_request(door):
    door.receive({"enrollment": ENROLLMENT | {"user": {"sourcedId": "nobody"}}}, ONEROSTER)
    (item,) = door.collected()
    desk = Desk(door.reviews, door.ledger, door.requests, door.clock)

    stored = door.reviews.get(item.letter_id, door.deadline)
    with pytest.raises(NotReplayable, match="student"):
        desk.replay(stored, "office", door.deadline, {"student": "me"})

    assert door.sent() == []


def test_whoever_asks_hears_where_a_request_stands(door):
    inquiry = Inquiry(door.ledger, door.receipts, door.reviews, ("sis",))
    told = door.receive(
        {"enrollments": [ENROLLMENT, ENROLLMENT | {"user": {"sourcedId": "nobody"}}]}, ONEROSTER
    ).receipt.told

    standings = [inquiry.standings(each.request_id, door.deadline) for each in told]

    standing = [each for (each,) in standings]
    assert [each.status for each in standing] == ["queued", "in_review"]
    assert {each.source for each in standing} == {"sis"}
    assert inquiry.standings("r1-" + "0" * 40, door.deadline) == []


def test_a_long_id_that_many_drafts_share_is_cut_and_still_tells_them_apart(door):
    section = {"id": "s" * 200_000, "students": [f"s{number}" for number in range(500)]}
    event = {"type": "sections.created", "id": "e-1", "data": {"object": section}}
    clever = Declaration(kind="webhook", format="clever")

    receipt = door.receive(event, clever).receipt
    section["id"] += "s"
    other = door.receive(event, clever).receipt

    assert sum(map(len, receipt.letters)) < 500 * 2_000
    assert not set(receipt.letters) & set(other.letters)


# At noon in UTC it is tomorrow already in Auckland; at 08:00 it is still yesterday in Honolulu.


@pytest.mark.parametrize(
    ("hour", "change", "became"),
    [
        (12, {"beginDate": "2026-11-24"}, Became.ACCEPTED),
        (12, {"beginDate": "2026-11-25"}, Became.REVIEW),
        (9, {"beginDate": "2026-11-24"}, Became.REVIEW),
        (8, {"endDate": "2026-11-22"}, Became.ACCEPTED),
        (8, {"endDate": "2026-11-21"}, Became.SKIPPED),
        (13, {"endDate": "2026-11-22"}, Became.SKIPPED),
    ],
)
def test_the_school_s_day_counts_wherever_the_school_lies(door, hour, change, became):
    door.clock.advance(hours=hour - door.clock.now().hour)

    told = door.receive({"enrollment": ENROLLMENT | change}, ONEROSTER).receipt.told

    assert [each.became for each in told] == [became]


def test_no_body_tells_of_more_people_than_can_be_kept_in_time(door):
    users = [{"sourcedId": str(n), "email": f"s{n}@northside.example"} for n in range(2_001)]

    with pytest.raises(Unfit, match="too_many"):
        door.receive({"users": users}, ONEROSTER)
    assert door.told({"users": users[:2_000], "enrollments": None}, ONEROSTER) == []
