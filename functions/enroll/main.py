"""`enroll`: a delivery from `enrollment-requests`. Answers 200, 503 or 500, and never 4xx."""

import flask

from enrollment.clock import Deadline
from enrollment.doors import DONE, NOT_NOW, OUR_FAULT, Reply, answered, reply
from enrollment.push import as_delivery
from enrollment.wiring import distributed


def enroll(request: flask.Request) -> Reply:
    """Enroll the student whom the delivery asks for; Pub/Sub brings again what was not now."""

    def work(deadline: Deadline) -> Reply:
        enroller = distributed.enroller()
        try:
            answer = enroller.handle(as_delivery(request.get_data(), deadline))
        except Exception as fault:  # noqa: BLE001 - journalled there, without its message
            return reply(OUR_FAULT, f"a fault of ours: {type(fault).__name__}")
        return reply(DONE if answer.acknowledge else NOT_NOW, answer.what)

    return answered(work)
