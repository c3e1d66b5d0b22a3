"""Several people at one machine, several forms in a browser, a school behind one address."""

from tests.functions.sign_in.conftest import FILLED, WORKSPACE, sign_in


def test_two_forms_in_two_tabs_are_signed_in_to_side_by_side(visitor, there):
    onward = [visitor.get(f"/{each}/sign-in").headers["Location"] for each in ("join", "other")]

    back = [visitor.get(there.sign_in(each, **WORKSPACE)).status_code for each in onward]

    visitor.get("/join")
    at_both = [visitor.page.all("form")]
    visitor.get("/other")
    assert all([*at_both, visitor.page.all("form")])
    assert back == [303, 303]


def test_of_two_tabs_of_one_form_the_later_sign_in_is_good(visitor, there):
    first, second = (visitor.get("/join/sign-in").headers["Location"] for _ in range(2))

    late = visitor.get(there.sign_in(first, **WORKSPACE))
    assert "begun in another tab" in visitor.page.said
    good = visitor.get(there.sign_in(second, **WORKSPACE))

    assert (late.status_code, good.status_code) == (403, 303)


def test_a_school_behind_one_address_signs_in_and_each_sends(visitor, there):
    visitor.headers |= {"X-Forwarded-For": "203.0.113.7"}
    for number in range(110):
        sign_in(visitor, there, email=f"s{number}@northside.example")
        visitor.follow()

        assert visitor.send(FILLED).status_code == 303


def test_a_person_who_sends_without_end_is_asked_to_wait(visitor, there):
    sign_in(visitor, there)
    visitor.follow()

    data = visitor.page.fields() | FILLED | {"course": ""}
    replies = [visitor._go("post", "/join", {}, data=data) for _ in range(140)]

    assert (replies[0].status_code, replies[-1].status_code) == (422, 429)
    assert "from you." in visitor.page.said


def test_who_signs_out_is_forgotten_before_the_next_sits_down(visitor, there):
    sign_in(visitor, there)
    visitor.follow()
    visitor.send(FILLED)
    visitor.follow()
    assert "You are signed in as ada@northside.example" in visitor.page.said

    (out,) = visitor.page.all("form")
    visitor._go(out["method"], out["action"], {})
    visitor.follow()

    assert visitor.page.all("form") == []
    assert "Sign in with your school account" in visitor.page.said


def test_a_link_from_elsewhere_signs_nobody_out(visitor, there):
    sign_in(visitor, there)

    assert visitor.get("/join/sign-out").status_code == 405
    visitor.get("/join")
    assert visitor.page.all("form")


def test_a_page_that_tells_is_not_asked_for_without_end(visitor, there):
    sign_in(visitor, there)
    visitor.follow()
    told_at = visitor.send(FILLED).headers["Location"]

    replies = [visitor.get(f"/{told_at}").status_code for _ in range(140)]

    assert (replies[0], replies[-1]) == (200, 429)
