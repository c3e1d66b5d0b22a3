"""What Classroom refuses, rightly or not, and what a person mends and sends again."""

import time

from google.pubsub_v1 import PubsubMessage

from tests.baselines.messages import Wish
from tests.baselines.school import FOREIGN, TEACHER, a_school
from tests.baselines.steps import CREATE, PATIENCE, repeated

WISHES_UNDER_A_WRONG_KEY = 5


def course_unknown(world):
    """A course that is not there; the message comes 5 times."""
    repeated(world, world.wish(course="d:nowhere"))


def student_foreign(world):
    """A student of another domain (`@CannotDirectAddUser`); the message comes 5 times."""
    repeated(world, world.wish(student=FOREIGN))


def missing_once(world):
    """Classroom says once that a student does not exist who does (404), as Google is known to."""
    world.fake.add_rules([{"fault": "phantom_404", "match": CREATE, "times": 1}])
    world.send(world.wish())
    world.settle(PATIENCE)


def teacher(world):
    """The person teaches the course already: Classroom answers 409, as it does of a student."""
    world.send(world.wish(course="d:bio", student=TEACHER))
    world.settle(PATIENCE)


def key_rejected(world):
    """The administrator's key is wrong (401) for 16 hours, 5 messages; then it is mended."""
    wrong_key("UNAUTHENTICATED", world)


def classroom_off(world):
    """Classroom is switched off for the administrator (403) for 16 hours; then it is mended."""
    wrong_key("ClassroomDisabled", world)


def wrong_key(trouble, world):
    world.fake.trouble(trouble)
    world.hurry = True  # 100 deliveries, which take Pub/Sub's pauses about 16 hours
    for number in range(WISHES_UNDER_A_WRONG_KEY):
        world.send(world.wish(number))
    give_up = time.monotonic() + PATIENCE
    seen = time.monotonic() + 6  # three of the scheduler's scaled minutes, at least
    while any(each.open for each in world.sent) or time.monotonic() < seen:
        if time.monotonic() > give_up:
            raise TimeoutError("the wrong key never came to rest")
        world.turn()
        time.sleep(0.02)
    world.note["calls under the wrong key"] = len(world.fake.log)
    world.fake.trouble(None)
    world.hurry = False
    world.settle(PATIENCE)
    by_itself = sum(map(world.is_done, world.wishes))
    world.note["enrolled by itself once mended"] = by_itself
    letters = world.all_letters()
    world.note["letters for people"] = by_people = len(letters)
    world.note["of these without a reason"] = sum(not each.reason for each in letters)
    if by_people:
        world.note["replayed by hand"] = world.replay_letters()
        world.settle(PATIENCE)


def other_content(world):
    """The id of an earlier request comes with another student."""
    world.send(world.wish(1))
    world.settle(PATIENCE)
    world.send(world.wish(2, request_id="request-001"))
    world.settle(PATIENCE)


def cause_mended(world):
    """Refused for want of the course; the course is made, and the same request replayed."""
    world.send(world.wish(course="d:new"))
    world.settle(PATIENCE)
    school = a_school()
    school["courses"].append({"aliases": ["d:new"], "owner": "tina@northside.example"})
    world.fake.replace_school(school)
    world.note["replayed by hand"] = world.replay_letters()
    world.settle(PATIENCE)


def request_mended(world):
    """Refused for a mistyped course; corrected, and replayed under the same id."""
    world.send(world.wish(course="d:maht"))
    world.settle(PATIENCE)
    world.note["replayed by hand"] = world.replay_letters(course="d:math")
    world.settle(PATIENCE)


def unreadable(world):
    """A message that is no request, with no attributes."""
    body = b"\xff\xfe this is no request"
    wish = Wish(None, bodies={body})
    world.wishes.append(wish)
    world.hurry = True
    world.send(wish, PubsubMessage(data=body))
    world.settle(PATIENCE)
