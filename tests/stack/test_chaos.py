"""Chaos on the real stack: functions killed, servers cut off, replies lost; the laws hold."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.stack import scenarios
from tests.stack.evidence import gather, pairs
from tests.stack.laws import all_broken, busiest
from tests.stack.settling import all_settled
from tests.stack.stage import a_stage

pytestmark = [pytest.mark.stack, pytest.mark.emulators]


def pytest_generate_tests(metafunc):
    chosen = scenarios.ALL if metafunc.config.getoption("--all") else scenarios.ALL[:1]
    metafunc.parametrize(
        ("scenario", "seed"), chosen, ids=[f"{each.name}, seed {seed}" for each, seed in chosen]
    )


def test_the_laws_hold(scenario, seed, emulators, tmp_path):
    with a_stage(emulators, tmp_path, seed=seed, quota=scenario.quota) as stage:
        before = pairs(stage.fake.roster()["students"])
        stage.record.started = time.time()
        failed = play(stage, scenario)
        if not failed:
            # If they are not, a law says what is left.
            all_settled(stage, scenario.patience, wait=scenario.wait)
        evidence = gather(stage, before)
    report(scenario, seed, stage, evidence)
    if failed:
        raise failed[0]
    broken = all_broken(evidence)
    print_broken(broken, evidence)
    assert not broken


def play(stage, scenario):
    """Run the tracks beside each other; what went wrong in one, the first first, ends them all."""
    failed = []

    def run(track):
        for each in track:
            if stage.over.is_set():
                return
            try:
                each.make(stage)
            except Exception as failure:  # noqa: BLE001 - raised again when the others have ended
                stage.record.note(f"FAILED: {type(each).__name__}: {failure}")
                failed.append(failure)
                stage.over.set()

    with ThreadPoolExecutor(len(scenario.tracks)) as pool:
        for done in [pool.submit(run, each) for each in scenario.tracks]:
            done.result()
    return failed


def report(scenario, seed, stage, evidence):
    calls = [each.received_at for each in evidence.calls]
    print(f"{scenario.name}, seed {seed}: {len(evidence.wishes)} requests,")
    print(f"{len(calls)} calls, {busiest(calls, 60)} in the busiest minute of {evidence.quota}")
    print({name: dict(each) for name, each in evidence.answers.items()})
    print(f"starts: { {name: each.starts for name, each in stage.stack.functions.items()} }")
    print(stage.record)
    print(f"  settled after: {settled_after(stage, evidence)}")


def settled_after(stage, evidence):
    """When how many of the requests were settled for good."""
    last = {}
    for each in evidence.writes:
        if each.said.fields.get("state") == "settled":
            last[each.said.document] = each.at.timestamp() - stage.record.started
    at = sorted(last.values())
    shares = (0.5, 0.9, 0.98, 1)
    return ", ".join(
        f"{share:.0%} {at[int(share * (len(at) - 1))]:.0f} s" for share in shares if at
    )


def print_broken(broken, evidence):
    for each in broken:
        print(f"BROKEN: {each.law}: {each.request_id or ''} {each.what}")
    for request_id in dict.fromkeys(each.request_id for each in broken if each.request_id):
        print(f"  {evidence.history(request_id)}")
