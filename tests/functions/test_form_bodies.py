"""Whatever comes to a hosted form: no fault of ours, nothing lost, nobody told of.

Made visits come close to a browser's own, so that every line that reads them is reached.
"""

import re
from urllib.parse import quote_plus, unquote_plus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enrollment.wiring import pages
from tests import google
from tests.functions.conftest import ADA
from tests.functions.open_forms import FILLED, HTML, a_network, declare, shown, written
from tests.functions.open_source import BASIC

QUICK, ALL = 60, 1_700  # visits to a form and of each kind: 11,900 in all
SECRET, CODE = "zoe.hidden@northside.example", "gkwagh5"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PERSONS = {"signup": None, "open": None, "join": ADA}
TAKEN = re.compile(r"(?:\.\./)?(?:join/sent/([ru]1-[0-9a-f]{40})|(?:signup|open)/sent)")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
NO_BASE64 = re.compile("[^A-Za-z0-9_=-]")
ODD = st.sampled_from([
    "", " ", "\x00", "\ud800", "\udfff\ud800", "x" * 300, "x" * 17_000, "9" * 70, "\u202e",
    "\ufffe", "<script>", "'\"><b>", "{{ 7 * 7 }}", "%", "%ff", "me", "d:math", "d:*", "p:a b",
    "d:\u00fc", "Maths", "Maths\r\nSet-Cookie: a=b", "1e309", "null", "abc1de2", SECRET, ADA,
    ADA.upper(), f" {ADA}\t", f"{ADA}\n", "\u0430da@northside.example", f"{ADA}.evil.example",
]) | st.text(st.characters(), max_size=30)  # fmt: skip
NAMES = st.sampled_from([*FILLED, "enrollment_code", "website", "token", "person", "", "a[]"]) | ODD
HOSTS = st.sampled_from([
    "forms.northside.example", "[::1", "a b", "", "x" * 300, "h:99999", "h:x", "..", "@", "a\\b",
])  # fmt: skip
LATIN = st.text(
    st.characters(min_codepoint=32, max_codepoint=255, blacklist_characters="\x7f"), max_size=60
)


def encoded(pairs):
    """Fields as a browser writes them, and as none does."""
    return "&".join(
        f"{quote_plus(name, errors='surrogatepass')}={quote_plus(value, errors='surrogatepass')}"
        for name, value in pairs
    ).encode()


@st.composite
def altered(draw, text):
    """A text of ours that is cut, or has another letter in one place, or is something else."""
    at = draw(st.integers(0, max(0, len(text) - 5)))
    others = [each for each in ALPHABET if text[at : at + 1] != each]
    changed = text[:at] + draw(st.sampled_from(others)) + text[at + 1 :]
    return draw(st.sampled_from([text[:at], changed, "", "gAAAAA"]))


@st.composite
def cookies(draw, kept):
    """What a browser brings back: all, nothing, something altered, more than was given to it."""
    brought = dict(kept)
    for name in draw(st.sets(st.sampled_from([*kept, "form-person-join"]))):
        brought[name] = draw(altered(brought.get(name, "")))
    header = written(brought)
    more = draw(
        LATIN
        | st.sampled_from(['form-browser-join="', "form-browser-join", "=", "a=" + "b" * 9_000])
    )
    return draw(st.sampled_from([header, header, header, f"{header}; {more}", f"{more}; {header}"]))


@st.composite
def filled(draw, fields):
    """The fields of a page with wrong values, others among them, some twice or not at all."""
    good = list((fields | FILLED | {"enrollment_code": CODE}).items())
    token = draw(st.just(fields["token"]) | altered(fields["token"]))
    pairs = [(name, token if name == "token" else value) for name, value in good]
    for at in draw(st.sets(st.integers(0, len(pairs) - 1), max_size=2)):
        if pairs[at][0] != "token":
            pairs[at] = (pairs[at][0], draw(ODD))
    pairs += draw(st.just([]) | st.lists(st.tuples(NAMES, ODD), max_size=25))
    return encoded(draw(st.permutations(pairs) | st.just(pairs)))


def broken(body):
    """Cut off, with a byte changed, or no form at all."""
    cut = st.integers(0, len(body)).map(lambda at: body[:at])
    byte = st.tuples(st.integers(0, len(body) - 1), st.binary(max_size=3))
    spoiled = byte.map(lambda it: body[: it[0]] + it[1] + body[it[0] + 1 :])
    return st.one_of(cut, spoiled, st.binary(max_size=200), st.just(body + b"&;=%&" * 4))


class Told:
    """What the door has answered: how often it has taken a form, and the ids that it told."""

    def __init__(self, doors, source):
        self.doors, self.source = doors, source
        self.client = doors.app("form_intake").test_client(use_cookies=False)
        self.fields, self.kept = shown(self.client, source, PERSONS[source])
        self.taken, self.times = set(), 0

    def send(self, body, cookie):
        """Send it; what is taken comes from our page in the same browser."""
        headers = FORM | HTML | {"Cookie": cookie} | a_network()
        reply = self.client.post(f"/{self.source}", data=body, headers=headers)
        assert reply.status_code in {303, 400, 403, 413, 422}
        assert CODE not in reply.text  # it stands in the field for codes alone
        if reply.status_code == 303:
            self.taken.add(TAKEN.fullmatch(reply.headers["Location"])[1])
            self.times += 1
            read = NO_BASE64.sub("", unquote_plus(body.decode()))  # which is passed over there
            assert self.fields["token"][:-4] in read
            assert all(f"{name}={value}" in cookie for name, value in self.kept.items())

    def must_be_published(self):
        """Each time that a form is taken, one message is published, also if it comes again."""
        topic = "enrollment-requests" if PERSONS[self.source] else "enrollment-dead-letters"
        seen = []
        while missing := self.times - len(seen):
            more = [each.attributes["request_id"] for each in self.doors.published(topic)]
            assert more, f"{missing} of {self.times} never came"
            seen += more
        assert len(seen) == self.times
        assert self.taken <= {None, *seen}  # whom nobody knows is told no id
        must_not_be_logged(self.doors, *self.kept.values(), self.fields["token"])


def must_not_be_logged(doors, *more):
    logged = doors.logged.getvalue()
    hidden = (ADA, SECRET, BASIC, CODE, google.SECRET, *more)
    assert not [each for each in hidden if each in logged]
    assert '"severity": "ERROR"' not in logged


def asked(request, made, send):
    @settings(
        max_examples=ALL if request.config.getoption("--all") else QUICK,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(made)
    def each(visit):
        send(*visit)

    each()


@pytest.fixture
def declared(doors, tmp_path):
    declare(doors, tmp_path)
    limit = pages.pages().clients  # one person sends all of it
    limit.a_second = limit.burst = 1e9
    return doors


@pytest.mark.parametrize("source", PERSONS)
def test_any_fields_tokens_and_cookies_lose_nothing(declared, request, source):
    told = Told(declared, source)
    good = told.fields | FILLED | {"enrollment_code": CODE}
    told.send(encoded(good.items()), written(told.kept))

    asked(request, st.tuples(filled(told.fields), cookies(told.kept)), told.send)

    assert told.taken
    told.must_be_published()


@pytest.mark.parametrize("source", PERSONS)
def test_broken_forms_lose_nothing(declared, request, source):
    told = Told(declared, source)
    good = encoded((told.fields | FILLED | {"enrollment_code": CODE}).items())

    asked(request, st.tuples(broken(good), st.just(written(told.kept))), told.send)

    told.must_be_published()


def test_whoever_looks_gets_a_page_whatever_the_browser_says(declared, request):
    client = declared.app("form_intake").test_client(use_cookies=False)
    begun = client.get("/join/sign-in", headers=a_network()).headers["Set-Cookie"]
    name, _, value = begun.partition(";")[0].partition("=")
    _, kept = shown(client, "join", ADA)
    paths = ["/signup", "/join", "/join/sign-in", "/join/signed-in", "/signup/sent/", "/{{}}"]
    query = st.lists(st.tuples(st.sampled_from(["state", "code", "error"]) | ODD, ODD), max_size=4)

    def look(path, query, cookie, host, proto):
        headers = {"Cookie": cookie, "Host": host, "X-Forwarded-Proto": proto}
        reply = client.get(
            path, query_string=encoded(query).decode(), headers=headers | HTML | a_network()
        )
        assert reply.status_code in {200, 303, 403, 404}
        assert SECRET not in reply.text

    visits = st.tuples(
        st.sampled_from(paths),
        query,
        cookies(kept | {name: value}),
        HOSTS,
        st.sampled_from(["https", "http", ""]) | LATIN,
    )
    asked(request, visits, look)

    must_not_be_logged(declared, value, *kept.values())
