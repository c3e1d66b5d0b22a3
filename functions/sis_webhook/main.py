"""`sis_webhook`: `POST /{source}` accepts what a sender posts, `GET /requests/{id}` tells of it."""

import flask

from enrollment.clock import Deadline
from enrollment.doors import Reply
from enrollment.intake_doors import accept, answered, tell
from enrollment.problems import Kind, Problem
from enrollment.sources import declared

KINDS = (declared.Kind.WEBHOOK, declared.Kind.API)


def sis_webhook(request: flask.Request) -> Reply:
    """Answer a sender; the OpenAPI document lists every answer."""

    def work(deadline: Deadline) -> Reply:
        match request.path.strip("/").split("/"):
            case ["requests", request_id]:
                return tell(request, request_id, deadline)
            case [source] if source:
                return accept(request, source, KINDS, deadline)
        raise Problem(Kind.NOT_FOUND, "post to /SOURCE, or look at /requests/ID")

    return answered(request, work)
