"""Where a request stands, told to the system that asks."""

from collections.abc import Iterable

import flask

from enrollment.clock import Deadline
from enrollment.doors import Reply
from enrollment.inquiry import LOOK_AGAIN, UNGUESSABLE, Standing
from enrollment.intake_doors import headers, proved, reply_json
from enrollment.ports import Unavailable
from enrollment.problems import Kind, Problem
from enrollment.request import REQUEST_ID
from enrollment.verify.received import Received
from enrollment.wiring import intakes as wired
from enrollment.wiring.distributed import JOURNAL
from enrollment.wiring.intakes import Intakes


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
    for standing in mine:
        try:
            proved(built, standing.source, asked, deadline)
        except Problem:
            continue  # the id may be the next one's as well
        except Unavailable as trouble:  # told, it would tell that the id is there
            JOURNAL.say("WARNING", "not now", reason=trouble.reason, detail=trouble.detail)
            continue
        return standing
    raise Problem(Kind.NOT_VERIFIED)


def _standing(standing: Standing) -> dict[str, object]:
    said = {name: value for name, value in vars(standing).items() if name != "source"}
    return {name: value for name, value in said.items() if value is not None}
