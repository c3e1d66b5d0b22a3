"""What the doors to the outside have in common: a proof, an answer, a problem."""

import json
from collections.abc import Callable, Mapping

import flask

from enrollment.bodies import drop
from enrollment.clock import Deadline
from enrollment.doors import JSON, Reply
from enrollment.journal import Line
from enrollment.ports import Unavailable
from enrollment.problems import Kind, Problem, not_now
from enrollment.settings import SettingsError
from enrollment.sources.undeclarable import DeclarationError
from enrollment.verify.received import NotVerified, Received, Verified
from enrollment.verify.schemes import SIGNATURE
from enrollment.wire import TRACEPARENT
from enrollment.wiring.distributed import CLOCK, JOURNAL
from enrollment.wiring.intakes import Intakes

RESET_CONTENT = 205  # has no content (RFC 9110, 15.3.6); of 204 the framework knows it by itself

Replied = Reply | flask.Response
Tell = Callable[[Problem], Replied]


def told(problem: Problem) -> Reply:
    """A problem as a program reads it."""
    return problem.text(), problem.kind.status, problem.headers()


def answered(
    request: flask.Request, work: Callable[[Deadline], Replied], as_reply: Tell = told
) -> Replied:
    """The work's reply, or the problem that stands for what went wrong. No body is left unread."""
    try:
        return _answered(work, as_reply)
    finally:
        drop(request)


def _answered(work: Callable[[Deadline], Replied], as_reply: Tell) -> Replied:
    """The work's reply, or the problem that stands for what went wrong.

    A fault of ours is journalled by its kind and its places: its message may hold an address.
    """
    try:
        return work(Deadline.starting_now(CLOCK))
    except Problem as problem:
        return as_reply(problem)
    except Unavailable as trouble:
        JOURNAL.say("WARNING", "not now", reason=trouble.reason, detail=trouble.detail)
        return as_reply(not_now("nothing was accepted: send it again", trouble.retry_after))
    except SettingsError as wrong:
        JOURNAL.say("CRITICAL", str(wrong))
    except DeclarationError as wrong:  # it names keys and never their values
        JOURNAL.say("CRITICAL", f"SOURCES_FILE cannot be used: {wrong}")
    except Exception as fault:  # noqa: BLE001 - whatever it is, the sender must try again
        line = Line()
        line.fault(fault)
        JOURNAL.record(line)
    return as_reply(Problem(Kind.OUR_FAULT, "nothing was accepted; the log says more"))


def reply_json(status: int, said: Mapping[str, object], **named: str) -> Reply:
    """A reply that no browser takes for a page, and no cache keeps."""
    always = {
        "Content-Type": JSON,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    more = {name.replace("_", "-"): value for name, value in named.items()}
    text = "" if status == RESET_CONTENT else json.dumps(said, ensure_ascii=False)
    return text, status, always | more


def proved(
    built: Intakes, source: str, arrived: Received, deadline: Deadline, asked: str = SIGNATURE
) -> Verified:
    """What the source has proved to have sent. Raises Problem, which says no more than no."""
    try:
        return built.verified(source, arrived, deadline)
    except NotVerified as trouble:
        JOURNAL.say("WARNING", "not verified", source=source, why=trouble.why)
        raise Problem(Kind.NOT_VERIFIED, challenge=asked) from None


def headers(request: flask.Request) -> dict[str, str]:
    """The headers by their names in lower case, as they came."""
    return {name.lower(): value for name, value in request.headers.items()}


def trace_of(request: flask.Request) -> str | None:
    """The trace that a delivery belongs to, if it says so."""
    given = request.headers.get("traceparent", "")
    return given if TRACEPARENT.fullmatch(given) else None
