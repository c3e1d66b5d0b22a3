"""Rules make courses and students; allow-lists limit them; every refusal says why."""

import pytest

from enrollment.request import COURSE_ID
from enrollment.sources.rules import ClassFields, PersonFields, Refusal, Rules
from enrollment.sources.skips import SkipReason


def rules(course_id="d:{class_id}", student="{user_email}", email_domains=(), courses=()):
    return Rules(course_id, student, email_domains, courses)


def student(email, **kwargs):
    return rules(**kwargs).student(PersonFields("u1", email, "ada"))


def test_a_rule_is_filled_with_the_fields_of_the_class():
    made = rules("d:{class_id}-{class_code}-{term_id}").course(
        ClassFields("MATH", "M7", "crs", "t1", "2027")
    )

    assert made == "d:MATH-M7-t1"


def test_a_rule_that_needs_an_empty_field_names_it():
    refusal = rules("d:{school_year}-{class_id}").course(ClassFields("MATH"))

    assert refusal == Refusal(SkipReason.NO_COURSE, "the roster gives no school_year")


def test_an_alias_that_is_too_long_keeps_its_head_and_hashes_its_tail():
    one, other = (rules().course(ClassFields("x" * 300 + end)) for end in "ab")

    assert isinstance(one, str)
    assert len(one) == 256
    assert COURSE_ID.fullmatch(one)
    assert one != other


def test_an_alias_of_exactly_the_longest_length_is_kept():
    assert rules().course(ClassFields("x" * 254)) == "d:" + "x" * 254


@pytest.mark.parametrize(("class_id", "word"), [("a/b", "slash"), ("\x07", "control characters")])
def test_a_class_id_that_classroom_cannot_hold_is_explained(class_id, word):
    refusal = rules().course(ClassFields(class_id))

    assert isinstance(refusal, Refusal)
    assert refusal.reason is SkipReason.INVALID_COURSE
    assert word in refusal.detail


def test_white_space_inside_an_id_becomes_one_space():
    assert rules("d:X-{class_id}").course(ClassFields("Math \t 7")) == "d:X-Math 7"


def test_only_courses_of_a_pattern_are_reached():
    limited = rules(courses=("d:*-2026", "d:ART-?"))

    assert limited.course(ClassFields("MATH-2026")) == "d:MATH-2026"
    assert limited.course(ClassFields("ART-1")) == "d:ART-1"
    refusal = limited.course(ClassFields("MATH-2025"))
    assert isinstance(refusal, Refusal)
    assert refusal.reason is SkipReason.OUTSIDE_COURSES


def test_patterns_tell_upper_from_lower_case():
    refusal = rules(courses=("d:math*",)).course(ClassFields("MATH"))

    assert isinstance(refusal, Refusal)


@pytest.mark.parametrize("text", [" Ada@Northside.EXAMPLE ", "ａda＠northside.example"])  # noqa: RUF001
def test_an_address_is_normalised(text):
    assert student(text) == "ada@northside.example"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("me", "has no @"),
        ("123456", "has no @"),
        ("jan doe@northside.example", "a space"),
        ("a@x.example;b@y.example", "more than one @"),
        ("\u0455tudent@northside.example", "look-alike"),
        ("ada\u200b@northside.example", "invisible"),
        ("José@northside.example", "outside a-z"),
        ("ada@northside", "no dot"),
        (".ada@northside.example", "the form name@domain"),
        ("Ada <ada@northside.example>", "a space"),
    ],
)
def test_what_is_no_address_is_explained_without_repeating_it(text, why):
    refusal = student(text)

    assert isinstance(refusal, Refusal)
    assert refusal.reason is SkipReason.INVALID_EMAIL
    assert why in refusal.detail
    assert "ada" not in refusal.detail.lower()


def test_the_literal_me_is_refused_even_where_a_rule_makes_it():
    refusal = rules(student="{username}").student(PersonFields("u1", "", "me"))

    assert isinstance(refusal, Refusal)
    assert refusal.reason is SkipReason.INVALID_EMAIL


def test_digits_are_a_google_id_only_where_the_rule_means_ids():
    assert rules(student="{user_id}").student(PersonFields("12345678901")) == "12345678901"


def test_an_id_cannot_be_held_against_a_list_of_domains():
    refusal = rules(student="{user_id}", email_domains=("northside.example",)).student(
        PersonFields("12345678901")
    )

    assert isinstance(refusal, Refusal)
    assert refusal.reason is SkipReason.OUTSIDE_DOMAINS


def test_a_missing_address_names_the_field():
    refusal = rules().student(PersonFields("u1"))

    assert refusal == Refusal(SkipReason.NO_EMAIL, "the roster gives no user_email")


@pytest.mark.parametrize(
    ("email", "detail"),
    [
        ("ada@gmial.com", "gmial.com is not in email_domains; perhaps gmail.com is meant"),
        (
            "ada@northsid.example",
            "northsid.example is not in email_domains; perhaps northside.example is meant",
        ),
        ("ada@elsewhere.org", "elsewhere.org is not in email_domains"),
        ("ada@gmail.com", "gmail.com is a private provider and not in email_domains"),
        ("ada@example.net", "example.net is not in email_domains"),
    ],
)
def test_an_address_outside_the_domains_is_explained_by_the_domain_alone(email, detail):
    refusal = student(email, email_domains=("northside.example",))

    assert refusal == Refusal(SkipReason.OUTSIDE_DOMAINS, detail)


def test_a_subdomain_is_another_domain():
    refusal = student("ada@sub.northside.example", email_domains=("northside.example",))

    assert isinstance(refusal, Refusal)
