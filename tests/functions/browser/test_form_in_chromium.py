"""People use the hosted form: in a real browser, without scripts, by the keyboard alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.functions.conftest import ADA
from tests.functions.visitor import Visitor

WORKSPACE = {"email": ADA, "email_verified": True, "hd": "northside.example"}
CODE = "gkwagh5"


def focused(tab):
    return tab.evaluate("document.activeElement.id || document.activeElement.className")


def tab_to(tab, what):
    """Press Tab until it is reached, as who has no mouse does."""
    for _ in range(12):
        tab.keyboard.press("Tab")
        if focused(tab) == what:
            return
    raise AssertionError(f"the keyboard does not reach {what}")


def fill_in(tab, student=ADA):
    tab.keyboard.press("Tab")
    tab_to(tab, "student")
    tab.keyboard.type(student)
    tab.keyboard.press("Tab")
    tab.keyboard.type("Maths")
    assert focused(tab) == "course"


def send(tab):
    with tab.expect_navigation():
        tab.get_by_role("button", name="Send").press("Enter")


def sign_in(tab, base, there, **account):
    """To the form by way of Google, whose own pages are stood in for by their answer."""
    there.account = WORKSPACE | account
    tab.goto(f"{base}/join")
    tab.get_by_role("link", name="Sign in with Google").click()


def test_the_keyboard_is_enough(tab, base, doors):
    tab.goto(f"{base}/signup")

    fill_in(tab)
    send(tab)

    assert tab.url == f"{base}/signup/sent"
    assert "A person at the school looks at it" in tab.inner_text("main")
    assert len(doors.collect_all()) == 1


def test_a_slip_is_where_reading_goes_on_and_leads_to_its_field(tab, base):
    tab.goto(f"{base}/signup")
    fill_in(tab, student="ada@nortside.example")
    send(tab)

    assert tab.title() == "Error: Clubs"
    assert focused(tab) == "errors"
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert focused(tab) == "student"
    tab.keyboard.press("Control+a")
    tab.keyboard.type(ADA)
    send(tab)
    assert tab.url == f"{base}/signup/sent"


def test_what_was_sent_is_not_sent_again_by_loading_it_again(tab, base, doors):
    tab.goto(f"{base}/signup")
    fill_in(tab)
    send(tab)

    tab.reload()
    tab.go_back()
    tab.go_forward()

    assert tab.url == f"{base}/signup/sent"
    assert len(doors.collect_all()) == 1


def test_a_student_signs_in_and_joins_with_a_code(tab, base, doors, there):
    the_page_of_what_somebody_signed_in_sent(tab, base, there)

    (request,) = Visitor(doors).requests()
    assert (request.student, request.enrollment_code) == (ADA, CODE)
    assert "on its way" in tab.inner_text("main")
    assert tab.url.startswith(f"{base}/join/sent/")


def test_who_signs_out_leaves_the_machine_to_the_next(tab, base, there):
    sign_in(tab, base, there)
    tab.get_by_role("button", name="Sign out").click()

    assert tab.url == f"{base}/join"
    assert tab.get_by_role("link", name="Sign in with Google").is_visible()


def test_who_google_does_not_vouch_for_is_told_so(tab, base, there):
    sign_in(tab, base, there, email_verified=False)

    assert "You are not signed in" in tab.inner_text("main")
    assert tab.get_by_role("link", name="Sign in with Google").is_visible()


def the_empty_form(tab, base, _):
    tab.goto(f"{base}/signup")


def the_form_with_errors(tab, base, _):
    tab.goto(f"{base}/signup")
    tab.get_by_role("button", name="Send").click()


def the_form_whose_trap_was_filled_in(tab, base, _):
    tab.goto(f"{base}/signup")
    fill_in(tab)
    tab.locator("#website").evaluate("field => field.value = 'x'")
    tab.get_by_role("button", name="Send").click()


def the_page_of_what_was_sent(tab, base, _):
    tab.goto(f"{base}/signup")
    fill_in(tab)
    send(tab)


def the_way_to_sign_in(tab, base, _):
    tab.goto(f"{base}/join")


def the_page_of_a_failed_sign_in(tab, base, there):
    sign_in(tab, base, there, email_verified=False)


def the_form_of_who_has_signed_in(tab, base, there):
    sign_in(tab, base, there)


def the_page_of_what_somebody_signed_in_sent(tab, base, there):
    sign_in(tab, base, there)
    tab.get_by_label("Class code").fill(CODE)
    tab.get_by_label("Class", exact=True).select_option("Maths")
    send(tab)


def the_page_of_nothing(tab, base, _):
    tab.goto(f"{base}/nobody")


PAGES = {
    the_empty_form: "Clubs",
    the_form_with_errors: "Error: Clubs",
    the_form_whose_trap_was_filled_in: "Error: Clubs",
    the_page_of_what_was_sent: "Sent: Clubs",
    the_way_to_sign_in: "Sign in: Join a class",
    the_page_of_a_failed_sign_in: "Error: Join a class",
    the_form_of_who_has_signed_in: "Join a class",
    the_page_of_what_somebody_signed_in_sent: "Sent: Join a class",
    the_page_of_nothing: "There is no such form",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_a_page_keeps_nobody_out(looked_at, base, there, page, theme):
    looked_at.emulate_media(color_scheme=theme)

    page(looked_at, base, there)

    assert looked_at.title() == PAGES[page]
    assert Axe().run(looked_at).response["violations"] == []
    assert looked_at.evaluate("document.documentElement.scrollWidth") <= 320


def test_what_keeps_people_out_is_found(looked_at):
    looked_at.set_content("<html lang=en><title>A form</title><main><h1>A form</h1><input></main>")

    assert [each["id"] for each in Axe().run(looked_at).response["violations"]] == ["label"]
