"""The hourly look at every form: a notification that was lost costs an hour at most."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from enrollment.clock import Deadline
from enrollment.form_ports import FormStates
from enrollment.ports import Message, Overtaken, Topic, Unavailable
from enrollment.timing import LOOK_EVERY

EVERY_FORM = "*"  # no form has such an id: in its record stands when all were looked at
LOOK = "LOOK"  # the eventType; Google's own are RESPONSES and SCHEMA
MESSAGES: Sequence[Message] = (Message(b"", {"eventType": LOOK}),)


@dataclass
class HourlyLook:
    """Asks for a look when it is due. Of any number of wakes one asks."""

    states: FormStates
    topic: Topic
    every: timedelta = LOOK_EVERY
    _next: datetime | None = field(default=None, init=False, repr=False)

    def ask(self, now: datetime, deadline: Deadline) -> bool:
        """Whether a look was due and has been asked for. Raises Unavailable."""
        if self._next is not None and now < self._next:
            return False  # what this instance knows by itself costs nothing
        (seen,) = self.states.read([EVERY_FORM], deadline)
        last = seen.state.looked_at
        if last is not None and now < last + self.every:
            self._next = last + self.every
            return False
        try:
            mine = self.states.write(seen, replace(seen.state, looked_at=now), deadline)
        except Overtaken:
            return False
        try:
            self.topic.publish(MESSAGES, deadline)
        except Unavailable:
            with suppress(Unavailable, Overtaken):  # else it is asked for an hour later
                self.states.write(mine, seen.state, deadline)
            raise
        self._next = now + self.every
        return True
