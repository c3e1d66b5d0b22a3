"""`form_intake`: the hosted form, what a form's script posts, and notices of Google Forms."""

import flask
import functions_framework
from werkzeug.exceptions import BadHost, HTTPException, NotFound

from enrollment.accepting import accept
from enrollment.clock import Deadline
from enrollment.hosting import as_page, hosted
from enrollment.intake_doors import Replied, answered
from enrollment.notices import noticed
from enrollment.problems import Kind, Problem
from enrollment.sources import declared
from enrollment.telling import tell

KINDS = (declared.Kind.GOOGLE_FORM, declared.Kind.WEB_FORM)
NOWHERE = "a form's address ends with the name of its source"


@functions_framework.errorhandler(BadHost)  # type: ignore[untyped-decorator]
@functions_framework.errorhandler(NotFound)  # type: ignore[untyped-decorator]
def not_found(_: HTTPException) -> Replied:
    """What the framework has no way to is a problem too."""

    def work(_: Deadline) -> Replied:
        raise Problem(Kind.NOT_FOUND, NOWHERE)

    return answered(flask.request, work, as_page(flask.request))


def form_intake(request: flask.Request) -> Replied:
    """Answer a visitor, a script, or Pub/Sub; the OpenAPI document lists every answer."""

    def work(deadline: Deadline) -> Replied:
        match request.path.strip("/").split("/"):
            case [""]:
                return noticed(request, deadline)
            case ["requests", request_id]:
                return tell(request, request_id, deadline)
            case [source, *rest] if source and source != "requests":
                page = hosted(request, source, rest, deadline)
                if page is not None:
                    return page
                if not rest:
                    return accept(request, source, KINDS, deadline)
        raise Problem(Kind.NOT_FOUND, NOWHERE)

    return answered(request, work, as_page(request))
