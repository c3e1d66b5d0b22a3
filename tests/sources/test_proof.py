"""How a source proves itself is read as a whole, or refused with all of its faults."""

import pytest

from enrollment.sources.declared import DeclarationError, parse_declared

GOOGLE = 'scheme = "google-oidc", audience = "https://intake", emails = ["a@b.example"]'
CANVAS = 'scheme = "canvas-jwt", keys = "https://canvas.example/jwks", accounts = ["uuid"]'
SHARED = 'secrets = ["env://SECRET"]'


def faults(verify):
    text = f'[sources.s]\nkind = "webhook"\nformat = "native"\nverify = {{ {verify} }}\n'
    try:
        parse_declared(text)
    except DeclarationError as error:
        return [each.removeprefix("[sources.s] ") for each in error.faults]
    return []


@pytest.mark.parametrize(
    "verify",
    [
        f'scheme = "standard-webhooks", {SHARED}',
        'scheme = "github", secrets = ["secret://new", "secret://old"]',
        f'scheme = "basic", {SHARED}',
        GOOGLE,
        f'{GOOGLE}, keys = "http://127.0.0.1:8080/certs"',
        f'{GOOGLE}, keys = "http://[::1]:8080/certs"',
        CANVAS,
        CANVAS.replace("https://canvas.example", "http://localhost:8080"),
    ],
)
def test_each_scheme_is_taken_with_what_it_needs(verify):
    assert faults(verify) == []


@pytest.mark.parametrize(
    ("verify", "fault"),
    [
        (f'scheme = "git-hub", {SHARED}', "verify.scheme is not known (did you mean github?): "),
        (f'scheme = "none", {SHARED}', "verify.scheme is not known: write one of standard-"),
        ('scheme = "github"', "verify.secrets is missing: github needs one at least, as in "),
        ('scheme = "github", secrets = []', "verify.secrets is empty: github needs one at least"),
        (
            f'scheme = "github", {SHARED}, sekrets = []',
            "verify.sekrets is no key of github (did you mean secrets?): its keys are scheme, s",
        ),
        (f"{CANVAS}, {SHARED}", "verify.secrets is no key of canvas-jwt: its keys are scheme, k"),
        (
            f"{GOOGLE}, email = 3",
            "verify.email is no key of google-oidc (did you mean emails?): its keys are scheme, ",
        ),
        (
            GOOGLE.replace("audience", "audiance"),
            "verify.audiance is no key of google-oidc (did you mean audience?)",
        ),
        (GOOGLE.replace('"https://intake"', '" "'), "verify.audience is no text: write it like"),
        (GOOGLE.replace('"https://intake"', "3"), "verify.audience is no text: write it like"),
        (GOOGLE.replace('"a@b.example"', ""), "verify.emails is empty and would believe nobody"),
        (GOOGLE.replace("a@b.example", "a"), "verify.emails holds no e-mail address: write each"),
        (GOOGLE.replace('["a@b.example"]', '"a"'), "verify.emails is no list of texts: write it"),
        (f'{GOOGLE}, keys = "https://a.example"', "verify.keys is not on this machine: leave it"),
        (CANVAS.replace("https:", "http:"), "verify.keys is no https address: write where"),
        (CANVAS.replace("https://", "https://a@"), "verify.keys is no https address: write where"),
        (CANVAS.replace("example", "example:x"), "verify.keys is no https address: write where"),
        (CANVAS.replace("https://canvas", "file://c"), "verify.keys is no https address: write"),
        (CANVAS.replace("/jwks", "/ jwks"), "verify.keys is no https address: write where"),
        (CANVAS.replace('"uuid"', '"uuid", 3'), "verify.accounts is no list of texts: write it"),
    ],
)
def test_each_fault_is_told_with_its_remedy(verify, fault):
    found = faults(verify)

    assert any(each.startswith(fault) for each in found), found


def test_all_faults_are_told_at_once():
    found = faults('scheme = "canvas-jwt", secrets = ["whsec_abc"], key = 3')

    assert [each.split(" ", 1)[0] for each in found[:-1]] == [
        "verify.accounts",
        "verify.key",
        "verify.keys",
        "verify.secrets",
    ]
    assert found[-1].startswith("verify.secrets, entry 1, ")
    assert "whsec_abc" not in " ".join(found)
