"""The distributed engine with its functions killed at any moment: nothing lost, nothing doubled."""

import json
import random
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from enrollment.clock import Deadline
from infra.fake_classroom import FakeClassroom
from infra.local.account import account, repeat_creates
from infra.local.distributed import Watch
from infra.local.messages import sending
from infra.local.stack import Place, running_stack
from infra.samples.roster import sample
from tests.stack.killed import in_flight, wishes

pytestmark = [pytest.mark.stack, pytest.mark.emulators]

QUOTA = 6000
SCALE = 1 / 36_000
KILLS = 3


def test_killed_functions_lose_and_double_nothing(emulators, tmp_path, request):
    if not request.config.getoption("--all"):
        pytest.skip("waits two minutes for leases, as test_killed_function does: with --all")
    now, chance = datetime.now(UTC), random.Random(1)
    made = sample(40, 1, as_of=now.date(), time_scale=SCALE)
    roster, sources = tmp_path / "roster.zip", tmp_path / "sources.toml"
    made.write_zip(roster)
    sources.write_text(f"[school]\ndomains = {json.dumps(made.school['domains'])}\n")
    sent = sending(wishes(roster, now), chance, faults=True)
    with FakeClassroom(made.school, seed=1, quota_per_user=QUOTA) as fake:
        place = Place(
            folder=tmp_path,
            endpoint=fake.endpoint,
            administrator=made.school["administrator"],
            sources_file=sources,
            quota=QUOTA,
            time_scale=SCALE,
            project=f"killed-{uuid4().hex[:8]}",
        )
        with running_stack(emulators, place) as stack:
            outside = stack.outside
            outside.requests.publish(sent.messages, Deadline.starting_now(outside.clock))
            kills = []
            for _ in range(KILLS):
                time.sleep(chance.uniform(0.5, 2))
                for name in ("enroll", "collect", "wake"):
                    kills.append(time.time())
                    stack.functions[name].kill()
            watch = Watch(stack, len(sent.messages), [each.request_id for each in sent.requests])
            watch.until_done(timedelta(minutes=4))

            aliases = {a: c["id"] for c in fake.school.to_json()["courses"] for a in c["aliases"]}
            found = account(outside, sent.requests, fake.roster(), aliases, made.expected)
            calls = [asdict(call) for call in fake.log]
            starts = {each.starts for each in stack.functions.values()}
    assert (found.outcomes["lost"], found.outcomes["waiting"]) == (0, 0)
    assert found.falsely_rejected == 0
    assert repeat_creates([e for e in calls if not in_flight(e, kills)], sent.requests) == 0
    assert starts == {KILLS + 1}
