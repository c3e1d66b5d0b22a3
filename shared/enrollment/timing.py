"""Every wait, limit of time and number of tries, each with its reason."""

from dataclasses import dataclass, fields, replace
from datetime import timedelta

# 45 < 60 < 90 < 120: a delivery ends itself before the function is cut, a cut worker is dead before
# its lease lapses, and a lapsed lease can be taken over before the message comes again.
DELIVERY = timedelta(seconds=45)
FUNCTION_TIMEOUT = timedelta(seconds=60)
LEASE = timedelta(seconds=90)
ACK_DEADLINE = timedelta(seconds=120)

LEDGER_TRY = timedelta(seconds=5)  # one try; the client's own second try still fits the limit
LEDGER_LIMIT = timedelta(seconds=10)
PUBLISH_LIMIT = timedelta(seconds=10)
CLASSROOM_LIMIT = timedelta(seconds=15)  # a call or a token; Classroom answers within 1 s as a rule
LOOKUP_LIMIT = timedelta(seconds=5)  # one question to a sender's own system, or a token for it
LOOKUPS_LIMIT = timedelta(seconds=15)  # all those of a delivery; the stores need the rest
PERMIT_LIMIT = timedelta(seconds=10)  # longer, and Pub/Sub's redelivery is the better queue

HELD_AGAIN = timedelta(seconds=5)  # when to see whether another worker is done
SHORTEST_MINUTE = timedelta(seconds=2)  # of a scaled clock; oftener would only heat the machine
SOON = timedelta(seconds=60)  # what is due sooner is left to redelivery, the rest to `wake`
BACKOFF_FIRST = timedelta(seconds=2)
BACKOFF_MOST = timedelta(minutes=10)  # Pub/Sub's longest retry delay, so both agree
NOT_FOUND_GAPS = (timedelta(seconds=5), timedelta(seconds=20))  # between three 404s
LETTER_GRACE = timedelta(minutes=1)  # for the worker to publish what it owes before `wake` does
CLAIM_GRACE = timedelta(minutes=3)  # past the lease: redelivery gets the first chance
WAKE_AGAIN = timedelta(minutes=15)  # a published request that left no trace by then is sent again
LINE_LOOK = timedelta(seconds=5)  # how old an instance's view of the line may be
PROBE_EVERY = timedelta(minutes=1)
FORMS_LIMIT = timedelta(seconds=10)  # a call of Google Forms; a page of 500 takes 2 s
FORM_SAVING = LEDGER_LIMIT  # kept at the end to remember what was read
FORM_OVERLAP = timedelta(minutes=10)  # how late Google may show a response after a later one
LOOK_EVERY = timedelta(hours=1)  # a notification that was lost costs no more
WATCH_EVERY = timedelta(days=1)  # of the seven that Google grants
WATCH_CARE = timedelta(seconds=15)  # of a delivery: what was answered matters more
REMEMBERED = timedelta(days=400)  # a school year and the summer after it
TOO_OLD = timedelta(days=60)  # a wish of last term is checked by a person first

LAPSES = 3  # from then on a request is looked up first, and rests between two tries
LAPSES_MOST = 6  # a request that ended its process so often is set aside, an hour after the first
CRASH_REST = timedelta(minutes=10)  # so that it meets other neighbours, and they are not hit again
RETURNS = 3  # from Pub/Sub's dead letters; throttled twice is bad luck, then a person looks
CONFLICT_TRIES = 5
FORBIDDEN_TRIES = 10  # bare 403s, half an hour: from then on its longer gap
BUG_TRIES = 10
PARK_FROM_DELIVERY = (
    50  # half of max_delivery_attempts, so that a throttled request never gets there
)
MAX_DELIVERY_ATTEMPTS = 100


@dataclass(frozen=True, kw_only=True)
class Waits:
    """The product's waits of hours, which a demonstration may shorten; nothing else is scaled."""

    # A fault deployed on a Friday evening survives the weekend.
    give_up: timedelta = timedelta(hours=72)
    # Accounts are often made a day or two after the roster.
    account_missing: timedelta = timedelta(hours=48)
    account_missing_gap: timedelta = timedelta(hours=2)
    # Google needs minutes to hours to let a new account be added (classroom-api facts, §3 MONT).
    account_pending: timedelta = timedelta(hours=6)
    account_pending_gap: timedelta = timedelta(minutes=15)
    # Only another course's success or an administrator changes it; at ten minutes a single such
    # request would cost 800 calls until it is given up.
    not_permitted_gap: timedelta = timedelta(hours=1)
    # Google counts joins and invitations by the day (common-errors page, help article 7300976).
    next_day: timedelta = timedelta(hours=24)
    # An answer that nobody has seen before gets a day to go away.
    unknown_answer: timedelta = timedelta(hours=24)
    # What is due before the clock calls `wake` again is left to redelivery.
    soon: timedelta = SOON

    def scaled(self, factor: float) -> "Waits":
        """The same waits of hours, each times `factor`.

        Backoff and Pub/Sub's pauses are never scaled, and patience keeps room for the longest.
        """
        hours = [each.name for each in fields(self) if each.name != "soon"]
        waits = replace(self, **{name: getattr(self, name) * factor for name in hours})
        return replace(waits, give_up=max(waits.give_up, min(self.give_up, BACKOFF_MOST)))

    def with_scaled_clock(self, factor: float) -> "Waits":
        """The same waits where the clock that calls `wake` is scaled as well."""
        return replace(self, soon=max(self.soon * factor, min(self.soon, SHORTEST_MINUTE)))
