"""What is known of the forms that are read, and what the API of Google Forms must be able to do."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from enrollment.clock import Deadline
from enrollment.sources.google_forms import Response, moment, time_of
from enrollment.timing import FORM_OVERLAP

# Responses that are remembered one by one: all of a school's within FORM_OVERLAP, which may answer
# in one minute. A hundred bytes each; a document of Firestore holds 1 MiB.
MOST_DONE = 3_000


@dataclass(frozen=True)
class FormAt:
    """A form at Google. `owner`: on whose behalf it is read; None if it is shared with us."""

    form_id: str
    owner: str | None = field(default=None, repr=False)


class FormClosed(Exception):
    """Google does not let us have this form; `detail` holds codes, and nothing of the form."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True)
class Page:
    """Some responses in no order, and the token of the next page."""

    responses: Sequence[Response] = field(repr=False)
    following: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Watch:
    """A watch: Google tells a topic that there are responses, until it expires."""

    watch_id: str
    topic: str
    active: bool
    error: str | None = None
    until: datetime


class GoogleForms(Protocol):
    """The API of Google Forms. Each method is exactly one HTTP call, given up after `timeout`.

    Each raises FormClosed, or Unavailable(forms_down).
    """

    def email_collection(self, form: FormAt, timeout: float) -> str:
        """The form's `emailCollectionType`; "" if it says nothing."""

    def responses(self, form: FormAt, after: str | None, token: str | None, timeout: float) -> Page:
        """Responses that were submitted later than a time, or all; a page of them."""

    def watches(self, form: FormAt, timeout: float) -> Sequence[Watch]:
        """The project's watches of responses."""

    def create_watch(self, form: FormAt, watch_id: str, topic: str, timeout: float) -> Watch | None:
        """A new watch of responses for seven days, or None if Google says that there is one."""

    def renew_watch(self, form: FormAt, watch_id: str, timeout: float) -> Watch | None:
        """The watch for seven more days, its errors cleared; None if it is gone."""


@dataclass(frozen=True, kw_only=True)
class FormState:
    """How far a form has been read. `floor` and `done` hold Google's own texts of times.

    Whatever was submitted up to `floor` is done, and of what is later all that `done` names:
    Google may show a response a moment after a later one.
    """

    floor: str | None = None
    done: tuple[str, ...] = ()
    looked_at: datetime | None = None
    collects: str | None = None  # the form's `emailCollectionType` when all of it was read last
    closed: str | None = None  # why Google did not let us have it the last time
    watch_id: str | None = None
    watch_error: str | None = None
    watch_until: datetime | None = None
    care_at: datetime | None = None  # when the watch is to be looked at again

    def with_done(self, keys: Sequence[str]) -> "FormState":
        """The state once these responses are done, oldest first."""
        known = sorted({*self.done, *keys}, key=_key_moment)
        if not known:
            return self
        recent = time_of(known[-1].partition(" ")[0]) - FORM_OVERLAP
        kept = [it for it in known[-MOST_DONE:] if time_of(it.partition(" ")[0]) > recent]
        floors = [it.partition(" ")[0] for it in known[: len(known) - len(kept)]]
        floors += [self.floor] if self.floor else []
        floor = max(floors, key=moment, default=None)
        if floor:
            kept = [it for it in kept if moment(it.partition(" ")[0]) > moment(floor)]
        return replace(self, floor=floor, done=tuple(kept))


def key_of(response: Response) -> str:
    """What tells a response from every other one, and from itself before it was edited."""
    return f"{response.submitted} {response.response_id}"


def _key_moment(key: str) -> tuple[tuple[str, str], str]:
    submitted, _, response_id = key.partition(" ")
    return moment(submitted), response_id


@dataclass(frozen=True)
class StoredForm:
    """A form's state as it is stored; `version` is None if it never was."""

    form_id: str
    state: FormState
    version: object


class FormStates(Protocol):
    """The memory of how far each form has been read."""

    def read(self, form_ids: Sequence[str], deadline: Deadline) -> Sequence[StoredForm]:
        """The states of these forms, in their order."""

    def write(self, seen: StoredForm, state: FormState, deadline: Deadline) -> StoredForm:
        """Replace what was seen. Raises Overtaken if it has changed since."""
