"""What a system delivers: proved, read, received, and told record by record; or a problem."""

from collections.abc import Collection

import flask

from enrollment.bodies import as_json, must_be_json, received
from enrollment.clock import Deadline
from enrollment.doors import Reply
from enrollment.intake_doors import headers, proved, reply_json, trace_of
from enrollment.problems import Kind, Problem
from enrollment.receipt import Became, Told
from enrollment.receiving import Answered, Incoming, counts
from enrollment.sources import declared
from enrollment.sources.declared import Declaration
from enrollment.sources.events import Fault, Reading, Unfit
from enrollment.sources.posted import read_delivery
from enrollment.verify.received import Received
from enrollment.verify.schemes import SIGNATURE, challenge
from enrollment.wiring import intakes as wired
from enrollment.wiring.distributed import JOURNAL
from enrollment.wiring.intakes import Intakes


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
