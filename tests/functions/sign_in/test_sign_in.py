"""People sign in with Google at a hosted form, and join a class with its code."""

import pytest

from tests import google
from tests.functions.conftest import ADA
from tests.functions.sign_in.conftest import FILLED, WORKSPACE, sign_in
from tests.functions.visitor import Visitor


def test_a_student_joins_with_a_code_as_who_google_says(visitor, there):
    sign_in(visitor, there)
    visitor.follow()
    assert "signed in as ada@northside.example" in visitor.page.said
    assert visitor.page.all("input", name="student") == []

    visitor.send(FILLED)

    (request,) = visitor.requests()
    assert (request.student, request.mode, request.course_id) == (ADA, "code", "d:math")
    assert request.enrollment_code == "gkwagh5"
    visitor.follow()
    assert "on its way" in visitor.page.said
    assert visitor.page.all("a", **{"class": "button"})


def test_a_typed_address_counts_for_nothing(visitor, there):
    sign_in(visitor, there)
    visitor.follow()

    visitor.send(FILLED | {"student": "bob@northside.example", "person": "bob@northside.example"})

    (request,) = visitor.requests()
    assert request.student == ADA


def test_google_is_asked_for_the_address_and_nothing_more(visitor, there):
    sign_in(visitor, there)

    (asked,) = there.asked
    assert asked["scope"] == "openid email"
    assert asked["redirect_uri"] == "https://forms.northside.example/join/signed-in"
    assert asked["code_challenge_method"] == "S256"
    assert {"state", "nonce", "code_challenge", "prompt"} <= asked.keys()
    assert google.SECRET not in str(asked)


def test_a_secret_that_google_no_longer_knows_gives_way_to_the_next(visitor, there):
    assert sign_in(visitor, there).status_code == 303
    assert [each["client_secret"] for each in there.exchanged] == ["gone", google.SECRET]


def test_before_the_form_people_sign_in(visitor):
    reply = visitor.get("/join")

    assert reply.status_code == 200
    assert visitor.page.all("form") == []
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert visitor._go("post", "/join", headers, data=b"course=Maths").status_code == 403


@pytest.mark.parametrize(
    "account",
    [
        {"hd": None},
        {"hd": ""},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": None},
        {"email": "\u00e9@northside.example"},
        {"email": "a" * 5_000 + "@northside.example"},
        {"aud": "another-client"},
        {"iss": "https://accounts.example"},
        {"exp": 1},
        {"nonce": "of another sign-in"},
        {"nonce": None},
    ],
)
def test_whom_google_does_not_speak_for_is_not_signed_in(visitor, there, account):
    reply = sign_in(visitor, there, **account)

    assert reply.status_code == 403
    assert "You are not signed in" in visitor.page.said
    visitor.get(f"{visitor.base}/join")
    assert visitor.page.all("form") == []


def test_an_account_of_elsewhere_is_told_to_use_another(visitor, there):
    sign_in(visitor, there, email="eve@elsewhere.example", hd="elsewhere.example")
    visitor.follow()

    reply = visitor.send(FILLED)

    assert reply.status_code == 422
    assert "accounts that end with @northside.example" in visitor.page.said


def test_who_comes_back_without_having_begun_is_not_signed_in(visitor, there):
    sign_in(visitor, there)
    back = visitor.at
    other = Visitor(visitor.doors)

    assert visitor.get(back).status_code == 403
    assert other.get(back).status_code == 403
    assert other.get("/join/signed-in").status_code == 403
    assert other.get("/join/signed-in?error=access_denied&state=x").status_code == 403


def test_a_state_that_was_altered_is_none(visitor, there):
    visitor.get("/join")
    onward = visitor.get("/join/sign-in").headers["Location"]
    back = there.sign_in(onward, **WORKSPACE).replace("state=", "state=x")

    assert visitor.get(back).status_code == 403
    assert there.exchanged == []


def test_who_signed_in_for_one_form_is_nobody_at_another(visitor, there):
    sign_in(visitor, there)

    visitor.get(f"{visitor.base}/other")

    assert visitor.page.all("form") == []


def test_a_page_of_one_person_is_not_sent_by_the_next(visitor, there):
    sign_in(visitor, there)
    visitor.follow()
    of_ada = visitor.page.fields() | FILLED
    sign_in(visitor, there, email="bob@northside.example")

    reply = visitor._go("post", f"{visitor.base}/join", {}, data=of_ada)

    assert reply.status_code == 403
    assert "signed in as bob@northside.example" in visitor.page.said


def test_after_an_hour_people_sign_in_again(visitor, there, monkeypatch):
    sign_in(visitor, there)
    visitor.follow()
    page = visitor.page
    monkeypatch.setattr("enrollment.visits.CLOCK", an_hour_later())

    reply = visitor._go("post", "/join", {}, data=page.fields() | FILLED)

    assert reply.status_code == 403
    assert "not signed in for this form any more" in visitor.page.said


def an_hour_later():
    from datetime import timedelta

    from enrollment.adapters.clock import SystemClock

    class Later(SystemClock):
        def now(self):
            return super().now() + timedelta(hours=1, seconds=1)

    return Later()


@pytest.mark.parametrize("status", [500, 503, 404, 302])
def test_while_google_is_away_people_are_asked_to_try_again(visitor, there, status):
    there.status = status

    reply = sign_in(visitor, there)

    assert reply.status_code == 503
    assert reply.content_type == "text/html; charset=utf-8"
    assert reply.headers["Retry-After"]


def test_with_a_code_of_another_client_nobody_gets_in(visitor, there):
    visitor.get("/join")
    onward = visitor.get("/join/sign-in").headers["Location"]
    back = there.sign_in(onward.replace("code_challenge=", "code_challenge=x"), **WORKSPACE)

    assert visitor.get(back).status_code == 403


@pytest.mark.parametrize("code", ["", "short code", "abc", "x" * 33, "gkw-agh"])
def test_a_code_that_is_none_is_told_and_not_shown_again(visitor, there, code):
    sign_in(visitor, there)
    visitor.follow()

    reply = visitor.send(FILLED | {"enrollment_code": code})

    assert reply.status_code == 422
    (field,) = visitor.page.all("input", id="enrollment_code")
    assert field["value"] == ""


def test_no_line_of_the_log_names_who_signed_in_or_the_code(visitor, there):
    sign_in(visitor, there)
    visitor.follow()
    visitor.send(FILLED)
    sign_in(visitor, there, hd=None)

    written = visitor.doors.logged.getvalue()
    assert "private account" in written
    for part in ("ada", "gkwagh5", google.SECRET, "northside"):
        assert part not in written.casefold()


def test_who_corrects_a_code_is_asked_to_look_again(visitor, there):
    sign_in(visitor, there)
    visitor.follow()
    visitor.send(FILLED)
    (request,) = visitor.requests()
    visitor.doors.enroll(request)

    visitor.follow()

    assert "did not let the student join with this enrollment code" in visitor.page.said
    assert "look again in a minute" in visitor.page.said
    assert visitor.page.all("a", href=request.request_id)


def test_of_a_request_of_another_form_nothing_is_told(visitor, there):
    sign_in(visitor, there)
    visitor.follow()
    request_id = visitor.send(FILLED).headers["Location"].rpartition("/")[2]

    assert visitor.get(f"{visitor.base}/join/sent/{request_id}").status_code == 200
    assert visitor.get(f"{visitor.base}/other/sent/{request_id}").status_code == 404
    assert visitor.get(f"{visitor.base}/join/sent").status_code == 404
    assert visitor.get(f"{visitor.base}/join/sent/r1-{'0' * 40}").status_code == 404
    assert visitor.get(f"{visitor.base}/join/sent/request-1").status_code == 404


def test_a_mistyped_code_is_not_in_the_way_of_what_the_office_asks_for(visitor, there):
    sign_in(visitor, there)
    visitor.follow()
    visitor.send(FILLED)
    (by_code,) = visitor.requests()
    refused = visitor.doors.enroll(by_code).get_data(as_text=True)
    sign_in(visitor, there, "other")
    visitor.follow()
    visitor.send(course="d:math")
    (by_office,) = visitor.requests()

    assert refused == "rejected"
    assert visitor.doors.enroll(by_office).get_data(as_text=True) == "enrolled"


def test_who_changes_their_mind_at_google_is_told_so_and_google_is_not_asked(visitor, there):
    onward = visitor.get("/join/sign-in").headers["Location"]
    back = there.sign_in(onward, **WORKSPACE).partition("&code=")[0]

    reply = visitor.get(f"{back}&error=access_denied")

    assert reply.status_code == 403
    assert "You are not signed in" in visitor.page.said
    assert there.exchanged == []
