"""The proxy as a process of its own, as the tests of whole functions start it."""

import json
import os
import signal
import subprocess
import sys
import uuid
from contextlib import contextmanager

from enrollment.adapters.clock import SystemClock
from enrollment.adapters.firestore import FirestoreLedger, open_firestore
from enrollment.claims import Claimed, Claims
from enrollment.clock import Deadline
from infra.local.process import ROOT
from tests.contract.builders import an_arrival


@contextmanager
def proxy(target, *options):
    """Its address, and how to end it and hear what it counted."""
    command = [sys.executable, "-m", "tests.grpc_proxy", "--target", target, *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:

        def counted():
            process.send_signal(signal.SIGTERM)
            return json.loads(process.communicate(timeout=30)[0])

        try:
            yield f"127.0.0.1:{process.stdout.readline().strip()}", counted
        finally:
            process.kill()


def test_it_counts_and_loses_every_second_reply(emulators):
    with proxy(emulators.firestore, "--swallow-every", "2") as (address, counted):
        os.environ["FIRESTORE_EMULATOR_HOST"] = address
        database = open_firestore(f"test-{uuid.uuid4().hex}")
        claims, clock = Claims(FirestoreLedger(database), SystemClock()), SystemClock()

        for n in range(3):
            arrival = an_arrival(request_id=f"request-{n}")
            claiming = claims.claim(arrival, Deadline.starting_now(clock))
            assert isinstance(claiming, Claimed)

        database.close()
        # 1 arrives; of 2 and 4 the reply is lost, and 3 and 5 meet what 2 and 4 have done.
        assert counted() == {"calls": {"Commit": 5, "BatchGetDocuments": 2}, "swallowed": 2}
