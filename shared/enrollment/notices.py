"""Notices that a Google Form has new responses, as Pub/Sub pushes them; they carry nothing else."""

import flask

from enrollment.bodies import received
from enrollment.clock import Deadline
from enrollment.doors import DONE, Reply
from enrollment.form_looks import LOOK
from enrollment.intake_doors import headers, reply_json
from enrollment.problems import Kind, Problem
from enrollment.push import as_delivery
from enrollment.verify.received import NotVerified
from enrollment.verify.schemes import Name, challenge
from enrollment.wiring import forms as wired
from enrollment.wiring.distributed import JOURNAL

SOURCE = "form-notifications"
BEARER = challenge(Name.GOOGLE_OIDC, SOURCE)
RESPONSES = "RESPONSES"  # Google's eventType for a new or changed response


def noticed(request: flask.Request, deadline: Deadline) -> Reply:
    """Look at what a notice is about. Raises Problem, or Unavailable: then it comes again.

    The public may call this function, so that nobody but Pub/Sub asks Google on our account, the
    push proves itself like every sender.
    """
    if request.method != "POST":
        raise Problem(
            Kind.NOT_ALLOWED, "Pub/Sub posts here; a form has the name of its source.", allow="POST"
        )
    body = received(request)
    try:
        wired.caller().prove(headers(request))
    except NotVerified as trouble:
        JOURNAL.say("WARNING", "not verified", source=SOURCE, why=trouble.why)
        raise Problem(Kind.NOT_VERIFIED, challenge=BEARER) from None
    told = as_delivery(body, deadline).attributes
    form_id, event = told.get("formId"), told.get("eventType")
    if event != LOOK and not (event == RESPONSES and form_id):
        JOURNAL.say("WARNING", "no notice of a form")  # nobody can mend it by sending it again
        return reply_json(DONE, {"forms": 0})
    looked = vars(wired.forms().notified(form_id, deadline))
    said = {name: number for name, number in looked.items() if name != "became"} | looked["became"]
    JOURNAL.say("INFO", "looked at forms", **said)
    return reply_json(DONE, said)
