"""`enroll`: a delivery from `enrollment-requests`. Answers 200, 503 or 500, and never 4xx."""

import flask

from enrollment.doors import DONE, NOT_NOW, OUR_FAULT, Reply, delivered, reply
from enrollment.wire import Delivery
from enrollment.wiring import distributed


def enroll(request: flask.Request) -> Reply:
    """Enroll the student whom the delivery asks for; Pub/Sub brings again what was not now."""

    def work(delivery: Delivery) -> Reply:
        enroller = distributed.enroller()
        try:
            answer = enroller.handle(delivery)
        except Exception as fault:  # noqa: BLE001 - journalled there, without its message
            return reply(OUR_FAULT, f"a fault of ours: {type(fault).__name__}")
        return reply(DONE if answer.acknowledge else NOT_NOW, answer.what)

    return delivered(request, work)
