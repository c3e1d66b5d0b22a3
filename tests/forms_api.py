"""Google Forms on loopback: as its documentation says, and as it was measured to behave.

A filter compares `lastSubmittedTime` with every digit of it; pages come in no order; a watch
lapses after seven days, and there is one for each project and form.
"""

import json
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, unquote

from infra.fake_classroom.listener import Listener
from infra.fake_classroom.wire import Reply, Request

SEVEN_DAYS = timedelta(days=7)
PATH = re.compile(r"/v1/forms/(?P<form>[^/:]+)(?P<rest>/.*)?")
RENEW = re.compile(r"/watches/(?P<watch>[^/:]+):renew")
FILTER = re.compile(r"timestamp (>=?) ([0-9T:.Z-]+)")
STATUSES = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE",
}  # fmt: skip


class Error(Exception):
    """An answer with an error."""

    def __init__(self, http, status=None):
        super().__init__(http)
        self.http, self.status = http, status or STATUSES[http]


@dataclass
class FakeForm:
    """A form: what was answered, and its watch."""

    collects: str = "VERIFIED"
    responses: dict = field(default_factory=dict)
    watch: dict | None = None
    failing: int = 0  # the status of every answer
    readers: set | None = None  # who may read it; None is everybody

    def answered(self, response_id, submitted, respondent="", **answers):
        """Somebody answers, or edits the answer. An answer is one text or several."""
        self.responses[response_id] = {
            "responseId": response_id,
            "createTime": submitted,
            "lastSubmittedTime": submitted,
            **({"respondentEmail": respondent} if respondent else {}),
            "answers": {
                each: {"questionId": each, "textAnswers": {"answers": _values(said)}}
                for each, said in answers.items()
            },
        }


@dataclass
class FakeForms:
    """The API. `calls` counts what was asked; `page` limits pages below what is asked for."""

    now: datetime = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    forms: dict = field(default_factory=dict)
    calls: Counter = field(default_factory=Counter)
    callers: list = field(default_factory=list)
    page: int = 5000
    failing: dict = field(default_factory=dict)  # by the name of the call, the status
    topics: set = field(default_factory=set)  # where the publisher is not let in

    def __enter__(self):
        self._listener = Listener(self.answer, port=0, name="forms")
        self._listener.start()
        return self

    def __exit__(self, *_):
        self._listener.close()

    @property
    def endpoint(self):
        return self._listener.url.rstrip("/")

    def form(self, form_id, **said):
        """Another form."""
        return self.forms.setdefault(form_id, FakeForm(**said))

    def answer(self, request: Request) -> Reply:
        """What Google says."""
        try:
            said = self._answered(request)
        except Error as error:
            told = {
                "code": error.http,
                "message": "of ada@northside.example",
                "status": error.status,
            }
            return Reply(status=error.http, body=json.dumps({"error": told}).encode())
        return Reply(body=json.dumps(said).encode())

    def _answered(self, request):
        found = PATH.fullmatch(request.path)
        name, work = self._call(request, found["rest"] or "")
        self.calls[name] += 1
        caller = request.headers.get("authorization", "").removeprefix("Bearer loopback:")
        self.callers.append(caller)
        form = self.forms.get(unquote(found["form"]))
        if status := self.failing.get(name) or (form.failing if form else 0):
            raise Error(status)
        if form is None:
            raise Error(404)
        if form.readers is not None and caller not in form.readers:
            raise Error(403)
        return work(form, unquote(found["form"]))

    def _call(self, request, rest):
        asked = dict(parse_qsl(request.query))
        said = json.loads(request.body or b"{}")
        if renewal := RENEW.fullmatch(rest):
            return "renew", lambda form, _: self._renewed(form, renewal["watch"])
        match request.verb, rest:
            case "GET", "":
                return "get", lambda form, form_id: {
                    "formId": form_id,
                    "settings": {"emailCollectionType": form.collects} if form.collects else {},
                }
            case "GET", "/responses":
                return "responses", lambda form, _: self._listed(form, asked)
            case "GET", "/watches":
                return "watches", lambda form, _: self._watches(form)
            case "POST", "/watches":
                return "create", lambda form, _: self._created(form, said)
        raise Error(404)

    def _listed(self, form, asked):
        after = FILTER.fullmatch(asked["filter"]) if "filter" in asked else None
        if "filter" in asked and after is None:
            raise Error(400)
        chosen = [each for each in form.responses.values() if after is None or _passes(each, after)]
        chosen.sort(key=lambda each: each["responseId"])
        random.Random(len(chosen)).shuffle(chosen)
        begin = int(asked.get("pageToken", "0"))
        end = begin + min(self.page, int(asked.get("pageSize", "5000")))
        said = {"responses": chosen[begin:end]} if chosen[begin:end] else {}
        return said | ({"nextPageToken": str(end)} if end < len(chosen) else {})

    def _watches(self, form):
        self._lapse(form)
        return {"watches": [form.watch]} if form.watch else {}

    def _created(self, form, said):
        self._lapse(form)
        topic = said["watch"]["target"]["topic"]["topicName"]
        if not re.fullmatch(r"[a-z-]{4,63}", said["watchId"]) or "id" in said["watch"]:
            raise Error(400)
        if form.watch is not None:
            raise Error(400, "FAILED_PRECONDITION")
        if topic in self.topics:
            raise Error(403)
        created = {"id": said["watchId"], **said["watch"], "createTime": _text(self.now)}
        form.watch = self._for_seven_days(created)
        return form.watch

    def _renewed(self, form, watch_id):
        self._lapse(form)
        if form.watch is None or form.watch["id"] != watch_id:
            raise Error(404)
        form.watch = self._for_seven_days(form.watch)
        return form.watch

    def _for_seven_days(self, watch):
        kept = {name: said for name, said in watch.items() if name != "errorType"}
        return kept | {"state": "ACTIVE", "expireTime": _text(self.now + SEVEN_DAYS)}

    def _lapse(self, form):
        if form.watch and form.watch["expireTime"] <= _text(self.now):
            form.watch = None


def _values(said):
    return [{"value": each} for each in ([said] if isinstance(said, str) else said)]


def _passes(response, after):
    mine, theirs = _moment(response["lastSubmittedTime"]), _moment(after[2])
    return mine > theirs or (after[1] == ">=" and mine == theirs)


def _moment(text):
    second, _, fraction = text.removesuffix("Z").partition(".")
    return second, fraction.ljust(9, "0")


def _text(time):
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
