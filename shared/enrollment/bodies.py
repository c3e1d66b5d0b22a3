"""The body of a request from outside: within its limit, whole, and JSON; a problem if it is not."""

import json
from contextlib import suppress
from io import BytesIO

import flask

from enrollment.problems import Kind, Problem

# As long as a message that review keeps whole. A delivery of Standard Webhooks is advised to stay
# below 20 kB, and 500 requests of ours are about 150 kB.
MOST_BYTES = 262_144
DROPPED = 10_485_760  # of a longer body: a sender reads no answer before it has sent so much
PIECE = 65_536


def received(request: flask.Request, most: int = MOST_BYTES) -> bytes:
    """The whole body as it came. Raises Problem if it is too long, or broke off on its way."""
    try:
        length = request.content_length
        body = b"" if length is not None and length > most else _read(request, most + 1)
        if len(body) > most or (length or 0) > most:
            _drop(request)
            raise Problem(Kind.TOO_LARGE, f"it has more than {most} bytes: send it in parts")
        if length not in (None, len(body)):
            raise Problem(Kind.NOT_JSON, "it broke off on its way: send it again")
        return body
    finally:
        request.stream = BytesIO()  # the framework would read the rest and keep it


def drop(request: flask.Request) -> None:
    """Let the sender finish, and keep nothing: left alone, the framework would keep all of it."""
    _drop(request)
    request.stream = BytesIO()


def _read(request: flask.Request, most: int) -> bytes:
    pieces, left = [], most
    try:
        while left and (piece := request.stream.read(min(left, PIECE))):
            pieces.append(piece)
            left -= len(piece)
    except Exception:  # noqa: BLE001 - the server's and the socket's, which have no common kind
        raise Problem(Kind.NOT_JSON, "it broke off on its way: send it again") from None
    return b"".join(pieces)


def _drop(request: flask.Request) -> None:
    with suppress(Exception):
        for _ in range(DROPPED // PIECE):
            if not request.stream.read(PIECE):
                return


def as_json(body: bytes) -> object:
    """The JSON in a body. Raises Problem, which quotes nothing of it."""
    try:
        read = json.loads(body.decode("utf-8"), parse_constant=_no_number)
        if b"\\u" in body:  # half a surrogate pair is no character, and no store can hold it
            json.dumps(read, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Problem(Kind.NOT_JSON, "write one JSON value in UTF-8") from None
    return read


def _no_number(_: str) -> float:
    raise ValueError


def must_be_json(request: flask.Request) -> None:
    """Raise Problem if the body says that it is something else than JSON."""
    kind = request.mimetype.casefold()
    if kind != "application/json" and not (
        kind.startswith("application/") and kind.endswith("+json")
    ):
        raise Problem(Kind.NOT_THIS_TYPE, "send it as Content-Type: application/json")
    if request.headers.get("Content-Encoding", "identity").casefold() != "identity":
        raise Problem(Kind.NOT_THIS_TYPE, "send it uncompressed, without Content-Encoding")
