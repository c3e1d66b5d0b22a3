"""What is new in a form: read from Google page by page, in order, and only what is used."""

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from enrollment.clock import Deadline
from enrollment.form_ports import FormAt, FormState, GoogleForms, key_of
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.sources.forms import RESPONDENT, Form
from enrollment.sources.google_forms import Response
from enrollment.timing import FORMS_LIMIT, TOO_OLD

MOST_AT_ONCE = 2_000  # responses kept in memory; more than a delivery has time for


def new_responses(
    google: GoogleForms, at: FormAt, asked: Collection[str], state: FormState, deadline: Deadline
) -> tuple[list[Response], bool]:
    """The oldest responses that are not done, in their order; whether there are more of them.

    Every page is read before anything is done, because Google promises no order. Raises FormClosed
    or Unavailable.
    """
    oldest: list[Response] = []
    more = False
    for found in _pages(google, at, asked, state, deadline):
        oldest = sorted([*oldest, *found], key=_place)
        more = more or len(oldest) > MOST_AT_ONCE
        del oldest[MOST_AT_ONCE:]
    return oldest, more


def beginning(now: datetime) -> str:
    """From when on a form is read that was never looked at: what is older is history."""
    return f"{now - TOO_OLD:%Y-%m-%dT%H:%M:%SZ}"


def questions_of(form: Form) -> set[str]:
    """Google's ids of the questions whose answers are used."""
    return {*form.questions.values()} - {RESPONDENT}


def body_of(response: Response, form: Form) -> bytes:
    """What is used of a response, always in the same words."""
    asked = questions_of(form)
    said = {
        "responseId": response.response_id,
        "lastSubmittedTime": response.submitted,
        "respondentEmail": response.respondent,
        "answers": {each: response.answers[each] for each in asked & response.answers.keys()},
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def seconds_for(deadline: Deadline) -> float:
    """The seconds that a call may take. Raises Unavailable if none are left."""
    if seconds := deadline.within(FORMS_LIMIT):
        return seconds
    raise Unavailable(Reason.FORMS_DOWN, "no time is left")


def _pages(
    google: GoogleForms, at: FormAt, asked: Collection[str], state: FormState, deadline: Deadline
) -> Iterator[list[Response]]:
    done, token = frozenset(state.done), None
    while True:
        page = google.responses(at, state.floor, token, seconds_for(deadline))
        yield [_only(each, asked) for each in page.responses if key_of(each) not in done]
        token = page.following
        if not token:
            return


def _only(response: Response, asked: Collection[str]) -> Response:
    """The response without what nobody here asks for."""
    used = {each: said for each, said in response.answers.items() if each in asked}
    return replace(response, answers=used)


def _place(response: Response) -> tuple[tuple[str, str], str]:
    return response.moment, response.response_id
