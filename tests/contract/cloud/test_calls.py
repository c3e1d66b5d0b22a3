"""A call to Google Cloud ends in time, is tried again while that may help, and tells no content."""

from datetime import timedelta

import grpc
import pytest
from google.api_core import exceptions
from google.auth.exceptions import RefreshError

from enrollment.adapters.calls import PASSING, status, within
from enrollment.clock import Deadline
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from tests.contract.backends import HandMovedClock

SECRET = "ada@northside.example"


class Server:
    """Takes a while for each try, and answers in turn what it was given."""

    def __init__(self, *answers, takes=0.0):
        self.clock, self.answers, self.takes = HandMovedClock(), list(answers), takes
        self.given = []

    def __call__(self, seconds):
        self.given.append(seconds)
        self.clock.sleep(min(self.takes, seconds))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def called(self, left=45.0):
        deadline = Deadline.starting_now(self.clock, timedelta(seconds=left))
        return within(
            deadline,
            self,
            reason=Reason.LEDGER_DOWN,
            limit=timedelta(seconds=10),
            one_try=timedelta(seconds=5),
        )


@pytest.mark.parametrize("kind", PASSING)
def test_trouble_that_may_pass_is_tried_again(kind):
    server = Server(kind(SECRET), kind(SECRET), "done")

    assert server.called() == "done"
    assert len(server.given) == 3


def test_trouble_that_will_not_pass_is_the_callers_at_once():
    server = Server(exceptions.AlreadyExists("there"))

    with pytest.raises(exceptions.AlreadyExists):
        server.called()

    assert len(server.given) == 1


def test_a_try_takes_5_seconds_at_most_and_all_of_them_10():
    server = Server(exceptions.DeadlineExceeded(SECRET), takes=99)

    with pytest.raises(Unavailable) as caught:
        server.called()

    assert caught.value.detail == "DEADLINE_EXCEEDED"
    assert server.given[0] == 5
    assert sum(server.given) <= 10
    assert server.clock.monotonic() <= 10


@pytest.mark.parametrize("left", [0.05, 0.5, 3.0])
def test_a_call_ends_with_the_work_it_belongs_to(left):
    server = Server(exceptions.ServiceUnavailable(SECRET), takes=0.02)

    with pytest.raises(Unavailable):
        server.called(left)

    assert all(seconds <= left for seconds in server.given)
    assert server.clock.monotonic() <= left


def test_no_call_starts_without_time():
    server = Server("done")

    with pytest.raises(Unavailable, match="no time is left"):
        server.called(0)

    assert server.given == []


def test_tries_are_spaced():
    server = Server(exceptions.ServiceUnavailable(SECRET))

    with pytest.raises(Unavailable):
        server.called()

    assert len(server.given) < 30


def test_what_gave_up_says_the_status_and_not_what_was_sent():
    server = Server(exceptions.ServiceUnavailable(SECRET))

    with pytest.raises(Unavailable) as caught:
        server.called()

    assert str(caught.value) == "ledger_down: UNAVAILABLE"
    assert caught.value.__suppress_context__


class Lost(grpc.RpcError):
    def code(self):
        return grpc.StatusCode.UNAVAILABLE


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (exceptions.from_grpc_status(grpc.StatusCode.ABORTED, SECRET), "ABORTED"),
        (exceptions.GoogleAPIError(SECRET), "GoogleAPIError"),
        (RefreshError(SECRET), "RefreshError"),
        (Lost(), "UNAVAILABLE"),
        (grpc.RpcError(), "RpcError"),
    ],
)
def test_every_trouble_has_a_short_name(error, said):
    assert status(error) == said
