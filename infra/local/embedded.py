"""The embedded engine at work on a scene, with progress on stderr."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

from enrollment.clock import Deadline
from enrollment.embedded import Tally
from enrollment.settings import Settings, read_settings
from enrollment.timing import Waits
from enrollment.wiring import embedded as wiring
from infra.local.messages import sending
from infra.local.options import Options
from infra.local.progress import Ticker
from infra.local.result import Result, result_of
from infra.local.scene import Scene
from infra.local.school import RunningSchool

# Longer than any of the product's waits at the default scale, 72 hours being 72 s; and no end of
# waiting where somebody asked for the real ones.
PATIENCE = timedelta(hours=80)


def play(scene: Scene, options: Options, school: RunningSchool, path: Path) -> Result:
    """Send the scene's messages, let the engine work, and account for all of it."""
    settings = stack_settings(scene, options, school, path)
    store = wiring.open_store(str(path))
    try:
        sent = sending(scene.requests, Random(options.seed), faults=options.faults != "none")
        store.requests.publish(sent.messages, Deadline.starting_now(store.clock))
        waits = Waits().scaled(options.time_scale)
        patience = max(PATIENCE * options.time_scale, timedelta(minutes=2))
        with wiring.engine(store, settings, wait=patience, waits=waits) as engine:
            tally = engine.run(partial(_tell, Ticker(len(sent.messages))))
        deliveries = tally.deliveries + tally.faults
        return result_of(store, scene, sent, school, deliveries=deliveries)
    finally:
        store.database.close()


def _tell(ticker: Ticker, tally: Tally) -> None:
    waiting = tally.left == 0 and tally.next_due is not None
    next_step = "waiting for what is due later" if waiting else ""
    ticker.say(ticker.total - tally.left, tally.deliveries, next_step)


def environment(
    scene: Scene, options: Options, school: RunningSchool, path: Path
) -> dict[str, str]:
    """What a command of the operator needs to work on the same store."""
    return {
        "ENROLLMENT_STORE": f"sqlite:///{path}",
        "SOURCES_FILE": str(scene.sources_file),
        "CLASSROOM_API_ENDPOINT": school.endpoint,
        "CLASSROOM_ADMIN": scene.administrator,
        "CLASSROOM_QUOTA_PER_MINUTE": str(options.quota),
    }


def stack_settings(scene: Scene, options: Options, school: RunningSchool, path: Path) -> Settings:
    """The settings of the engine: the fake school's, and nothing of the caller's environment."""
    return read_settings(
        store=f"sqlite:///{path}",
        administrator=scene.administrator,
        endpoint=school.endpoint,
        quota=options.quota,
        sources_file=scene.sources_file,
    )
