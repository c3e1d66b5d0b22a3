"""`sis_webhook`: `POST /{source}` accepts what a sender posts, `GET /requests/{id}` tells of it."""

import flask
import functions_framework
from werkzeug.exceptions import BadHost, HTTPException, NotFound

from enrollment.accepting import accept
from enrollment.clock import Deadline
from enrollment.intake_doors import Replied, answered
from enrollment.problems import Kind, Problem
from enrollment.sources import declared
from enrollment.telling import tell

KINDS = (declared.Kind.WEBHOOK, declared.Kind.API)
NOWHERE = "post to /SOURCE, or look at /requests/ID"


@functions_framework.errorhandler(BadHost)  # type: ignore[untyped-decorator]
@functions_framework.errorhandler(NotFound)  # type: ignore[untyped-decorator]
def not_found(_: HTTPException) -> Replied:
    """What the framework has no way to, such as a line break in an address, is a problem too."""

    def work(_: Deadline) -> Replied:
        raise Problem(Kind.NOT_FOUND, NOWHERE)

    return answered(flask.request, work)


def sis_webhook(request: flask.Request) -> Replied:
    """Answer a sender; the OpenAPI document lists every answer."""

    def work(deadline: Deadline) -> Replied:
        match request.path.strip("/").split("/"):
            case ["requests", request_id]:
                return tell(request, request_id, deadline)
            case [source] if source:
                return accept(request, source, KINDS, deadline)
        raise Problem(Kind.NOT_FOUND, NOWHERE)

    return answered(request, work)
