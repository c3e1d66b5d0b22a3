"""`collect`: a delivery from `enrollment-dead-letters`. Answers 200 once it is safe, else 503."""

import flask

from enrollment.doors import DONE, Reply, delivered, reply
from enrollment.returned import is_returned
from enrollment.wire import Delivery
from enrollment.wiring import distributed


def collect(request: flask.Request) -> Reply:
    """File a letter for a person, or put what Pub/Sub gave up delivering back to waiting."""

    def work(delivery: Delivery) -> Reply:
        if is_returned(delivery.attributes):
            became = distributed.returns().take_back(delivery)
        else:
            became = f"filed, {distributed.collector().collect(delivery).state}"
        distributed.JOURNAL.say("INFO", became, trace=delivery.trace)
        return reply(DONE, became)

    return delivered(request, work)
