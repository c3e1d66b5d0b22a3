"""The forms that are read: what is new in them goes the way of every delivery, each one once."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from enrollment.clock import Clock, Deadline
from enrollment.form_declared import DeclaredForm
from enrollment.form_news import beginning, body_of, new_responses, seconds_for
from enrollment.form_ports import (
    FormClosed,
    FormState,
    FormStates,
    GoogleForms,
    StoredForm,
    key_of,
)
from enrollment.form_watch import Say, Watcher
from enrollment.ports import Overtaken, Unavailable
from enrollment.reasons import Reason
from enrollment.receiving import Incoming, Receiver, counts
from enrollment.sources.google_forms import VERIFIED, Response, read_response
from enrollment.timing import FORM_SAVING, TOO_OLD

NEVER = datetime.min.replace(tzinfo=UTC)
SAVE_EVERY = 100
SAVE_TRIES = 5


@dataclass
class Looked:
    """What one notification came to. `closed`: forms that Google does not let us have."""

    forms: int = 0
    closed: int = 0
    undeclared: int = 0
    responses: int = 0
    became: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, kw_only=True)
class Forms:
    """Reads forms. Any number may read the same one at once: a receipt makes each repeat one."""

    declared: Mapping[str, DeclaredForm]
    google: GoogleForms
    states: FormStates
    watcher: Watcher
    receiver: Receiver
    clock: Clock
    say: Say = field(repr=False)

    def notified(self, form_id: str | None, deadline: Deadline) -> Looked:
        """Read what is new in a form, or in every one. Raises Unavailable: then it must come again.

        Whatever was done by then is remembered.
        """
        looked = Looked()
        if form_id is not None and form_id not in self.declared:
            self.say("WARNING", "a notification is of a form that is not declared")
            looked.undeclared = 1
            return looked
        chosen = list(self.declared) if form_id is None else [form_id]
        trouble = None
        for seen in sorted(self.states.read(chosen, deadline), key=_last_look):
            if deadline.remaining() <= FORM_SAVING.total_seconds():
                raise Unavailable(Reason.FORMS_DOWN, "no time is left for every form")
            try:
                _Look(self, self.declared[seen.form_id], looked, deadline, seen).run()
            except Unavailable as each:
                if each.reason is not Reason.FORMS_DOWN:
                    raise
                trouble = trouble or each  # the next form may be another person's
        if trouble is not None:
            raise trouble
        return looked


@dataclass
class _Look:
    """One look at one form. The state is saved first: what fails is not first in turn again."""

    forms: Forms
    form: DeclaredForm
    looked: Looked
    deadline: Deadline
    seen: StoredForm

    def run(self) -> None:
        self.looked.forms += 1
        self._begin()
        try:
            while self._read_some():
                (self.seen,) = self.forms.states.read([self.seen.form_id], self.deadline)
        except FormClosed as closed:
            self.looked.closed += 1
            detail, source = closed.detail, self.form.name
            self.forms.say("ERROR", "a form cannot be read", source=source, detail=detail)
            self._save(lambda state: replace(state, closed=detail))

    def _begin(self) -> None:
        """See to the watch before reading, so that nothing falls in between."""
        now, state = self.forms.clock.now(), self.seen.state
        cared = self.forms.watcher.cared_for(
            self.form.at, self.form.name, state, now, self.deadline
        )

        def begun(state: FormState) -> FormState:
            return replace(
                state,
                floor=state.floor or (None if state.looked_at else beginning(now)),
                looked_at=now,
                watch_id=cared.watch_id,
                watch_error=cared.watch_error,
                watch_until=cared.watch_until,
                care_at=cared.care_at,
            )

        self._save(begun)

    def _read_some(self) -> bool:
        """Read what is new, oldest first; whether there was more than is read at once."""
        google, at, work = self.forms.google, self.form.at, self._work
        before = self.seen.state
        responses, more = new_responses(google, at, self.form.asked, before, work)
        collects = before.collects
        if responses or collects is None:
            collects = google.email_collection(at, seconds_for(work))
        if responses:
            # What was sent before a look found the form to verify stays in doubt: it may have been
            # set to it since.
            verified = before.collects == collects == VERIFIED
            self._receive_all(responses, verified=verified)
        if not more and (before.collects, before.closed) != (collects, None):
            self._save(lambda state: replace(state, collects=collects, closed=None))
        return more

    @property
    def _work(self) -> Deadline:
        return self.deadline.earlier(FORM_SAVING)

    def _receive_all(self, responses: Sequence[Response], *, verified: bool) -> None:
        work, fresh = self._work, list[str]()
        try:
            for response in responses:
                if not work.remaining():
                    raise Unavailable(Reason.FORMS_DOWN, "more responses than there is time for")
                self._receive(response, work, verified=verified)
                fresh.append(key_of(response))
                if len(fresh) == SAVE_EVERY:
                    self._save_done(fresh)
                    fresh = []
        finally:
            if fresh:
                self._save_done(fresh)

    def _receive(self, response: Response, work: Deadline, *, verified: bool) -> None:
        old = response.submitted_at < self.forms.clock.now() - TOO_OLD
        for name, said in self.form.sources:
            assert said.form is not None
            reading = read_response(response, said.form, said.mode, verified=verified, old=old)
            incoming = Incoming(
                source=name,
                declaration=said,
                delivery_id=f"{response.response_id}:{response.submitted}",
                body=body_of(response, said.form),
            )
            answered = self.forms.receiver.receive(incoming, reading, work)
            self.looked.became.update(dict(counts(answered.receipt)))
        self.looked.responses += 1

    def _save_done(self, keys: Sequence[str]) -> None:
        self._save(lambda state: state.with_done(keys))

    def _save(self, change: Callable[[FormState], FormState]) -> None:
        """Change the stored state, whoever else is at it: what two have done adds up."""
        states = self.forms.states
        for _ in range(SAVE_TRIES):
            try:
                self.seen = states.write(self.seen, change(self.seen.state), self.deadline)
            except Overtaken:
                (self.seen,) = states.read([self.seen.form_id], self.deadline)
            else:
                return
        raise Unavailable(Reason.LEDGER_DOWN, "others read the same form at this moment")


def _last_look(seen: StoredForm) -> datetime:
    return seen.state.looked_at or NEVER
