"""What `form_intake` takes and answers: its part of the OpenAPI documents."""

from enrollment.bodies import MOST_BYTES as MOST_JSON
from enrollment.form_doors import MOST_BYTES, MOST_FIELDS, TRAP
from enrollment.hosting import FORM
from enrollment.openapi_answers import (
    OURS,
    PAGE,
    PROOFS,
    SENDING,
    accepted,
    location,
    look,
    problems,
    request_id,
)
from enrollment.openapi_answers import source as named
from enrollment.openapi_schemas import Schema, to
from enrollment.problems import Kind
from enrollment.request import REQUEST_ID
from enrollment.sources.declared import SOURCE_NAME
from enrollment.sources.web_form import CODE, COURSE, STUDENT

TITLE = "Enrollment forms"
SUMMARY = "People fill in a form here, and a form's script posts what was answered elsewhere."
DESCRIPTION = (
    "Whatever is no success is a problem (RFC 9457): a page for whoever accepts text/html, else"
    " JSON. HEAD of a page is answered as GET is."
)
PROBLEMS = tuple(Kind)
BACK = r"^(\.\./)*"  # relative: a prefix that a proxy has cut off stays
SOURCE, REQUEST = SOURCE_NAME.pattern, REQUEST_ID.pattern


def paths() -> Schema:
    """Its addresses."""
    sent = request_id("The id out of the address that sending the form led to.")
    asked = request_id("The id out of an answer, or one that the sender chose.")
    return {
        "/": {"post": _notice()},
        "/{source}": {"parameters": [named()], "get": _show(), "post": _post()},
        "/{source}/sent": {"parameters": [named()], "get": _taken()},
        "/{source}/sent/{request_id}": {"parameters": [named(), sent], "get": _sent()},
        "/{source}/sign-in": {"parameters": [named()], "get": _sign_in()},
        "/{source}/sign-out": {"parameters": [named()], "post": _sign_out()},
        "/{source}/signed-in": {"parameters": [named()], "get": _signed_in()},
        "/requests/{request_id}": {"parameters": [asked], "get": look(as_page=True)},
    }


def schemas() -> Schema:
    """Its own bodies: the fields of a form."""
    text = {"type": "string"}
    return {
        "FilledIn": {
            "type": "object",
            "description": f"At most {MOST_FIELDS} fields; of two of one name, the last counts.",
            "properties": {
                "token": {**text, "description": "Out of the page, for this browser alone."},
                STUDENT: {**text, "description": "Asked for where nobody signs in."},
                COURSE: {**text, "description": "A choice of the page, or what is written."},
                CODE: {**text, "description": "Asked for in the mode `code`."},
                TRAP: {"const": "", "description": "People do not see it."},
            },
            "required": ["token"],
        }
    }


def _notice() -> Schema:
    return {
        "operationId": "notice",
        "summary": "Pub/Sub tells that a Google Form was answered",
        "description": (
            "A push with `formId` and `eventType` as attributes. What is no notice of a declared"
            " form is done with as well: nobody could mend it by sending it again."
        ),
        "security": [{"bearer": []}, {}],
        "requestBody": {
            "description": f"At most {MOST_JSON} bytes.",
            "content": {"application/json": {"schema": {}}},
        },
        "responses": {
            "200": {
                "description": "Looked at: how many forms and responses, and what these became.",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "properties": {"forms": {"type": "integer", "minimum": 0}},
                            "required": ["forms"],
                            "additionalProperties": {"type": "integer", "minimum": 0},
                        }
                    }
                },
            },
            **_problems(Kind.NOT_JSON, Kind.NOT_VERIFIED, Kind.TOO_LARGE),
        },
    }


def _show() -> Schema:
    return {
        "operationId": "show",
        "summary": "The form",
        "description": "Or the way to sign in first. Where only systems deliver, there is none.",
        "responses": {
            "200": _page("The page, whose form holds a new token."),
            **_problems(Kind.UNKNOWN_SOURCE, Kind.NOT_FOUND, Kind.NOT_ALLOWED),
        },
    }


def _post() -> Schema:
    return {
        "operationId": "send",
        "summary": "Send a form, or enrollments",
        "description": (
            f"A form comes from the page that shows it, as {FORM}. What a form's script or another"
            f" system delivers is JSON, and its sender proves itself. {OURS}"
        ),
        "security": PROOFS,
        "requestBody": {
            "required": True,
            "description": f"At most {MOST_BYTES} bytes of a form, and {MOST_JSON} of JSON.",
            "content": {
                FORM: {"schema": to("FilledIn")},
                "application/json": {"schema": to("Body")},
            },
        },
        "responses": {
            "202": accepted(),
            "303": _onward(
                "The form is taken.", "What became of it.", f"{BACK}{SOURCE}/sent(/{REQUEST})?$"
            ),
            "403": _page("The form again: its token is too old or another browser's, or nobody is"
                         " signed in."),
            **_problems(*SENDING, Kind.NOT_A_FORM),
        },
    }  # fmt: skip


def _taken() -> Schema:
    return {
        "operationId": "taken",
        "summary": "That a form was taken",
        "description": (
            "Where nobody signs in, no more is told: anybody may ask for anybody, to hear who is in"
            " a class."
        ),
        "responses": {"200": _page("It was taken."), **_problems(Kind.NOT_FOUND)},
    }


def _sent() -> Schema:
    return {
        "operationId": "tell",
        "summary": "What became of a form",
        "responses": {
            "200": _page("Where it stands."),
            **_problems(Kind.UNKNOWN_REQUEST, Kind.NOT_FOUND, Kind.TOO_MANY),
        },
    }


def _sign_in() -> Schema:
    return {
        "operationId": "begin",
        "summary": "Sign in with Google",
        "responses": {
            "303": _onward("On to Google.", "Google's own page.", "^https?://"),
            **_problems(Kind.NOT_FOUND),
        },
    }


def _sign_out() -> Schema:
    return {
        "operationId": "signOut",
        "summary": "Be forgotten by this form, as at a machine that others use",
        "responses": {
            "303": _onward("Forgotten.", "The form.", f"{BACK}{SOURCE}$"),
            **_problems(Kind.NOT_FOUND),
        },
    }


def _signed_in() -> Schema:
    query = [
        {"name": name, "in": "query", "schema": {"type": "string"}} for name in ("state", "code")
    ]
    return {
        "operationId": "comeBack",
        "summary": "Back from Google",
        "parameters": query,
        "responses": {
            "303": _onward("Signed in.", "The form.", f"{BACK}{SOURCE}$"),
            "403": _page("Google did not say who it is, or it was not begun in this browser."),
            **_problems(Kind.NOT_FOUND, Kind.TOO_MANY),
        },
    }


def _problems(*kinds: Kind) -> Schema:
    """What every address may answer too, and each of them as a page."""
    usual = [each for each in (Kind.OUR_FAULT, Kind.NOT_NOW) if each not in kinds]
    return problems(*kinds, *usual, as_page=True)


def _page(said: str) -> Schema:
    return {"description": said, "content": PAGE}


def _onward(said: str, where: str, pattern: str) -> Schema:
    """An answer that sends the browser elsewhere."""
    header = {**location(where, pattern), "required": True}
    return {"description": said, "headers": {"Location": header}, "content": PAGE}
