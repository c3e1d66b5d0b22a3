"""The API of Google Forms: plain HTTP, each call sent once and given up in time.

Five calls need no generated client. Errors never hold what Google wrote: it may name a person.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from enrollment.adapters.classroom.answers import Problem, read_problem
from enrollment.adapters.classroom.connections import Connections
from enrollment.adapters.classroom.credentials import Identities
from enrollment.adapters.classroom.http import (
    AnswerLost,
    Calling,
    ErrorAnswer,
    Unreached,
)
from enrollment.adapters.clock import monotonic
from enrollment.adapters.forms_answers import (
    listed_in,
    not_googles,
    object_in,
    response_of,
    watch_of,
)
from enrollment.form_ports import FormAt, FormClosed, Page, Watch
from enrollment.ports import Misconfigured, Refused, Unavailable
from enrollment.reasons import Reason

SCOPES = (
    "https://www.googleapis.com/auth/forms.body.readonly",
    "https://www.googleapis.com/auth/forms.responses.readonly",
)
GOOGLES = "https://forms.googleapis.com"
PAGE = 500  # of 5,000 at most: a response with long answers may have 10 KiB
RESPONSES = "nextPageToken,responses(responseId,lastSubmittedTime,respondentEmail,answers)"
EVENT = "RESPONSES"
EXISTS = frozenset({"FAILED_PRECONDITION", "ALREADY_EXISTS"})
JSON = {"accept": "application/json", "content-type": "application/json"}


class _Said(Exception):
    """Google's answer with an error, read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem

    @property
    def trouble(self) -> Exception:
        """What it means where it means nothing else."""
        if self.problem.http in (403, 404) and not self.problem.quota:
            return FormClosed(self.problem.detail)
        return Unavailable(Reason.FORMS_DOWN, self.problem.detail)


@dataclass(frozen=True)
class _Call:
    """One call about a form; with a body it is a POST."""

    form: FormAt
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: object = None

    @property
    def path_and_query(self) -> str:
        query = f"?{urlencode(self.query)}" if self.query else ""
        return f"/v1/forms/{quote(self.form.form_id, safe='')}{self.path}{query}"


@dataclass
class GoogleFormsApi:
    """Google Forms at Google, or at `endpoint`; a form without an owner is read by the service."""

    identities: Identities
    endpoint: str = GOOGLES
    connections: Connections = field(default_factory=Connections, init=False, repr=False)

    def email_collection(self, form: FormAt, timeout: float) -> str:
        """The form's `emailCollectionType`; "" if it says nothing."""
        said = self._plain(_Call(form, "", {"fields": "formId,settings"}), timeout)
        if "formId" not in said:
            raise not_googles()
        settings = said.get("settings")
        found = settings.get("emailCollectionType") if isinstance(settings, dict) else None
        return found if isinstance(found, str) else ""

    def responses(self, form: FormAt, after: str | None, token: str | None, timeout: float) -> Page:
        """Responses that were submitted later than a time, or all; a page of them."""
        asked = {"pageSize": str(PAGE), "fields": RESPONSES}
        if after:
            asked["filter"] = f"timestamp > {after}"
        if token:
            asked["pageToken"] = token
        said = self._plain(_Call(form, "/responses", asked), timeout)
        following = said.get("nextPageToken")
        return Page(
            [response_of(each) for each in listed_in(said, "responses", "nextPageToken")],
            following if isinstance(following, str) else None,
        )

    def watches(self, form: FormAt, timeout: float) -> Sequence[Watch]:
        """The project's watches of responses."""
        listed = listed_in(self._plain(_Call(form, "/watches"), timeout), "watches")
        return [watch_of(it) for it in listed if it.get("eventType") == EVENT]

    def create_watch(self, form: FormAt, watch_id: str, topic: str, timeout: float) -> Watch | None:
        """A new watch of responses for seven days, or None if Google says that there is one."""
        target = {"topic": {"topicName": topic}}
        body = {"watchId": watch_id, "watch": {"target": target, "eventType": EVENT}}
        try:
            return watch_of(self._send(_Call(form, "/watches", body=body), timeout))
        except _Said as said:
            if said.problem.status in EXISTS:
                return None
            raise said.trouble from None

    def renew_watch(self, form: FormAt, watch_id: str, timeout: float) -> Watch | None:
        """The watch for seven more days, its errors cleared; None if it is gone."""
        path = f"/watches/{quote(watch_id, safe='')}:renew"
        try:
            return watch_of(self._send(_Call(form, path, body={}), timeout))
        except _Said as said:
            if said.problem.http == 404:
                return None
            raise said.trouble from None

    def _plain(self, call: _Call, timeout: float) -> dict[str, Any]:
        """The object that Google answers. Raises FormClosed or Unavailable."""
        try:
            return self._send(call, timeout)
        except _Said as said:
            raise said.trouble from None

    def _send(self, call: _Call, timeout: float) -> dict[str, Any]:
        """The object that Google answers. Raises _Said, FormClosed or Unavailable."""
        ends, subject = monotonic() + timeout, call.form.owner or ""
        headers = self._headers(subject, timeout)
        if (left := ends - monotonic()) <= 0:
            raise Unavailable(Reason.FORMS_DOWN, "no time is left after the token")
        method, sent = ("GET", None) if call.body is None else ("POST", json.dumps(call.body))
        try:
            calling = Calling(self.connections.mine(left), headers)
            url = f"{self.endpoint.rstrip('/')}{call.path_and_query}"
            _, content = calling.request(url, method, body=sent, headers=JSON)
        except (Unreached, AnswerLost) as error:
            raise Unavailable(Reason.FORMS_DOWN, f"no answer: {type(error).__name__}") from None
        except ErrorAnswer as error:
            if error.http == 401:
                self.identities.rejected(subject, headers)
            raise _Said(read_problem(error.http, error.content)) from None
        return object_in(content)

    def _headers(self, subject: str, timeout: float) -> dict[str, str]:
        try:
            return self.identities.headers(subject, as_student=False, timeout=timeout)
        except (Misconfigured, Refused) as refused:  # of this owner; another's form may be read
            raise FormClosed(str(refused.reason)) from None
        except Unavailable as trouble:
            raise Unavailable(Reason.FORMS_DOWN, trouble.detail) from None

    def close(self) -> None:
        """Close the connections of all threads; none of them may be calling."""
        self.connections.close()
