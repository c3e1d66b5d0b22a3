"""The hosted form behind functions-framework: anybody may ask, and a person decides."""

import pytest

from enrollment.reasons import Reason
from enrollment.review import Desk
from enrollment.wiring import distributed
from tests.functions.conftest import ADA
from tests.functions.visitor import Page, Visitor

SOURCES = """
[school]
domains = ["northside.example"]

[sources.signup]
kind = "web_form"
format = "web_form"
[sources.signup.form]
title = "Clubs & more"
note = "Until <Friday>."
choices = { "Maths (Mr Lee)" = "d:math" }

[sources.open]
kind = "web_form"
format = "web_form"
courses = ["d:*-2026"]
course_id = "d:{class_id}-2026"

[sources.relay]
kind = "web_form"
format = "web_form"
verify = { scheme = "basic", secrets = ["env://BASIC"] }
"""
FILLED = {"student": ADA, "course": "Maths (Mr Lee)"}


@pytest.fixture
def visitor(doors, tmp_path):
    declared = tmp_path / "sources.toml"
    declared.write_text(SOURCES)
    doors.start_again(SOURCES_FILE=str(declared), BASIC="office:a-long-made-up-password")
    return Visitor(doors)


def the_item(visitor):
    visitor.doors.collect_all()
    (item,) = visitor.doors.items()
    return item


def test_what_nobody_proved_waits_for_a_person(visitor):
    visitor.get("/signup")

    reply = visitor.send(FILLED)

    item = the_item(visitor)
    assert reply.status_code == 303
    assert item.reason is Reason.NEEDS_APPROVAL
    assert visitor.follow().status_code == 200
    assert "A person at the school looks at it" in visitor.page.said


def test_once_approved_the_student_is_enrolled(visitor):
    visitor.get("/signup")
    visitor.send(FILLED)
    the_item(visitor)
    outside, deadline = visitor.doors.outside, visitor.doors.deadline
    (stored,) = outside.reviews.open_items(deadline)
    desk = Desk(outside.reviews, outside.ledger, outside.requests, distributed.CLOCK)
    desk.replay(stored, "office", deadline)
    (request,) = visitor.requests()

    assert visitor.doors.enroll(request).get_data(as_text=True) == "enrolled"


def test_a_double_click_is_one_request(visitor):
    visitor.get("/signup")
    form, data = visitor.at, visitor.page.fields() | FILLED
    replies = [visitor._go("post", form, {}, data=data) for _ in range(2)]

    assert replies[0].headers["Location"] == replies[1].headers["Location"]
    visitor.doors.collect_all()
    assert len(visitor.doors.items()) == 1


def test_each_slip_is_told_beside_its_field(visitor):
    visitor.get("/signup")

    reply = visitor.send(student="ada@nortside.example", course="")

    assert reply.status_code == 422
    assert visitor.page.all("select", id="course", aria_invalid="true")
    (student,) = visitor.page.all("input", id="student", aria_invalid="true")
    assert student["value"] == "ada@nortside.example"
    assert student["aria-describedby"] == "student-error"
    assert "ends with @northside.example" in visitor.page.said
    assert visitor.page.all("a", href="#student")


@pytest.mark.parametrize(
    "student",
    ["me", "17", "ada", "ada@gmail.com", "\u0430da@northside.example", "a b@northside.example"],
)
def test_nobody_else_than_the_school_s_own_can_be_asked_for(visitor, student):
    visitor.get("/signup")

    assert visitor.send(FILLED | {"student": student}).status_code == 422


def test_what_is_not_on_the_list_cannot_be_chosen(visitor):
    visitor.get("/signup")

    assert visitor.send(FILLED | {"course": "d:full"}).status_code == 422


@pytest.mark.parametrize("course", ["d:math", "math/7", "x" * 257, "d:secret-2025", "1234567890"])
def test_a_class_that_is_written_stays_within_the_limits(visitor, course):
    visitor.get("/open")

    assert visitor.send(student=ADA, course=course).status_code == 422


def test_a_class_that_is_written_becomes_a_course_by_the_rule(visitor):
    visitor.get("/open")
    visitor.send(student=ADA, course="BIO-7")

    assert b'"d:BIO-7-2026"' in the_item(visitor).body


def test_what_fills_in_everything_is_asked_to_empty_the_trap(visitor):
    visitor.get("/signup")
    (trap,) = visitor.page.all("input", name="website")

    reply = visitor.send(FILLED | {"website": "https://spam.example"})

    assert trap["tabindex"] == "-1"
    assert reply.status_code == 422
    assert visitor.page.all("a", href="#website")
    assert visitor.send(FILLED | {"website": ""}).status_code == 303


def test_a_form_of_another_browser_is_shown_again_and_not_taken(visitor):
    visitor.get("/signup")
    stolen = visitor.page.fields() | FILLED
    other = Visitor(visitor.doors)

    without_cookie = other._go("post", "/signup", {}, data=stolen)
    other.get("/signup")
    with_its_own = other._go("post", "/signup", {}, data=stolen)

    assert (without_cookie.status_code, with_its_own.status_code) == (403, 403)
    assert "send it again" in other.page.said
    assert other.page.all("input", value=ADA)
    assert other.send(FILLED).status_code == 303


@pytest.mark.parametrize("token", ["", "x", "gAAAAA", "\ud800", "é"])
def test_a_token_that_nobody_gave_is_none(visitor, token):
    visitor.get("/signup")
    data = visitor.page.fields() | FILLED
    sent = token.encode("utf-8", "surrogatepass")

    assert visitor._go("post", "/signup", {}, data=data | {"token": sent}).status_code == 403


def test_a_token_is_good_for_one_form(visitor):
    visitor.get("/open")
    token = visitor.page.fields()["token"]
    visitor.get("/signup")

    assert visitor.send(FILLED | {"token": token}).status_code == 403


def test_everything_that_is_shown_is_text(visitor):
    visitor.get("/signup")
    visitor.send(student='"><script>alert(1)</script>', course="<b>")

    assert visitor.page.all("script") == visitor.page.all("b") == []
    assert visitor.page.all("input", value='"><script>alert(1)</script>')
    assert "Until <Friday>." in visitor.page.said


def test_no_page_is_kept_framed_or_given_a_script(visitor):
    for reply in (visitor.get("/signup"), visitor.send(FILLED), visitor.follow()):
        policy = reply.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["Referrer-Policy"] == "no-referrer"


def test_what_the_browser_keeps_is_for_this_host_alone(visitor):
    (cookie,) = visitor.get("/signup").headers.getlist("Set-Cookie")

    assert cookie.startswith("__Host-form-browser-signup=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert f"; {part}" in cookie


def test_every_field_has_a_label_and_the_page_a_language_and_a_title(visitor):
    visitor.get("/signup")
    page = visitor.page

    named = {each["for"] for each in page.all("label")}
    shown = [each for tag in ("input", "select") for each in page.all(tag)]
    assert {each["id"] for each in shown if each.get("type") != "hidden"} == named
    assert page.all("html", lang="en")
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert "Clubs & more" in page.said


def test_a_trailing_slash_leads_to_the_same_form(visitor):
    visitor.get("/signup/")

    assert visitor.send(FILLED).status_code == 303
    assert visitor.follow().status_code == 200


def test_a_stranger_hears_nothing_of_who_is_in_a_class(visitor):
    visitor.get("/signup")
    visitor.send(FILLED)
    request_id = the_item(visitor).request_id
    stranger = Visitor(visitor.doors)
    stranger.get("/signup")

    onward = stranger.send(FILLED).headers["Location"]

    assert onward == "signup/sent"
    assert "A person at the school looks at it" in Page(stranger.follow().text).said
    assert stranger.get(f"/signup/sent/{request_id}").status_code == 404


@pytest.mark.parametrize(
    "path", ["/nobody", "/signup/more", "/signup/sign-in", "/requests", "/a\nb"]
)
def test_what_is_not_there_is_a_page_for_a_browser(visitor, path):
    reply = visitor.get(path)

    assert (reply.status_code, reply.content_type) == (404, "text/html; charset=utf-8")
    assert Page(reply.text).said


def test_a_program_hears_a_problem(visitor):
    reply = visitor.get("/nobody", Accept="*/*")

    assert (reply.status_code, reply.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_a_form_is_shown_and_sent_and_nothing_else(visitor, method):
    assert visitor._go(method, "/signup", {}).status_code == 405


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data", "text/plain", ""])
def test_a_form_comes_as_a_form(visitor, kind):
    reply = visitor._go("post", "/signup", {"Content-Type": kind}, data=b"{}")

    assert reply.status_code == 415


@pytest.mark.parametrize("body", [b"\xff", b"&".join(b"a=%d" % n for n in range(30))])
def test_what_no_page_sends_is_told(visitor, body):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    assert visitor._go("post", "/signup", headers, data=body).status_code == 400


def test_more_than_a_form_holds_is_too_large(visitor):
    visitor.get("/signup")

    assert visitor.send(FILLED | {"course": "x" * 17_000}).status_code == 413


def test_who_sends_without_end_is_asked_to_wait(visitor):
    visitor.headers |= {"X-Forwarded-For": "made.up, 203.0.113.7"}
    replies = [visitor._go("post", "/signup", FORM) for _ in range(125)]

    assert replies[0].status_code == 403
    assert replies[-1].status_code == 429
    assert int(replies[-1].headers["Retry-After"]) >= 1
    visitor.headers |= {"X-Forwarded-For": "203.0.113.7, 203.0.113.8"}
    assert visitor._go("post", "/signup", FORM).status_code == 403


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_where_only_systems_deliver_there_is_no_page(visitor):
    basic = {"Authorization": "Basic b2ZmaWNlOmEtbG9uZy1tYWRlLXVwLXBhc3N3b3Jk"}
    wish = {"course_id": "d:math", "student": ADA}

    assert visitor.get("/relay").status_code == 405
    assert visitor.client.post("/relay", json=wish).status_code == 401
    assert visitor.client.post("/relay", json=wish, headers=basic).status_code == 202
    (request,) = visitor.requests()
    assert (request.source, request.student) == ("relay", ADA)


def test_no_line_of_the_log_holds_what_was_filled_in(visitor):
    visitor.get("/signup")
    visitor.send(student="ada.lovelace@elsewhere.example", course="Secret class")
    visitor.send(FILLED)

    written = visitor.doors.logged.getvalue()
    assert "refused" in written or "review" in written
    for part in ("ada", "lovelace", "Secret", "Maths"):
        assert part not in written
