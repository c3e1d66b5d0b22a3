"""A delivery that comes again hears the same, and what failed in between is made good."""

import json

import pytest

from enrollment.ports import Unavailable
from enrollment.receipt import Became, Receipt, receipt_key
from enrollment.sources.candidates import Person
from enrollment.sources.known import Known
from enrollment.sources.rules import PersonFields
from tests.intake import ADA, ENROLLMENT, NATIVE, ONEROSTER, a_door


@pytest.fixture
def door():
    return a_door()


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


NOBODY_YET = {"enrollment": ENROLLMENT | {"user": {"sourcedId": "5"}}}


def test_a_delivery_that_went_to_review_is_a_request_under_a_new_id_once_the_person_is_known(door):
    assert door.told(NOBODY_YET, ONEROSTER, delivery_id="1") == [(Became.REVIEW, "user_unknown")]
    door.receive(a_user("ada@northside.example"), ONEROSTER, delivery_id="2")

    assert door.told(NOBODY_YET, ONEROSTER, delivery_id="3") == [(Became.ACCEPTED, None)]
    assert [each.student for each in door.sent()] == ["ada@northside.example"]


def test_a_delivery_that_went_to_review_is_a_request_under_a_new_id_once_the_rule_is_mended(door):
    narrow = ONEROSTER.model_copy(update={"email_domains": ("elsewhere.example",)})
    wish = {"enrollment": ENROLLMENT}
    assert door.told(wish, narrow, delivery_id="1") == [(Became.REVIEW, "outside_domains")]

    assert door.told(wish, ONEROSTER, delivery_id="2") == [(Became.ACCEPTED, None)]
    assert [each.student for each in door.sent()] == ["ada@northside.example"]


def test_under_the_same_id_it_is_the_same_review_item_and_nothing_is_lost(door):
    door.receive(NOBODY_YET, ONEROSTER, delivery_id="1")
    door.receive(a_user("ada@northside.example"), ONEROSTER, delivery_id="2")

    again = door.receive(NOBODY_YET, ONEROSTER, delivery_id="1")

    assert again.repeat
    assert door.sent() == []
    assert len({each.letter_id for each in door.collected()}) == 1
