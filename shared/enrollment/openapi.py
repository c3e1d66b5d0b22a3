"""What `sis_webhook` takes and answers, as an OpenAPI 3.1 document.

`python -m enrollment.openapi` writes it to `openapi.json` beside this file.
"""

import json
from pathlib import Path

from enrollment.bodies import MOST_BYTES
from enrollment.openapi_schemas import Schema, schemas, to
from enrollment.problems import CONTENT_TYPE, TYPE, Kind
from enrollment.request import REQUEST_ID
from enrollment.sources.declared import SOURCE_NAME

FILE = Path(__file__).with_name("openapi.json")
WAITS = frozenset({Kind.TOO_MANY, Kind.NOT_NOW})


def document() -> Schema:
    """The document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Enrollment requests",
            "version": "1",
            "summary": "Who sends enrollments posts them here, and looks up what became of them.",
            # No operation answers 405: it is for methods that stand nowhere in this document.
            "description": (
                "Whatever is no success is a problem (RFC 9457). Another method hears 405,"
                f" `{TYPE}{Kind.NOT_ALLOWED.code}`, and in `Allow` what to use."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/{source}": {"parameters": [_source()], "post": _post()},
            "/requests/{request_id}": {"parameters": [_request_id()], "get": _get()},
        },
        "components": {"schemas": schemas(), "securitySchemes": _security_schemes()},
    }


def _source() -> Schema:
    return {
        "name": "source",
        "in": "path",
        "required": True,
        "description": "A name under [sources] of sources.toml.",
        "schema": {"type": "string", "pattern": f"^{SOURCE_NAME.pattern}$"},
    }


def _request_id() -> Schema:
    return {
        "name": "request_id",
        "in": "path",
        "required": True,
        "description": "The id out of an answer, or one that the sender chose.",
        "schema": {"type": "string", "pattern": f"^{REQUEST_ID.pattern}$"},
    }


def _post() -> Schema:
    return {
        "operationId": "send",
        "summary": "Send enrollments",
        "description": (
            "What the body is, the source's declaration says; below stands our own format. The"
            " answer to a repeat of a delivery is that to the first, with `duplicate` set. Sources"
            " may declare another status of success from 200 to 299; 204 and 205 have no body."
        ),
        "security": [{"standardWebhooks": []}, {"basic": []}, {"bearer": []}, {"gitHub": []}, {}],
        "requestBody": {
            "required": True,
            "description": f"At most {MOST_BYTES} bytes.",
            "content": {"application/json": {"schema": to("Body")}},
        },
        "responses": {
            "202": {
                "description": "Accepted: it is on its way, or a person looks at it.",
                "headers": {
                    "Location": {
                        "description": "Where to ask about the one request.",
                        "schema": {
                            "type": "string",
                            "pattern": f"^/requests/{REQUEST_ID.pattern}$",
                        },
                    }
                },
                "content": {"application/json": {"schema": to("Told")}},
            },
            **_problems(
                Kind.NOT_JSON,
                Kind.NOT_VERIFIED,
                Kind.UNKNOWN_SOURCE,
                Kind.NOT_FOUND,
                Kind.TOO_LARGE,
                Kind.NOT_THIS_TYPE,
                Kind.INVALID,
                Kind.TOO_MANY,
                Kind.OUR_FAULT,
                Kind.NOT_NOW,
            ),
        },
    }


def _get() -> Schema:
    return {
        "operationId": "look",
        "summary": "What became of a request",
        "description": (
            "An id that was derived here cannot be guessed, and whoever has it may ask. About an id"
            " that a sender chose only that sender may ask, signing an empty body."
        ),
        "security": [{"standardWebhooks": []}, {"basic": []}, {"bearer": []}, {"gitHub": []}, {}],
        "responses": {
            "200": {
                "description": "Where it stands.",
                "headers": {"Retry-After": _retry_after()},
                "content": {"application/json": {"schema": to("Standing")}},
            },
            **_problems(
                Kind.NOT_VERIFIED,
                Kind.UNKNOWN_REQUEST,
                Kind.NOT_FOUND,
                Kind.OUR_FAULT,
                Kind.NOT_NOW,
            ),
        },
    }


def _problems(*kinds: Kind) -> Schema:
    """An answer for each status, with all kinds of problem that have it."""
    by_status: dict[int, list[Kind]] = {}
    for each in kinds:
        by_status.setdefault(each.status, []).append(each)
    return {str(status): _problem(status, same) for status, same in by_status.items()}


def _problem(status: int, kinds: list[Kind]) -> Schema:
    types = [f"{TYPE}{each.code}" for each in kinds]
    schema = {
        "allOf": [
            to("Problem"),
            {"properties": {"type": {"enum": types}, "status": {"const": status}}},
        ]
    }
    answer: Schema = {
        "description": "; ".join(each.title for each in kinds),
        "content": {CONTENT_TYPE: {"schema": schema}},
    }
    if WAITS.intersection(kinds):
        answer["headers"] = {"Retry-After": {**_retry_after(), "required": True}}
    if Kind.NOT_VERIFIED in kinds:
        answer["headers"] = {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
    return answer


def _retry_after() -> Schema:
    return {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}


def _security_schemes() -> Schema:
    return {
        "standardWebhooks": {
            "type": "apiKey",
            "in": "header",
            "name": "webhook-signature",
            "description": "Standard Webhooks 1.0.0, with webhook-id and webhook-timestamp.",
        },
        "basic": {"type": "http", "scheme": "basic"},
        "bearer": {"type": "http", "scheme": "bearer", "description": "A Google OIDC token."},
        "gitHub": {
            "type": "apiKey",
            "in": "header",
            "name": "x-hub-signature-256",
            "description": "HMAC-SHA256 of the body.",
        },
    }


def text() -> str:
    """The document as it is committed."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
