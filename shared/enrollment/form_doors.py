"""The hosted form: shown, sent, and told of. Always a page, and never a script."""

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

import flask

from enrollment.accepting import handed_on
from enrollment.bodies import received
from enrollment.inquiry import UNGUESSABLE, Standing
from enrollment.intake_doors import trace_of
from enrollment.pages.drawing import page_headers
from enrollment.pages.form import Asked, form_page, refused, worded
from enrollment.pages.others import sent_page, sign_in_page
from enrollment.problems import Kind, Problem
from enrollment.receipt import Became, Told
from enrollment.receiving import Incoming
from enrollment.sources.events import Unfit
from enrollment.sources.web_form import read_web_form
from enrollment.visits import Visit
from enrollment.wiring.distributed import CLOCK
from enrollment.wiring.intakes import Intakes

MOST_BYTES = 16_384  # of a form: five short fields
MOST_FIELDS = 20
TRAP = "website"  # people do not see it; what fills in everything does
OK, FORBIDDEN, UNPROCESSABLE, SEE_OTHER = 200, 403, 422, 303
TOO_OLD = (
    "This page was open for too long, or your browser keeps no cookies. Look it over and send it"
    " again."
)
SIGNED_OUT = "You are not signed in for this form any more. What you filled in was not sent."


def show(visit: Visit) -> flask.Response:
    """The empty form, or the way to sign in first."""
    if visit.needs_person and visit.person() is None:
        return visit.reply(OK, sign_in_page(visit.declaration, visit.here), page_headers())
    return _form(visit, OK, {}, {})


def send(visit: Visit, built: Intakes) -> flask.Response:
    """Take what was filled in, and go on to what became of it. Raises Problem or Unavailable."""
    visit.limit()
    filled = _filled(visit.request)
    person = visit.person()
    if visit.needs_person and person is None:
        page = sign_in_page(visit.declaration, visit.here, SIGNED_OUT)
        return visit.reply(FORBIDDEN, page, page_headers())
    page_id = visit.page_of(filled.pop("token", ""))
    if page_id is None:
        return _form(visit, FORBIDDEN, filled, {"": TOO_OLD})
    if filled.get(TRAP):
        return _form(visit, UNPROCESSABLE, filled, {TRAP: "Empty this field and send it again."})
    # Whoever finds the page can send it.
    limited = visit.declaration.within(built.receiver.own_domains)
    try:
        reading = read_web_form(filled, limited, person, page_id, CLOCK.now().date())
    except Unfit as unfit:
        errors = {each.pointer: worded(each, limited) for each in unfit.faults}
        return _form(visit, UNPROCESSABLE, filled, errors)
    built.limit(visit.source)
    incoming = Incoming(
        source=visit.source,
        declaration=limited,
        delivery_id=page_id,  # sent twice from one page, it is one delivery
        body=json.dumps([person, filled], sort_keys=True).encode(),
        trace=trace_of(visit.request),
    )
    (told,) = handed_on(built, incoming, reading, visit.deadline).receipt.told
    if told.became is Became.REFUSED:
        return _form(visit, UNPROCESSABLE, filled, refused(told, limited))
    return _gone_on(visit, told)


def tell(visit: Visit, built: Intakes, request_id: str) -> flask.Response:
    """What became of a request, for whoever was sent to its page. Raises Problem or Unavailable."""
    visit.limit()
    found: list[Standing] = []
    if visit.needs_person and UNGUESSABLE.fullmatch(request_id):
        found = built.inquiry.standings(request_id, visit.deadline)
    standing = next((each for each in found if each.source in ("", visit.source)), None)
    if standing is None:
        raise Problem(Kind.UNKNOWN_REQUEST, "Look again from the page that you came from.")
    page = sent_page(visit.declaration, visit.here, request_id, standing, visit.person())
    return visit.reply(OK, page, page_headers())


def tell_nobody(visit: Visit) -> flask.Response:
    """That it was taken, and no more: anybody may ask for anybody, to hear who is in a class."""
    if visit.needs_person:
        raise Problem(Kind.NOT_FOUND, "Look again from the page that you came from.")
    page = sent_page(visit.declaration, visit.here, "", Standing(visit.source, "in_review"))
    return visit.reply(OK, page, page_headers())


def _gone_on(visit: Visit, told: Told) -> flask.Response:
    """To the page that tells of it; a browser that loads that one again sends nothing again."""
    sent = f"sent/{told.request_id}" if visit.needs_person else "sent"
    onward = {**page_headers(), "Location": f"{visit.here}/{sent}"}
    return visit.reply(SEE_OTHER, "", onward)


def _form(
    visit: Visit, status: int, filled: Mapping[str, str], errors: Mapping[str, str]
) -> flask.Response:
    asked = Asked(
        declaration=visit.declaration,
        here=visit.here,
        person=visit.person(),
        token=visit.token(),
        filled=filled,
        errors=errors,
    )
    return visit.reply(status, form_page(asked), page_headers())


def _filled(request: flask.Request) -> dict[str, str]:
    """What was filled in, by the names of the fields. Raises Problem."""
    body = received(request, MOST_BYTES)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Problem(Kind.NOT_A_FORM, "Send it from the page that shows the form.") from None
    return dict(pairs)
