"""What `sis_webhook` takes and answers, as an OpenAPI 3.1 document.

`python -m enrollment.openapi` writes it to `openapi.json` beside this file.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from enrollment.bodies import MOST_BYTES
from enrollment.outcome import Outcome
from enrollment.problems import CONTENT_TYPE, TYPE, Kind
from enrollment.reasons import Reason
from enrollment.receipt import Became
from enrollment.request import REQUEST_ID
from enrollment.sources.declared import SOURCE_NAME
from enrollment.sources.events import MOST_RECORDS
from enrollment.sources.native import NativeRequest

FILE = Path(__file__).with_name("openapi.json")
Schema = dict[str, Any]


def document() -> Schema:
    """The document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Enrollment requests",
            "version": "1",
            "summary": "Who sends enrollments posts them here, and looks up what became of them.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/{source}": {"parameters": [_source()], "post": _post()},
            "/requests/{request_id}": {"parameters": [_request_id()], "get": _get()},
        },
        "components": {"schemas": _schemas(), "securitySchemes": _security_schemes()},
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
            " may declare another status of success from 200 to 299."
        ),
        "security": [{"standardWebhooks": []}, {"basic": []}, {"bearer": []}, {"gitHub": []}, {}],
        "requestBody": {
            "required": True,
            "description": f"At most {MOST_BYTES} bytes.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Body"}}},
        },
        "responses": {
            "202": {
                "description": "Accepted: it is on its way, or a person looks at it.",
                "headers": {
                    "Location": {
                        "description": "Where to ask about the one request.",
                        "schema": {"type": "string"},
                    }
                },
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Told"}}},
            },
            **_problems(
                Kind.NOT_JSON,
                Kind.NOT_VERIFIED,
                Kind.UNKNOWN_SOURCE,
                Kind.TOO_LARGE,
                Kind.NOT_THIS_TYPE,
                Kind.INVALID,
                Kind.TOO_MANY,
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
                "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/Standing"}}
                },
            },
            **_problems(Kind.NOT_VERIFIED, Kind.UNKNOWN_REQUEST, Kind.NOT_NOW),
        },
    }


def _problems(*kinds: Kind) -> Schema:
    return {str(each.status): _problem(each) for each in kinds}


def _problem(kind: Kind) -> Schema:
    told: Schema = {
        "description": kind.title,
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if kind in (Kind.TOO_MANY, Kind.NOT_NOW):
        told["headers"] = {"Retry-After": _retry_after()}
    if kind is Kind.NOT_VERIFIED:
        told["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return told


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


def _schemas() -> Schema:
    model = NativeRequest.model_json_schema(ref_template="#/components/schemas/{model}")
    definitions: Schema = model.pop("$defs", {})
    request = {
        **model,
        "allOf": [
            {"oneOf": [{"required": ["course_id"]}, {"required": ["class_id"]}]},
            {"oneOf": [{"required": ["student"]}, {"required": ["user_id"]}]},
        ],
    }
    return {
        **definitions,
        "Request": request,
        "Body": {
            "anyOf": [
                {"$ref": "#/components/schemas/Request"},
                _object(
                    {
                        "requests": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": MOST_RECORDS,
                            "items": {"$ref": "#/components/schemas/Request"},
                        }
                    },
                    ["requests"],
                ),
            ]
        },
        "Told": {
            "anyOf": [
                {"$ref": "#/components/schemas/One"},
                {"$ref": "#/components/schemas/Many"},
            ]
        },
        "One": _object({**_told(), "duplicate": {"type": "boolean"}}, ["status", "duplicate"]),
        "Many": _object(
            {
                "results": {
                    "type": "array",
                    "items": _object(
                        {"pointer": {"type": "string"}, **_told()}, ["pointer", "status"]
                    ),
                },
                **{each.value: {"type": "integer", "minimum": 1} for each in Became},
                "duplicate": {"type": "boolean"},
            },
            ["results", "duplicate"],
        ),
        "Standing": _object(
            {
                "request_id": {"type": "string"},
                "status": {"enum": ["queued", "waiting", "settled", "in_review"]},
                "outcome": {"enum": [each.value for each in Outcome]},
                "reason": {"enum": [each.value for each in Reason]},
                "sentence": {"type": "string"},
                "next_step": {"type": "string"},
            },
            ["request_id", "status"],
        ),
        "Problem": _object(
            {
                "type": {"enum": sorted({f"{TYPE}{each.code}" for each in Kind})},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string"},
                "errors": {
                    "type": "array",
                    "items": _object(
                        {
                            "pointer": {"type": "string", "description": "RFC 6901"},
                            "code": {"type": "string"},
                            "detail": {"type": "string"},
                        },
                        ["pointer", "code", "detail"],
                    ),
                },
            },
            ["type", "title", "status"],
        ),
    }


def _told() -> Schema:
    return {
        "status": {"enum": [each.value for each in Became]},
        "request_id": {"type": "string"},
        "status_url": {"type": "string"},
        "reason": {"type": "string"},
        "detail": {"type": "string"},
    }


def _object(properties: Schema, required: Sequence[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def text() -> str:
    """The document as it is committed."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
