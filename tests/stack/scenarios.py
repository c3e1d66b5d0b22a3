"""What happens in a run, as data: tracks of trouble that run beside each other."""

from dataclasses import dataclass
from typing import Any

from tests.stack.kills import KillAt, KillAtRandom, KillCrowd, OddMessages, WhenHit
from tests.stack.points import FILED, MOVED, OF_ENROLL, REJECTED, SENT_BY_WAKE
from tests.stack.trouble import (
    STATUSES,
    ClassroomAway,
    Copies,
    Crowd,
    CutOff,
    Late,
    Refusing,
    Rest,
    Storm,
    Swallowing,
    WhenHeld,
    WhenOpen,
    WrongKey,
)
from tests.stack.wishes import QUICK

Track = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Tracks that begin together; in each, one thing follows the other."""

    name: str
    tracks: tuple[Track, ...]
    quota: int = 900  # calls a minute; less the reserve, fourteen a second
    # Seconds for the rest to settle: a lease, its grace and the ack deadline, and Pub/Sub's pauses.
    patience: float = 330.0
    wait: bool = False  # for the quarter of an hour after which `wake` tries again


LONG = 600.0  # seconds: pauses of Pub/Sub's grow up to ten minutes


EVERYTHING = Scenario(
    name="everything at once",
    tracks=(
        (
            KillAt(point=FILED),
            Crowd(number=40),
            CutOff(server="pubsub", seconds=3),
            CutOff(server="classroom", seconds=1),
            *(KillAt(point=each) for each in OF_ENROLL),
            Copies(number=50),
            KillCrowd(number=50, in_flight=30),
            Crowd(number=30),
            Storm(fault="429", calls=20),
            WhenHit(point=MOVED),
            # It is mended before the first probe, a minute after it was noticed.
            WrongKey(kind="UNAUTHENTICATED", seconds=50),
        ),
        (
            OddMessages(after=FILED),
            KillAt(point=MOVED),
            KillAt(point=SENT_BY_WAKE, after=REJECTED),
        ),
        (
            WhenHeld(),
            Crowd(number=30, kinds=QUICK),
            Refusing(server="pubsub", seconds=5),
            Refusing(server="firestore", seconds=5),
            CutOff(server="firestore", seconds=5),
            Late(server="firestore", seconds=5, share=0.3),
            CutOff(server="firestore", seconds=7, stuck=True),
        ),
        (
            Rest(seconds=4),
            Refusing(server="firestore", seconds=8, share=0.2),
            Rest(seconds=3),
            Late(server="firestore", seconds=5, share=0.1),
        ),
        (Swallowing(server="firestore", every=10, seconds=130),),
        (Swallowing(server="pubsub", every=5, seconds=130),),
    ),
)

RANDOM_KILLS = Scenario(
    name="killed at random",
    tracks=(
        (
            Crowd(number=60),
            KillAtRandom(functions=("enroll", "collect", "wake"), times=4, between=(0.3, 2.5)),
            Crowd(number=30),
            KillAtRandom(functions=("enroll", "collect", "wake"), times=2, between=(0.3, 2.5)),
        ),
        (Rest(seconds=3), Copies(number=50)),
        (Swallowing(server="firestore", every=7, seconds=60),),
    ),
    patience=LONG,
)
CUT_OFF = Scenario(
    name="cut off",
    tracks=(
        (
            *(
                each
                for server in ("firestore", "pubsub", "classroom")
                for stuck in (False, True)
                for each in (
                    Crowd(number=25),
                    Rest(seconds=1),
                    CutOff(server=server, seconds=20, stuck=stuck),
                )
            ),
            Crowd(number=25),
            Rest(seconds=1),
            # No rest between: the next is away when the one before is back.
            CutOff(server="classroom", seconds=5),
            CutOff(server="firestore", seconds=5, stuck=True),
            CutOff(server="pubsub", seconds=5),
        ),
    ),
    patience=LONG,
)
FIRESTORE_UNWELL = Scenario(
    name="Firestore is unwell",
    tracks=(
        tuple(
            each
            for code in STATUSES
            for each in (
                Crowd(number=20),
                Refusing(server="firestore", seconds=10, share=0.5, codes=(code,)),
                Refusing(server="firestore", seconds=3, share=1.0, codes=(code,)),
            )
        ),
        (Late(server="firestore", seconds=50, share=0.05, late=11.0),),
        (Swallowing(server="firestore", every=3, seconds=60),),
    ),
    patience=LONG,
)
CLASSROOM_UNWELL = Scenario(
    name="Classroom is unwell",
    tracks=(
        (
            Crowd(number=60),
            Storm(fault="429", calls=60, seconds=300),
            Crowd(number=30),
            ClassroomAway(seconds=30),
            Crowd(number=30),
            # One in five seconds, once twenty have come to nothing.
            Storm(fault="hang", calls=30, seconds=300),
            Crowd(number=30),
            Storm(fault="reply_lost", calls=30, seconds=300),
        ),
    ),
    patience=LONG,
)
HELD = Scenario(
    name="the line is held and held again",
    tracks=(
        (
            Crowd(number=40),
            # Long enough for two probes that fail.
            WrongKey(kind="UNAUTHENTICATED", seconds=130),
            WhenOpen(),
            Crowd(number=40),
            WrongKey(kind="ClassroomDisabled", seconds=70),
            WhenOpen(),
            Crowd(number=20),
            WrongKey(kind="SERVICE_DISABLED", seconds=10),
        ),
        (
            WhenHeld(),
            Crowd(number=30, kinds=QUICK),
            KillAtRandom(functions=("enroll", "wake"), times=4, between=(10, 30)),
        ),
        (WhenHeld(), Swallowing(server="firestore", every=5, seconds=200)),
    ),
    patience=LONG,
)
FLOOD = Scenario(
    name="more than the quota takes",
    tracks=(
        (
            Crowd(number=400, kinds=QUICK),
            KillAtRandom(functions=("enroll",), times=3, between=(15, 25)),
        ),
    ),
    quota=300,
    patience=LONG,
)
A_QUARTER_OF_AN_HOUR = Scenario(
    name="wake dies, and a quarter of an hour passes",
    tracks=((KillAt(point=MOVED, wait=True),),),
    patience=1_300.0,
    wait=True,
)
EACH = (
    RANDOM_KILLS,
    CUT_OFF,
    FIRESTORE_UNWELL,
    CLASSROOM_UNWELL,
    HELD,
    FLOOD,
)
# With --all; else the first alone.
ALL = (
    *((EVERYTHING, seed) for seed in range(1, 6)),
    (A_QUARTER_OF_AN_HOUR, 1),
    *((scenario, seed) for scenario in EACH for seed in (1, 2)),
)
