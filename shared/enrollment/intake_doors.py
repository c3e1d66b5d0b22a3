"""What the doors to the outside have in common: proved, read, received, told; or a problem."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping

import flask

from enrollment.bodies import as_json, drop, must_be_json, received
from enrollment.clock import Deadline
from enrollment.doors import JSON, Reply
from enrollment.inquiry import LOOK_AGAIN, UNGUESSABLE, Standing
from enrollment.journal import Line
from enrollment.ports import Unavailable
from enrollment.problems import Kind, Problem, not_now
from enrollment.receipt import Became, Told
from enrollment.receiving import Answered, Incoming, counts
from enrollment.request import REQUEST_ID
from enrollment.settings import SettingsError
from enrollment.sources import declared
from enrollment.sources.declared import Declaration
from enrollment.sources.events import Fault, Reading, Unfit
from enrollment.sources.posted import read_delivery
from enrollment.sources.undeclarable import DeclarationError
from enrollment.verify.received import NotVerified, Received, Verified
from enrollment.verify.schemes import SIGNATURE, challenge
from enrollment.wire import TRACEPARENT
from enrollment.wiring import intakes as wired
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


def accept(
    request: flask.Request, source: str, kinds: Collection[declared.Kind], deadline: Deadline
) -> Reply:
    """Accept what a sender posts. Raises Problem or Unavailable."""
    built = wired.intakes()
    declaration = built.source(source, kinds)
    if declaration is None:
        raise Problem(Kind.UNKNOWN_SOURCE, "the address ends with a name of sources.toml")
    if request.method != "POST":
        raise Problem(Kind.NOT_ALLOWED, "use POST", allow="POST")
    arrived = Received(headers(request), received(request))
    verified = proved(built, source, arrived, deadline, _challenge(source, declaration))
    built.limit(source)
    if verified.body is arrived.body:  # else it was in a token, whose type says nothing of it
        must_be_json(request)
    incoming = Incoming(
        source=source,
        declaration=declaration,
        delivery_id=verified.delivery_id,
        body=verified.body,
        trace=trace_of(request),
    )
    try:
        body = as_json(verified.body)
        reading = read_delivery(body, verified.body, source, declaration)
    except Unfit as unfit:
        raise Problem(Kind.INVALID, faults=unfit.faults) from None
    answer = handed_on(built, incoming, reading, deadline)
    return _accepted(answer, declaration, single=reading.single)


def handed_on(built: Intakes, incoming: Incoming, reading: Reading, deadline: Deadline) -> Answered:
    """What became of a delivery that was read, journalled by its numbers. Raises Unavailable."""
    answer = built.receiver.receive(incoming, reading, deadline)
    JOURNAL.say(
        "INFO",
        "received",
        source=incoming.source,
        repeat=answer.repeat or None,
        trace=incoming.trace,
        **dict(counts(answer.receipt)),
    )
    return answer


def proved(
    built: Intakes, source: str, arrived: Received, deadline: Deadline, asked: str = SIGNATURE
) -> Verified:
    """What the source has proved to have sent. Raises Problem, which says no more than no."""
    try:
        return built.verified(source, arrived, deadline)
    except NotVerified as trouble:
        JOURNAL.say("WARNING", "not verified", source=source, why=trouble.why)
        raise Problem(Kind.NOT_VERIFIED, challenge=asked) from None


def _challenge(source: str, declaration: Declaration) -> str:
    return challenge(declaration.verify.scheme, source) if declaration.verify else SIGNATURE


def _accepted(answer: Answered, declaration: Declaration, *, single: bool) -> Reply:
    """One flat answer to one request, else one of many; a problem if nothing can be done."""
    receipt = answer.receipt
    if all(each.became is Became.REFUSED for each in receipt.told) and receipt.told:
        faults = [Fault(it.pointer, it.reason or "", it.detail or "") for it in receipt.told]
        raise Problem(Kind.INVALID, faults=faults)
    if single and len(receipt.told) == 1:
        (only,) = receipt.told
        said = {**_said(only), "duplicate": answer.repeat}
        if only.request_id:
            return reply_json(declaration.answer, said, Location=f"/requests/{only.request_id}")
        return reply_json(declaration.answer, said)
    results = [{"pointer": each.pointer, **_said(each)} for each in receipt.told]
    said = {"results": results, **dict(counts(receipt)), "duplicate": answer.repeat}
    return reply_json(declaration.answer, said)


def _said(each: Told) -> dict[str, object]:
    said: dict[str, object] = {"status": each.became.value}
    if each.request_id:
        said |= {"request_id": each.request_id, "status_url": f"/requests/{each.request_id}"}
    if each.reason:
        said |= {"reason": each.reason, "detail": each.detail}
    return said


def tell(request: flask.Request, request_id: str, deadline: Deadline) -> Reply:
    """Where a request stands, for whoever has its id, or proves to be the source of it.

    An id that a sender has chosen can be guessed; without a proof nobody hears whether it exists.
    """
    if request.method != "GET":
        raise Problem(Kind.NOT_ALLOWED, "use GET", allow="GET")
    if not REQUEST_ID.fullmatch(request_id):
        raise Problem(Kind.UNKNOWN_REQUEST)
    built = wired.intakes()
    standings = built.inquiry.standings(request_id, deadline)
    if not UNGUESSABLE.fullmatch(request_id):
        standing = _own(built, standings, Received(headers(request), b""), deadline)
    elif standings:
        standing = standings[0]
    else:
        raise Problem(Kind.UNKNOWN_REQUEST)
    said = {"request_id": request_id, **_standing(standing)}
    if standing.is_final:
        return reply_json(200, said)
    return reply_json(200, said, Retry_After=str(LOOK_AGAIN))


def _own(
    built: Intakes, standings: Iterable[Standing], asked: Received, deadline: Deadline
) -> Standing:
    """The standing of the source that asks. Raises Problem if it proves to be none of them."""
    # A file's source, say, has no proof, and is answered like an id that nobody knows. Nor is a
    # scheme told: that would tell that the id is there.
    mine = [each for each in standings if built.proves(each.source)]
    for standing in mine[:-1]:
        try:
            built.verified(standing.source, asked, deadline)
        except NotVerified:
            continue  # the id may be the next one's as well
        return standing
    if not mine:
        raise Problem(Kind.NOT_VERIFIED)
    proved(built, mine[-1].source, asked, deadline)
    return mine[-1]


def _standing(standing: Standing) -> dict[str, object]:
    said = {name: value for name, value in vars(standing).items() if name != "source"}
    return {name: value for name, value in said.items() if value is not None}


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


def headers(request: flask.Request) -> dict[str, str]:
    """The headers by their names in lower case, as they came."""
    return {name.lower(): value for name, value in request.headers.items()}


def trace_of(request: flask.Request) -> str | None:
    """The trace that a delivery belongs to, if it says so."""
    given = request.headers.get("traceparent", "")
    return given if TRACEPARENT.fullmatch(given) else None
