"""What a verified delivery becomes: requests, once each, or a clear answer why not."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from enrollment.adapters.sqlite import SqliteLedger, SqliteQueue, SqliteReviews
from enrollment.adapters.sqlite.directory import SqliteDirectory
from enrollment.adapters.sqlite.receipts import SqliteReceipts
from enrollment.clock import Deadline
from enrollment.collect import Collector
from enrollment.inquiry import Inquiry
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.receipt import Became, Receipt, receipt_key
from enrollment.receiving import Incoming, Receiver
from enrollment.review import Desk, NotReplayable
from enrollment.sources.candidates import Person, Section
from enrollment.sources.declared import Declaration
from enrollment.sources.events import Unfit
from enrollment.sources.known import Known
from enrollment.sources.posted import read_body
from enrollment.sources.rules import ClassFields, PersonFields
from enrollment.wire import decode
from tests.builders import KEY
from tests.doubles import MovableClock, Shaky, in_memory

NATIVE = Declaration(kind="api", format="native")
ONEROSTER = Declaration(
    kind="webhook",
    format="oneroster",
    courses=("d:*-2026",),
    email_domains=("northside.example",),
    course_id="d:{class_id}-2026",
)
ADA = {"course_id": "d:BIO-7", "student": "ada@northside.example"}
ENROLLMENT = {
    "sourcedId": "enr-1", "status": "active", "dateLastModified": "2026-08-20T18:25:43.511Z",
    "role": "student", "class": {"sourcedId": "BIO-7", "type": "class"},
    "user": {"sourcedId": "0017", "type": "user"},
    "beginDate": "2026-08-24", "endDate": "2027-06-11",
}  # fmt: skip
KNOWN = Known(
    {"0017": Person(PersonFields("0017", "Ada@Northside.example"))},
    {"BIO-7": Section(ClassFields("BIO-7"))},
)


@dataclass
class Door:
    """A receiver on stores in memory, and what comes out of it."""

    clock: MovableClock
    receiver: Receiver
    requests: Any
    letters: Any
    receipts: SqliteReceipts
    ledger: SqliteLedger
    reviews: SqliteReviews

    @property
    def deadline(self):
        return Deadline.starting_now(self.clock)

    def receive(self, body, said=NATIVE, delivery_id="msg_1", source="sis"):
        raw = json.dumps(body).encode()
        incoming = Incoming(source=source, declaration=said, delivery_id=delivery_id, body=raw)
        return self.receiver.receive(incoming, read_body(body, source, said), self.deadline)

    def told(self, body, said=NATIVE, **more):
        """What each record became, and why."""
        answer = self.receive(body, said, **more)
        return [(each.became, each.reason) for each in answer.receipt.told]

    def sent(self):
        return [decode(each.body) for each in self._drained(self.requests.port)]

    def collected(self):
        """The review items of what was put before a person."""
        collector = Collector(self.reviews, self.ledger, self.clock)
        return [collector.collect(each) for each in self._drained(self.letters.port)]

    def _drained(self, queue):
        taken = queue.pull(1_000, self.deadline)
        for each in taken:
            queue.acknowledge(each, self.deadline)
        return [each.delivery for each in taken]


@pytest.fixture
def door():
    clock = MovableClock()
    database = in_memory(clock)
    requests = Shaky(SqliteQueue(database, "requests"), Reason.TOPIC_DOWN)
    letters = Shaky(SqliteQueue(database, "letters"), Reason.TOPIC_DOWN)
    directory, receipts = SqliteDirectory(database), SqliteReceipts(database)
    receiver = Receiver(
        requests=requests,
        dead_letters=letters,
        receipts=receipts,
        directory=directory,
        clock=clock,
        key=KEY,
    )
    opened = Door(
        clock,
        receiver,
        requests,
        letters,
        receipts,
        SqliteLedger(database),
        SqliteReviews(database),
    )
    directory.learn("sis", KNOWN, clock.now(), opened.deadline)
    return opened


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


def test_a_repeat_hears_the_same_and_sends_the_same(door):
    first = door.receive(ADA)
    sent = door.sent()
    door.clock.advance(hours=2)

    again = door.receive(ADA)

    assert (first.repeat, again.repeat) == (False, True)
    assert again.receipt == first.receipt
    assert door.sent() == sent


def test_another_body_under_the_same_id_is_read_on_its_own(door):
    door.receive(ADA)
    other = door.receive(ADA | {"student": "bo@northside.example"})

    assert not other.repeat
    assert [each.student for each in door.sent()] == [ADA["student"], "bo@northside.example"]


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


@pytest.mark.parametrize("port", ["requests", "letters"])
def test_what_could_not_be_published_is_published_by_the_senders_next_try(door, port):
    getattr(door, port).fail("publish")
    body = {"enrollments": [ENROLLMENT, ENROLLMENT | {"user": {"sourcedId": "nobody"}}]}
    with pytest.raises(Unavailable):
        door.receive(body, ONEROSTER)
    door.sent()
    getattr(door, port).mend()
    door.clock.advance(seconds=5)

    answer = door.receive(body, ONEROSTER)

    assert answer.repeat
    assert len(door.sent()) == 1
    assert len(door.collected()) == 1


def test_a_retry_publishes_what_was_decided_first_whatever_is_known_by_then(door):
    door.requests.fail("publish")
    with pytest.raises(Unavailable):
        door.receive({"enrollment": ENROLLMENT}, ONEROSTER)
    door.requests.mend()
    moved = Known({"0017": Person(PersonFields("0017", "other@northside.example"))})
    door.receiver.directory.learn("sis", moved, door.clock.now(), door.deadline)

    door.receive({"enrollment": ENROLLMENT}, ONEROSTER)

    assert [each.student for each in door.sent()] == ["ada@northside.example"]


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
    inquiry = Inquiry(door.ledger, door.receipts)
    told = door.receive(
        {"enrollments": [ENROLLMENT, ENROLLMENT | {"user": {"sourcedId": "nobody"}}]}, ONEROSTER
    ).receipt.told

    standing = [inquiry.standing(each.request_id, door.deadline) for each in told]

    assert [each.status for each in standing] == ["queued", "in_review"]
    assert {each.source for each in standing} == {"sis"}
    assert inquiry.standing("r1-" + "0" * 40, door.deadline) is None


# A source cannot enroll outside of what the school allows it, by any field, alias or spelling.

LIMITED = NATIVE.model_copy(
    update={"courses": ("d:BIO-*",), "email_domains": ("student.northside.example",)}
)
BO = {"course_id": "d:BIO-7", "student": "bo@student.northside.example"}


@pytest.mark.parametrize(
    "change",
    [
        {"course_id": "d:MATH-1"},
        {"course_id": "p:BIO-7"},
        {"course_id": "D:BIO-7"},
        {"course_id": "d:bio-7"},
        {"course_id": " d:MATH-1"},
        {"course_id": "d: BIO-7"},
        {"course_id": "d:\u200bBIO-7"},
        {"course_id": "d:\u0412IO-7"},
        {"course_id": "d:BIO-7/students"},
        {"course_id": "d:X\nd:BIO-7"},
        {"course_id": "123456789012"},
        {"course_id": "d:BIO-7\u0000"},
        {"course_id": "%64:BIO-7"},
        {"course_id": None, "class_id": "MATH-1"},
        {"course_id": None, "class_id": "../BIO-7"},
        {"student": "bo@northside.example"},
        {"student": "bo@student.northside.example.evil.example"},
        {"student": "bo@evil.example@student.northside.example"},
        {"student": "bo@STUDENT.NORTHSIDE.EXAMPLE.evil.example"},
        {"student": "bo@student.norths\u0131de.example"},
        {"student": "bo@student.northside.example."},
        {"student": "bo@evil.example,bo@student.northside.example"},
        {"student": "Bo <bo@student.northside.example>"},
        {"student": "b\u043e@student.northside.example"},
        {"student": "117392938475610293847"},
        {"student": "me"},
        {"student": "ME"},
        {"student": None, "user_id": "me"},
        {"student": None, "user_id": "117392938475610293847"},
    ],
)
def test_outside_of_its_limits_a_source_reaches_nobody(door, change):
    told = door.told(BO | change, LIMITED)

    assert [became for became, _ in told] == [Became.REFUSED]
    assert door.sent() == []
    assert door.collected() == []


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"student": "BO@Student.Northside.Example"},
        {"student": " bo@student.northside.example "},
        {"student": "bo\uff20student.northside.example"},
        {"course_id": "d:BIO-8 "},
    ],
)
def test_within_its_limits_another_spelling_is_the_same_person(door, change):
    assert door.told(BO | change, LIMITED) == [(Became.ACCEPTED, None)]

    (request,) = door.sent()
    assert request.student == "bo@student.northside.example"
    assert request.course_id.startswith("d:BIO-")


@pytest.mark.parametrize("field", ["source", "replay", "received_at", "retry", "mode"])
def test_what_the_body_says_of_itself_gives_it_no_more_rights(door, field):
    said = {"source": "sis", "replay": 9, "received_at": "2020-01-01T00:00:00Z", "retry": True,
            "mode": "admin"}  # fmt: skip

    door.receive(BO | {field: said[field]}, LIMITED)

    (request,) = door.sent()
    assert (request.source, request.replay, request.mode) == ("sis", 0, "admin")
    assert request.received_at == door.clock.now()


def test_an_unlimited_source_is_what_it_was_declared(door):
    assert door.told({"course_id": "p:X", "student": "x@anywhere.example"}) == [
        (Became.ACCEPTED, None)
    ]


def test_a_long_id_that_many_drafts_share_is_cut_and_still_tells_them_apart(door):
    section = {"id": "s" * 200_000, "students": [f"s{number}" for number in range(500)]}
    event = {"type": "sections.created", "id": "e-1", "data": {"object": section}}
    clever = Declaration(kind="webhook", format="clever")

    receipt = door.receive(event, clever).receipt
    section["id"] += "s"
    other = door.receive(event, clever).receipt

    assert sum(map(len, receipt.letters)) < 500 * 2_000
    assert not set(receipt.letters) & set(other.letters)


def a_user(address):
    return {"user": {"sourcedId": "5", "email": address, "role": "student"}}


OF_5 = ENROLLMENT | {"user": {"sourcedId": "5"}}


@pytest.mark.parametrize("beside", [{}, {"enrollment": OF_5}])
def test_a_repeat_does_not_tell_anew_what_is_out_of_date_by_then(door, beside):
    first = a_user("old@northside.example") | beside
    door.receive(first, ONEROSTER, delivery_id="msg_1")
    door.receive(a_user("new@northside.example"), ONEROSTER, delivery_id="msg_2")
    door.clock.advance(minutes=5)
    door.receive(first, ONEROSTER, delivery_id="msg_1")
    door.sent()

    door.receive({"enrollment": OF_5}, ONEROSTER, delivery_id="msg_3")

    assert [each.student for each in door.sent()] == ["new@northside.example"]


def test_whom_a_delivery_tells_of_is_known_even_if_it_could_not_be_published(door):
    door.requests.fail("publish")
    with pytest.raises(Unavailable):
        door.receive(a_user("ada@northside.example") | {"enrollment": OF_5}, ONEROSTER)
    door.requests.mend()

    door.receive({"enrollment": OF_5}, ONEROSTER, delivery_id="msg_2")

    assert [each.student for each in door.sent()] == ["ada@northside.example"]


def test_a_refusal_does_not_outlive_the_rule_that_refused(door):
    limited = NATIVE.model_copy(update={"courses": ("d:MATH-*",)})
    assert door.told(ADA, limited) == [(Became.REFUSED, "outside_courses")]

    assert door.told(ADA, NATIVE) == [(Became.ACCEPTED, None)]


def test_an_acceptance_outlives_the_rule_that_accepted(door):
    door.receive(ADA)
    limited = NATIVE.model_copy(update={"courses": ("d:MATH-*",)})

    again = door.receive(ADA, limited)

    assert again.repeat
    assert [each.became for each in again.receipt.told] == [Became.ACCEPTED]


def test_without_an_id_the_same_words_are_heard_anew_once_they_lead_somewhere(door):
    wish = {"enrollment": OF_5}
    assert door.told(wish, ONEROSTER, delivery_id=None) == [(Became.REVIEW, "user_unknown")]
    door.receive(a_user("ada@northside.example"), ONEROSTER, delivery_id=None)

    assert door.told(wish, ONEROSTER, delivery_id=None) == [(Became.ACCEPTED, None)]
    assert [each.student for each in door.sent()] == ["ada@northside.example"]


def test_without_an_id_a_repeat_is_a_repeat_while_it_leads_to_the_same(door):
    first = door.receive(ADA, delivery_id=None)
    door.clock.advance(hours=2)

    again = door.receive(ADA, delivery_id=None)

    assert again.repeat
    assert again.receipt == first.receipt


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


def test_a_kept_request_that_cannot_be_read_is_not_passed_over(door):
    newer = Receipt(
        key=receipt_key("sis", "msg_1", json.dumps(ADA).encode()),
        source="sis",
        received_at=door.clock.now(),
        told=(),
        requests=('{"schema_version": "2"}',),
    )
    door.receipts.keep(newer, door.deadline)

    with pytest.raises(Unavailable, match="cannot be read"):
        door.receive(ADA)

    assert door.sent() == []


def test_no_body_tells_of_more_people_than_can_be_kept_in_time(door):
    users = [{"sourcedId": str(n), "email": f"s{n}@northside.example"} for n in range(2_001)]

    with pytest.raises(Unfit, match="too_many"):
        door.receive({"users": users}, ONEROSTER)
    assert door.told({"users": users[:2_000], "enrollments": None}, ONEROSTER) == []
