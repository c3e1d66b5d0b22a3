"""Pub/Sub's emulator, killed and started again behind the backs of functions and relays.

It keeps all that it has in memory: topics, subscriptions and messages are gone with it, which the
service's never are. So nothing is under way when it dies, and what can be seen is that everybody
finds it again.
"""

import pytest

from infra.local.emulators import Emulators, find_emulators, running_emulators
from infra.local.topology import PubsubEmulator, read_topology
from tests.grpc_proxy import Proxy
from tests.stack import laws
from tests.stack.evidence import gather, pairs
from tests.stack.settling import all_settled
from tests.stack.stage import a_stage
from tests.stack.wishes import QUICK

pytestmark = [pytest.mark.stack, pytest.mark.emulators]

PATIENCE = 60.0
# The archive is gone with the emulator.
STILL_CHECKED = [check for check in laws.LAWS if "letters" not in check.__name__]


def test_whoever_works_with_pubsub_finds_it_again(emulators, tmp_path):
    programs = find_emulators()
    folders = [tmp_path / name for name in ("stack", "first", "second")]
    for each in folders:
        each.mkdir()
    with (
        running_emulators(programs, folders[1]) as first,
        running_emulators(programs, folders[2]) as second,  # it outlives the stage
    ):
        both = Emulators(pubsub=first.pubsub, firestore=emulators.firestore)
        with a_stage(both, folders[0], seed=1, quota=900) as stage:
            before = pairs(stage.fake.roster()["students"])
            stage.send(*stage.wishes.crowd(10, QUICK))
            assert all_settled(stage, PATIENCE)

            stage.ears.hear(stage.pubsub, stage.stack.topology.topics)
            process, _ = first.processes
            process.kill()
            stage.gates["pubsub"].shut()
            with Proxy(second.pubsub, listener=stage.wires["pubsub"]) as proxy:
                lead_to(stage, second, proxy)
                stage.send(*stage.wishes.crowd(10, QUICK))

                assert all_settled(stage, PATIENCE)

                evidence = gather(stage, before)
    assert [broken for check in STILL_CHECKED for broken in check(evidence)] == []
    assert {function.starts for function in stage.stack.functions.values()} == {1}


def lead_to(stage, emulators, proxy):
    """The topology made anew, and the gate opened to it."""
    stage.pubsub.close()
    stage.pubsub = PubsubEmulator.at(emulators.pubsub, stage.pubsub.project)
    stage.pubsub.realise(read_topology())
    stage.ears.listen(stage.pubsub, stage.stack.topology.topics)
    stage.gates["pubsub"].lead_to(proxy.address)
    stage.gates["pubsub"].open()
