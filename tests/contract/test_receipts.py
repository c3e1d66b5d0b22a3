"""A receipt is kept once, comes back as it was, and tells what became of each request."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from enrollment.receipt import Became, Noted, Receipt, Told
from tests.contract.builders import NOON, all_at_once

FULL = Receipt(
    key="e" * 64,
    source="infinite-campus",
    received_at=NOON + timedelta(microseconds=1),
    told=(
        Told(pointer="/requests/0", became=Became.ACCEPTED, request_id="fall26:sis:88121:v3"),
        Told(
            pointer="/requests/1",
            became=Became.REVIEW,
            request_id="u1-0123456789",
            reason="user_unknown",
            detail="Zoë's 'detail'",
        ),
        Told(pointer="/requests/2", became=Became.SKIPPED, reason="withdrawn", detail="gone"),
    ),
    requests=('{"request_id": "fall26:sis:88121:v3", "ö": 1}',),
    letters=('{"body": "{}", "attributes": {}}',),
)


def keep(receipts, receipt):
    return receipts.port.keep(receipt, receipts.deadline)


def noted(receipts, request_id, *sources):
    asked = sources or ("infinite-campus", "form", "nobody")
    return receipts.port.of_request(request_id, asked, receipts.deadline)


def test_the_receipt_of_the_round_trip_leaves_no_field_empty():
    assert [each.name for each in fields(Receipt) if not getattr(FULL, each.name)] == []


@pytest.mark.parametrize("receipt", [FULL, replace(FULL, told=(), requests=(), letters=())])
def test_the_first_of_a_key_is_kept_and_comes_back_as_it_was(receipts, receipt):
    first = keep(receipts, receipt)
    later = replace(receipt, received_at=NOON + timedelta(hours=1), told=(), requests=("other",))

    again = receipts.again().keep(later, receipts.deadline)

    assert first == receipt
    assert again == receipt


def test_a_receipt_is_found_by_its_key_alone(receipts):
    keep(receipts, FULL)

    assert receipts.again().find(FULL.key, receipts.deadline) == FULL
    assert receipts.port.find("f" * 64, receipts.deadline) is None


def test_another_key_is_another_receipt(receipts):
    keep(receipts, FULL)
    other = replace(FULL, key="f" * 64, letters=())

    assert keep(receipts, other) == other


def test_of_many_at_the_same_moment_all_hear_the_same(receipts):
    def one(number):
        mine = replace(FULL, received_at=NOON + timedelta(seconds=number))
        return receipts.port.keep(mine, receipts.deadline)

    heard = all_at_once(8, one)

    assert len({each.received_at for each in heard}) == 1


def test_what_became_of_a_request_is_told_with_its_source(receipts):
    keep(receipts, FULL)

    accepted = Noted(Became.ACCEPTED, FULL.key)
    assert noted(receipts, "fall26:sis:88121:v3") == {"infinite-campus": accepted}
    assert noted(receipts, "u1-0123456789") == {"infinite-campus": Noted(Became.REVIEW, FULL.key)}
    assert noted(receipts, "nobody-knows-it") == {}


def test_the_receipt_that_came_last_says_what_became_of_a_source_s_request(receipts):
    keep(receipts, FULL)
    told = (Told(pointer="", became=Became.REVIEW, request_id="fall26:sis:88121:v3"),)

    keep(receipts, replace(FULL, key="f" * 64, told=told))

    last = Noted(Became.REVIEW, "f" * 64)
    assert noted(receipts, "fall26:sis:88121:v3") == {"infinite-campus": last}


def test_no_source_takes_the_place_of_another_one_that_has_chosen_the_same_id(receipts):
    keep(receipts, FULL)
    told = (Told(pointer="", became=Became.REVIEW, request_id="fall26:sis:88121:v3"),)

    keep(receipts, replace(FULL, key="f" * 64, source="form", told=told))

    both = {
        "infinite-campus": Noted(Became.ACCEPTED, FULL.key),
        "form": Noted(Became.REVIEW, "f" * 64),
    }
    assert noted(receipts, "fall26:sis:88121:v3") == both
    assert noted(receipts, "fall26:sis:88121:v3", "form") == {"form": both["form"]}


def test_as_many_requests_as_a_delivery_may_hold_are_told_of(receipts):
    told = tuple(
        Told(pointer=f"/requests/{n}", became=Became.ACCEPTED, request_id=f"request-{n:04}")
        for n in range(500)
    )

    keep(receipts, replace(FULL, told=told, requests=("x" * 700,) * 500))

    accepted = Noted(Became.ACCEPTED, FULL.key)
    assert noted(receipts, "request-0499") == {"infinite-campus": accepted}
