"""Whoever asks a OneRoster service on this machine, as an instance of the function does."""

import pytest

from enrollment.adapters.oneroster_rest import OneRosterRest
from enrollment.adapters.secrets import Secrets
from enrollment.clock import Deadline
from enrollment.ports import Unavailable
from enrollment.sources.lookup import LookupPlace
from tests.doubles import MovableClock
from tests.oneroster_service import CLIENT


class Asker:
    """Asks the service as an instance of the function does."""

    def __init__(self, service, client=CLIENT, **place):
        self.service, self.clock = service, MovableClock()
        self.secrets = Secrets(None, environment={"CLIENT": client})
        said = LookupPlace(**(service.place.model_dump() | place))
        self.rest = OneRosterRest(said, self.secrets.value, self.clock.monotonic)

    def person(self, user_id="17", seconds=45):
        return self.rest.person(user_id, Deadline(self.clock, self.clock.monotonic() + seconds))

    def section(self, class_id="BIO-7"):
        return self.rest.section(class_id, Deadline.starting_now(self.clock))

    def trouble(self, **more):
        with pytest.raises(Unavailable) as raised:
            self.person(**more)
        return raised.value
