"""`wake`: called each minute by Cloud Scheduler. Answers 200 with what it did, as JSON."""

import json
from dataclasses import asdict

import flask

from enrollment.clock import Deadline
from enrollment.doors import DONE, JSON, Reply, answered, reply
from enrollment.wiring import distributed


def wake(request: flask.Request) -> Reply:
    """Send again what is due: owed letters, waiting requests, the probe of a held line."""
    del request  # whoever may call says all by calling

    def work(deadline: Deadline) -> Reply:
        del deadline  # it has one of its own, up to the function's timeout
        woken = asdict(distributed.waker().run())
        trouble = woken["failed"] or woken["unreadable"] or woken["held"]
        distributed.JOURNAL.say("WARNING" if trouble else "INFO", "woken", **woken)
        return reply(DONE, json.dumps(woken), JSON)

    return answered(work)
