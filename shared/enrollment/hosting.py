"""Which page of a hosted form a browser asks for, and who may see it."""

from collections.abc import Callable, Sequence

import flask

from enrollment.clock import Deadline
from enrollment.form_doors import send, show, tell, tell_nobody
from enrollment.intake_doors import Replied, told
from enrollment.pages.drawing import page_headers
from enrollment.pages.others import problem_page, sign_in_page
from enrollment.problems import Kind, Problem
from enrollment.sources.declared import Declaration
from enrollment.sources.declared import Kind as SourceKind
from enrollment.verify.received import NotVerified, Why
from enrollment.verify.schemes import Name
from enrollment.visits import PERSON, SIGNING, Visit
from enrollment.wiring import intakes as wired
from enrollment.wiring import pages as wired_pages
from enrollment.wiring.distributed import CLOCK, JOURNAL
from enrollment.wiring.intakes import Intakes

FORM = "application/x-www-form-urlencoded"
OK, FORBIDDEN, SEE_OTHER = 200, 403, 303
LOOKS = ("GET", "HEAD")
NOT_BEGUN = "This was begun in another tab, or too long ago. Sign in here again."
NOT_SIGNED_IN = "Google did not say who you are. Try again; a private account does not work here."


def is_hosted(declaration: Declaration) -> bool:
    """Whether it has a page. Where only systems may deliver, a page would be a way around that."""
    verify = declaration.verify
    of_people = verify is None or verify.scheme == Name.GOOGLE_SIGN_IN
    return declaration.kind is SourceKind.WEB_FORM and of_people


def hosted(
    request: flask.Request, source: str, rest: Sequence[str], deadline: Deadline
) -> flask.Response | None:
    """A page's answer, or None if the source has no pages. Raises Problem or Unavailable."""
    built = wired.intakes()
    declaration = built.source(source, (SourceKind.WEB_FORM,))
    if declaration is None or not is_hosted(declaration):
        return None
    visit = Visit(request, source, declaration, wired_pages.pages(), deadline)
    match rest:
        case []:
            return _form(visit, built)
        case ["sent"]:
            _only_looks(request)
            return tell_nobody(visit)
        case ["sent", request_id]:
            _only_looks(request)
            return tell(visit, built, request_id)
        case ["sign-in"] if visit.needs_person:
            _only_looks(request)
            return _begin(visit)
        case ["sign-out"] if visit.needs_person:
            return _sign_out(visit)
        case ["signed-in"] if visit.needs_person:
            _only_looks(request)
            return _come_back(visit)
    raise Problem(Kind.NOT_FOUND, "There is no such page.")


def as_page(request: flask.Request) -> Callable[[Problem], Replied]:
    """How a problem is told to whoever asks: as a page to a browser, else as JSON."""

    def page(problem: Problem) -> Replied:
        headers = {**problem.headers(), **page_headers()}
        return flask.Response(problem_page(problem), problem.kind.status, headers)

    return page if "text/html" in request.headers.get("Accept", "") else told


def _form(visit: Visit, built: Intakes) -> flask.Response:
    if visit.request.method in LOOKS:
        return show(visit)
    if visit.request.method != "POST":
        raise Problem(Kind.NOT_ALLOWED, "use GET or POST", allow="GET, HEAD, POST")
    if visit.request.mimetype != FORM:
        raise Problem(Kind.NOT_THIS_TYPE, f"send it from the page, as Content-Type: {FORM}")
    return send(visit, built)


def _only_looks(request: flask.Request) -> None:
    if request.method not in LOOKS:
        raise Problem(Kind.NOT_ALLOWED, "use GET", allow="GET, HEAD")


def _begin(visit: Visit) -> flask.Response:
    """On to Google."""
    assert visit.declaration.verify is not None
    address, kept = visit.pages.way_in(
        visit.source, visit.declaration.verify, visit.back_to, CLOCK.now()
    )
    visit.keep(SIGNING, kept)
    return visit.reply(SEE_OTHER, "", {**page_headers(), "Location": address})


def _sign_out(visit: Visit) -> flask.Response:
    """Forget who has signed in, for whoever sits down next."""
    if visit.request.method != "POST":
        raise Problem(Kind.NOT_ALLOWED, "use POST", allow="POST")
    visit.keep(PERSON, "")
    return visit.reply(SEE_OTHER, "", {**page_headers(), "Location": visit.here})


def _come_back(visit: Visit) -> flask.Response:
    """Back from Google, and on to the form. Raises Unavailable."""
    visit.limit()
    assert visit.declaration.verify is not None
    begun = visit.kept(SIGNING)
    try:
        person = visit.pages.signed_in(
            visit.source, visit.declaration.verify, begun, visit.request.args, CLOCK.now()
        )
    except NotVerified as trouble:
        JOURNAL.say("WARNING", "not signed in", source=visit.source, why=trouble.why)
        if was_begun := trouble.why is not Why.NOT_BEGUN:
            visit.keep(SIGNING, "")  # good once; what another tab has begun is good still
        said = NOT_SIGNED_IN if was_begun else NOT_BEGUN
        page = sign_in_page(visit.declaration, visit.here, said)
        return visit.reply(FORBIDDEN, page, page_headers())
    visit.keep(SIGNING, "")
    visit.keep_person(person)
    return visit.reply(SEE_OTHER, "", {**page_headers(), "Location": visit.here})
