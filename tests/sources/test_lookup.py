"""Where a sender's system can be asked is read as a whole, or refused with its faults."""

import pytest

from enrollment.sources.declared import DeclarationError, parse_declared

PROOF = 'verify = { scheme = "github", secrets = ["env://SECRET"] }'
URLS = 'url = "https://sis.example/v1p1/", token_url = "http://127.0.0.1:8080/token"'


def lookup_fault(said, lines=f'format = "oneroster"\n{PROOF}', kind="webhook"):
    with pytest.raises(DeclarationError) as raised:
        parse_declared(f'[sources.s]\nkind = "{kind}"\n{lines}\nlookup = {said}\n')
    [only] = raised.value.faults
    return only


def test_where_a_sender_s_system_can_be_asked_is_read():
    lines = f'kind = "webhook"\nformat = "oneroster"\n{PROOF}'
    text = f'[sources.s]\n{lines}\nlookup = {{ {URLS}, client = "secret://sis", scope = "a b" }}'

    lookup = parse_declared(text).sources["s"].lookup

    assert lookup is not None
    assert (lookup.url, lookup.client, lookup.scope) == (
        "https://sis.example/v1p1",
        "secret://sis",
        "a b",
    )
    assert lookup.token_url == "http://127.0.0.1:8080/token"


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (f"{{ {URLS} }}", "lookup.client is missing: add it"),
        (f'{{ {URLS}, client = "id:secret" }}', "lookup.client must say where the secret lies"),
        (
            f'{{ {URLS}, client = "env://A", scopes = "a" }}',
            "lookup.scopes is no key (did you mean scope?): the keys are url, token_url, client, ",
        ),
        (f'{{ {URLS}, client = "env://A", scope = "" }}', "lookup.scope is wrong"),
        ('"https://sis.example"', "lookup is no table: write its keys in braces"),
    ],
)
def test_a_lookup_that_cannot_be_meant_is_told_with_its_remedy(said, word):
    assert word in lookup_fault(said)


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("http://sis.example/v1p1", "is no https address: write it like https://"),
        ("https://id:secret@sis.example", "is no https address"),
        ("ftp://127.0.0.1/", "is no https address"),
        ("sis.example", "is no https address"),
        ("https://sis..example/v1p1", "is no https address"),
        ("https://sis.example/?key=1", "holds more than an address"),
        ("https://sis.example/#users", "holds more than an address"),
    ],
)
def test_a_sender_s_system_is_asked_over_https_or_on_this_machine(address, word):
    said = URLS.replace("https://sis.example/v1p1/", address)

    found = lookup_fault(f'{{ {said}, client = "env://A" }}')

    assert f"lookup.url {word}" in found
    assert "secret@" not in found


def test_only_who_posts_oneroster_can_be_asked():
    said = f'{{ {URLS}, client = "env://A" }}'

    assert 'write format = "oneroster"' in lookup_fault(said, f'format = "clever"\n{PROOF}')
    assert "a file lists everybody itself" in lookup_fault(said, 'format = "oneroster"', "file")
