"""What may be declared of a form, and what is told of each slip."""

import pytest

from enrollment.sources.declared import DeclarationError, parse_declared

PAGE = """
[sources.signup]
kind = "web_form"
format = "web_form"
"""
READ = """
[sources.club]
kind = "google_form"
format = "google_forms"
"""
FORM_ID = "18Xgmr4XQ-made-up-form_id"
QUESTIONS = 'questions = { course = "3e555b2b", student = "respondent" }'
DOMAINS = 'email_domains = ["school.example"]\n'
COURSES = 'courses = ["d:*-2026"]\n'
SIGN_IN = 'verify = { scheme = "google-sign-in", client_id = "c", secrets = ["secret://s"] }\n'


def told(text):
    with pytest.raises(DeclarationError) as caught:
        parse_declared(text)
    return "\n".join(caught.value.faults)


def test_a_page_needs_nothing_but_its_kind():
    form = parse_declared(PAGE).sources["signup"]

    assert form.form is None


def test_a_page_has_a_title_and_choices():
    text = PAGE + 'form = { title = "Clubs", choices = { "Chess (Mr Lee)" = "d:CHESS" } }'

    form = parse_declared(text).sources["signup"].form

    assert (form.title, form.choices, form.is_read) == (
        "Clubs",
        {"Chess (Mr Lee)": "d:CHESS"},
        False,
    )


def test_a_google_form_is_read_by_its_id():
    text = (
        READ
        + DOMAINS
        + COURSES
        + f'form = {{ id = "{FORM_ID}", {QUESTIONS}, respondents = ["Office@School.example"] }}'
    )

    form = parse_declared(text).sources["club"].form

    assert form.is_read
    assert form.questions == {"course": "3e555b2b", "student": "respondent"}
    assert form.respondents == ("office@school.example",)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (READ, "a form's script proves itself"),
        (READ + f'form = {{ id = "short", {QUESTIONS} }}', "is no form: write what stands between"),
        (
            READ + f'form = {{ id = "1FAIpQLSd{FORM_ID}", {QUESTIONS} }}',
            "is where people answer: open the form's editor",
        ),
        (READ + f'form = {{ id = "{FORM_ID}" }}', "form.questions is missing"),
        (READ + f"form = {{ {QUESTIONS} }}", "form.id is missing"),
        (READ + f'form = {{ id = "{FORM_ID}", title = "T", {QUESTIONS} }}', "form.title is there"),
        (PAGE + f'form = {{ id = "{FORM_ID}" }}', "form.id is there: it belongs to the kind"),
        (PAGE + "form = { choices = { Chess = 'chess' } }", "gives choice 1 no course"),
        (PAGE + "form = { choices = { ' ' = 'd:CHESS' } }", "a choice without a name"),
        (
            PAGE + "form = { choices = { 'Art 1' = 'd:A', 'Art  1' = 'd:B' } }",
            "two choices that differ by white space alone",
        ),
        (
            PAGE + 'courses = ["d:*-2026"]\nform = { choices = { A = "d:A-2026", B = "d:B" } }',
            "gives choice 2 a course outside of courses",
        ),
        (PAGE + "form = { titel = 'T' }", "form.titel is no key (did you mean title?): the keys"),
        (PAGE + 'mode = "code"', "students prove who they are"),
        (READ + SIGN_IN, "only people at a web_form sign in"),
        (
            READ + f'mode = "code"\nform = {{ id = "{FORM_ID}", questions = '
            '{ course = "a", student = "b" } }',
            'write form.questions.student = "respondent"',
        ),
        (
            READ + f'mode = "code"\nform = {{ id = "{FORM_ID}", {QUESTIONS} }}',
            "form.questions.enrollment_code",
        ),
        (
            READ + f'form = {{ id = "{FORM_ID}", questions = {{ course = "a", studnet = "b" }} }}',
            "did you mean student?",
        ),
        (
            READ + f'form = {{ id = "{FORM_ID}", questions = {{ course = "a" }} }}',
            "does not say who joins what",
        ),
        ('[sources.x]\nkind = "file"\nform = {}', "a source of kind file is no form"),
        (PAGE + SIGN_IN.replace('client_id = "c", ', ""), "verify.client_id is missing"),
    ],
)
def test_each_slip_is_told_with_its_remedy(text, part):
    assert part in told(text)


def test_where_nobody_is_left_out_nobody_may_sign_in():
    assert "email_domains is missing: say whose accounts" in told(PAGE + SIGN_IN)


@pytest.mark.parametrize(
    "source", [PAGE + SIGN_IN, READ + f'form = {{ id = "{FORM_ID}", {QUESTIONS} }}\n']
)
def test_whom_google_vouches_for_may_not_join_any_class_there_is(source):
    school = '[school]\ndomains = ["school.example"]\n'

    assert "courses is missing: say which classes" in told(school + source)


@pytest.mark.parametrize(
    "limit",
    [
        'courses = ["d:*-2026"]',
        'form = { choices = { Chess = "d:CHESS" } }',
        "form = { approval = true }",
        'mode = "code"',
    ],
)
def test_a_class_that_is_limited_may_be_joined_by_who_signs_in(limit):
    assert parse_declared(PAGE + DOMAINS + SIGN_IN + limit).sources["signup"].verify


def test_a_student_who_signs_in_may_use_a_code():
    text = '[school]\ndomains = ["school.example"]\n' + PAGE + SIGN_IN + 'mode = "code"'

    assert parse_declared(text).sources["signup"].mode == "code"
