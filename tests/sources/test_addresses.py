"""A slip in a domain is told from another domain, and what was meant is suggested."""

import pytest

from enrollment.sources.addresses import misspelt
from enrollment.sources.declared import Declaration
from enrollment.sources.roster import read_roster
from enrollment.sources.rules import PersonFields, Refusal, Rules
from enrollment.sources.skips import SkipReason
from tests.sources.rosters import AS_OF, KEY, RECEIVED_AT, a_user, in_folder, oneroster, told

OWN = ("northside.example", "school.com", "ps1northside.example")


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmai1.com", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("outlok.com", "outlook.com"),
        ("school.con", "school.com"),
        ("school.cm", "school.com"),
        ("schoo1.com", "school.com"),
        ("northsid.example", "northside.example"),
        ("northside.exmaple", "northside.example"),
        ("n0rthside.example", "northside.example"),
        ("northside.exarnple", "northside.example"),
        ("n0rths1de.example", "northside.example"),
    ],
)
def test_a_domain_that_is_one_slip_away_is_taken_for_it(domain, meant):
    assert misspelt(domain, OWN) == meant


@pytest.mark.parametrize(
    "domain",
    [
        *OWN, "gmail.com", "mail.com", "ymail.com", "email.com", "elsewhere.org", "school.org",
        "student.northside.example", "ps2northside.example", "southside.example", "yahoo.co.uk",
        "hotmail.de",
    ],
)  # fmt: skip
def test_a_domain_of_its_own_is_no_slip(domain):
    assert misspelt(domain, OWN) == ""


def test_schools_of_one_name_in_two_countries_are_two_schools():
    assert misspelt("lyceum-noord.be", ("lyceum-noord.de",)) == ""
    assert misspelt("lyceum-nord.de", ("lyceum-noord.de",)) == "lyceum-noord.de"


def test_short_domains_are_a_letter_apart_by_right():
    assert misspelt("may.org", ("bay.org",)) == ""


def student(email, **limits):
    rules = Rules("d:{class_id}", "{user_email}", (), (), **limits)
    return rules.student(PersonFields("u1", email, "ada"))


def test_a_slip_is_an_invalid_address_and_the_suggestion_names_the_domain_alone():
    refusal = student("ada@northsid.example", own_domains=OWN)

    assert refusal == Refusal(
        SkipReason.INVALID_EMAIL,
        "northsid.example is probably a slip: perhaps northside.example is meant",
    )


def test_without_own_domains_only_a_provider_s_slip_is_known():
    assert student("ada@northsid.example") == "ada@northsid.example"
    assert isinstance(student("ada@gmial.com"), Refusal)


def test_a_domain_that_is_allowed_is_no_slip_whatever_it_is_near():
    rules = Rules("d:{class_id}", "{user_email}", ("gmial.com",), ())

    assert rules.student(PersonFields("u1", "ada@gmial.com")) == "ada@gmial.com"


def test_beside_allowed_domains_an_own_one_may_be_what_was_meant():
    rules = Rules("d:{class_id}", "{user_email}", ("elsewhere.org",), (), ("northside.example",))

    slip = rules.student(PersonFields("u1", "ada@northsid.example"))
    own = rules.student(PersonFields("u2", "ada@northside.example"))

    assert isinstance(slip, Refusal)
    assert slip.detail.endswith("perhaps northside.example is meant")
    assert isinstance(own, Refusal)
    assert own.detail == "northside.example is not in email_domains"


def test_a_roster_s_addresses_are_held_against_the_school_s_own_domains(tmp_path):
    files = oneroster(users=[a_user(email="ada@northsidee.example")])
    folder = in_folder(tmp_path, files)

    def reading(*own):
        return read_roster(
            folder, Declaration(), source="s", as_of=AS_OF, received_at=RECEIVED_AT, key=KEY,
            own_domains=own,
        )  # fmt: skip

    assert told(reading()) == ["sent"]
    assert told(reading("northside.example")) == ["invalid_email"]
