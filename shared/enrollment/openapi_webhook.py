"""What `sis_webhook` takes and answers: its part of the OpenAPI documents."""

from enrollment.bodies import MOST_BYTES
from enrollment.openapi_answers import OURS, PROOFS, SENDING, accepted, look, problems, request_id
from enrollment.openapi_answers import source as named
from enrollment.openapi_schemas import Schema, to
from enrollment.problems import Kind

TITLE = "Enrollment requests"
SUMMARY = "Who sends enrollments posts them here, and looks up what became of them."
DESCRIPTION = "Whatever is no success is a problem (RFC 9457)."
PROBLEMS = tuple(each for each in Kind if each is not Kind.NOT_A_FORM)


def paths() -> Schema:
    """Its addresses."""
    sent_or_chosen = request_id("The id out of an answer, or one that the sender chose.")
    return {
        "/{source}": {"parameters": [named()], "post": _post()},
        "/requests/{request_id}": {"parameters": [sent_or_chosen], "get": look()},
    }


def schemas() -> Schema:
    """Its own bodies: none."""
    return {}


def _post() -> Schema:
    return {
        "operationId": "send",
        "summary": "Send enrollments",
        "description": OURS,
        "security": PROOFS,
        "requestBody": {
            "required": True,
            "description": f"At most {MOST_BYTES} bytes.",
            "content": {"application/json": {"schema": to("Body")}},
        },
        "responses": {"202": accepted(), **problems(*SENDING)},
    }
