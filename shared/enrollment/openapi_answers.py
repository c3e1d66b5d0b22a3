"""What the doors' OpenAPI documents have in common: parameters, bodies, answers, problems."""

from enrollment.openapi_schemas import Schema, to
from enrollment.problems import CONTENT_TYPE, TYPE, Kind
from enrollment.request import REQUEST_ID
from enrollment.sources.declared import SOURCE_NAME

WAITS = frozenset({Kind.TOO_MANY, Kind.NOT_NOW})
PAGE: Schema = {"text/html": {"schema": {"type": "string"}}}
PROOFS: list[Schema] = [
    {"standardWebhooks": []},
    {"basic": []},
    {"bearer": []},
    {"gitHub": []},
    {},
]
SENDING = (
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
)
OURS = (
    "What the body is, the source's declaration says; below stands our own format. The answer to a"
    " repeat of a delivery is that to the first, with `duplicate` set. Sources may declare another"
    " status of success from 200 to 299; 204 and 205 have no body."
)


def source() -> Schema:
    """The parameter that names a source."""
    return {
        "name": "source",
        "in": "path",
        "required": True,
        "description": "A name under [sources] of sources.toml.",
        "schema": {"type": "string", "pattern": f"^{SOURCE_NAME.pattern}$"},
    }


def request_id(said: str) -> Schema:
    """The parameter that names a request."""
    return {
        "name": "request_id",
        "in": "path",
        "required": True,
        "description": said,
        "schema": {"type": "string", "pattern": f"^{REQUEST_ID.pattern}$"},
    }


def accepted() -> Schema:
    """The answer to what a system delivers."""
    return {
        "description": "Accepted: it is on its way, or a person looks at it.",
        "headers": {
            "Location": location(
                "Where to ask about the one request.", f"^/requests/{REQUEST_ID.pattern}$"
            )
        },
        "content": {"application/json": {"schema": to("Told")}},
    }


def location(said: str, pattern: str) -> Schema:
    """A header that leads elsewhere."""
    return {"description": said, "schema": {"type": "string", "pattern": pattern}}


def look(*, as_page: bool = False) -> Schema:
    """The operation that tells a program what became of a request."""
    return {
        "operationId": "look",
        "summary": "What became of a request",
        "description": (
            "An id that was derived here cannot be guessed, and whoever has it may ask. About an id"
            " that a sender chose only that sender may ask, signing an empty body."
        ),
        "security": PROOFS,
        "responses": {
            "200": {
                "description": "Where it stands.",
                "headers": {"Retry-After": _retry_after()},
                "content": {"application/json": {"schema": to("Standing")}},
            },
            **problems(
                Kind.NOT_VERIFIED,
                Kind.UNKNOWN_REQUEST,
                Kind.NOT_FOUND,
                Kind.OUR_FAULT,
                Kind.NOT_NOW,
                as_page=as_page,
            ),
        },
    }


def problems(*kinds: Kind, as_page: bool = False) -> Schema:
    """An answer for each status, with all kinds of problem that have it; pages if asked for."""
    by_status: dict[int, list[Kind]] = {}
    for each in kinds:
        by_status.setdefault(each.status, []).append(each)
    return {
        str(status): _problem(status, same, as_page=as_page) for status, same in by_status.items()
    }


def _problem(status: int, kinds: list[Kind], *, as_page: bool) -> Schema:
    types = [f"{TYPE}{each.code}" for each in kinds]
    schema = {
        "allOf": [
            to("Problem"),
            {"properties": {"type": {"enum": types}, "status": {"const": status}}},
        ]
    }
    answer: Schema = {
        "description": "; ".join(each.title for each in kinds),
        "content": {CONTENT_TYPE: {"schema": schema}, **(PAGE if as_page else {})},
    }
    if WAITS.intersection(kinds):
        answer["headers"] = {"Retry-After": {**_retry_after(), "required": True}}
    if Kind.NOT_VERIFIED in kinds:
        answer["headers"] = {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
    if Kind.NOT_ALLOWED in kinds:
        answer["headers"] = {"Allow": {"required": True, "schema": {"type": "string"}}}
    return answer


def _retry_after() -> Schema:
    return {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}


def security_schemes() -> Schema:
    """How systems prove themselves."""
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
