"""A watch on each form: looked at and renewed each day, for Google ends it after seven."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from enrollment.clock import Deadline
from enrollment.form_news import seconds_for
from enrollment.form_ports import FormAt, FormClosed, FormState, GoogleForms, Watch
from enrollment.ports import Unavailable
from enrollment.timing import LOOK_EVERY, WATCH_CARE, WATCH_EVERY

Say = Callable[..., None]  # severity, message, and what else there is to say of it


@dataclass(frozen=True, kw_only=True)
class Watcher:
    """Sees to the watches. What it cannot have is told and costs nothing but promptness."""

    google: GoogleForms
    topic: str  # its whole path, as Google wants it
    say: Say = field(repr=False)

    def cared_for(
        self, form: FormAt, source: str, state: FormState, now: datetime, deadline: Deadline
    ) -> FormState:
        """The state after its watch was seen to, if that was due."""
        if state.care_at is not None and now < state.care_at:
            return state
        try:
            watch = self._kept(form, source, deadline.at_most(WATCH_CARE))
            detail = "" if watch else "Google grants none"
        except FormClosed as closed:
            watch, detail = None, closed.detail
        except Unavailable as trouble:
            watch, detail = None, f"{trouble.reason}: {trouble.detail}"
        if watch is None:
            self.say("ERROR", "a form has no watch", source=source, detail=detail)
            return replace(state, watch_error=detail, care_at=now + LOOK_EVERY)
        return replace(
            state,
            watch_id=watch.watch_id,
            watch_error=watch.error,
            watch_until=watch.until,
            care_at=now + WATCH_EVERY,
        )

    def _kept(self, form: FormAt, source: str, deadline: Deadline) -> Watch | None:
        """Our watch with seven days before it. Another worker may be making the same one."""
        for _ in range(2):
            if (there := self._ours(form, deadline)) is not None:
                self._tell(there, source)
                if renewed := self.google.renew_watch(form, there.watch_id, seconds_for(deadline)):
                    return renewed
            made = self.google.create_watch(
                form, watch_id_of(form.form_id), self.topic, seconds_for(deadline)
            )
            if made is not None:
                return made
        return None

    def _ours(self, form: FormAt, deadline: Deadline) -> Watch | None:
        watches = self.google.watches(form, seconds_for(deadline))
        return next((each for each in watches if each.topic == self.topic), None)

    def _tell(self, watch: Watch, source: str) -> None:
        """Say that Google had given up; the renewal makes it try again."""
        if not watch.active:
            detail = watch.error or "it is suspended"
            self.say("ERROR", "Google had suspended a form's watch", source=source, detail=detail)


def watch_id_of(form_id: str) -> str:
    """An id for our watch of a form: Google takes small letters and hyphens only."""
    digest = hashlib.sha256(form_id.encode()).digest()
    return "enrollment-" + "".join(chr(ord("a") + byte % 26) for byte in digest)
