"""Checks of Firestore and Pub/Sub: reachable, of one time with us, and nothing can get lost."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from enrollment.cli.checks_forms import check_forms
from enrollment.cli.checks_store import check_key, check_line, check_wake, look
from enrollment.cli.findings import Finding, not_checked, ok, wrong
from enrollment.cli.places import Place
from enrollment.cli.store_trouble import remedy
from enrollment.cli.stores import opened
from enrollment.cli.trouble import CommandError
from enrollment.clock import Deadline
from enrollment.ports import Unavailable
from enrollment.subscription import Subscribed
from enrollment.timing import ACK_DEADLINE, BACKOFF_MOST, MAX_DELIVERY_ATTEMPTS
from enrollment.wiring import cloud
from enrollment.wiring.store import Store

# A minute off, and what is sent from here is dated wrongly; a few, and Google refuses its tokens.
MOST_SKEW = timedelta(minutes=1)
RETRY_LEAST = timedelta(seconds=10)  # at once would spend the 100 deliveries in minutes
DEPLOY = "deploy again, or set it in the console"


def check_cloud(at: Place) -> Iterator[Finding]:
    """All about the database, and what stands in it; then the topics."""
    checks = {"firestore": _database, "key": check_key, "line": check_line, "wake": check_wake}
    try:
        with opened(at) as store:
            yield from look(at, store, checks)
            yield from check_forms(at, store)
    except CommandError as error:  # no credentials
        told, _, mends = str(error).rpartition(": ")
        yield wrong("firestore", told, mends)
    yield from _topics(at)


def _database(name: str, at: Place, store: Store) -> Finding:
    deadline = Deadline.starting_now(store.clock)
    store.line.look(deadline)  # so that connecting is not measured
    before = datetime.now(UTC)
    there = store.line.line.read(deadline).read_at
    took = datetime.now(UTC) - before
    ahead = (there - before - took / 2).total_seconds()
    clocks = f"its clock is {abs(ahead):.1f} s {'ahead of' if ahead > 0 else 'behind'} ours"
    told = f"{at.name} answers in {took / timedelta(milliseconds=1):.0f} ms; {clocks}"
    if timedelta(seconds=abs(ahead)) - took / 2 > MOST_SKEW:
        return wrong(name, told, "set this machine's clock, best by NTP")
    return ok(name, told)


def _topics(at: Place) -> Iterator[Finding]:
    settings = at.settings
    try:
        with cloud.inspection(settings) as looked:
            for topic in (settings.requests_topic, settings.dead_letters_topic):
                found = looked.subscribed(topic, Deadline.starting_now(cloud.CLOCK))
                yield _topic(topic, found)
                for each in found or ():
                    yield from _subscription(each, at, requests=topic == settings.requests_topic)
    except Unavailable as trouble:
        told = f"Pub/Sub of {settings.project} cannot be looked at ({trouble.detail})"
        if trouble.detail == "PERMISSION_DENIED":
            yield not_checked("topics", told, "give this login roles/pubsub.viewer")
        else:
            yield wrong("topics", told, remedy(at, trouble))


def _topic(topic: str, found: Sequence[Subscribed] | None) -> Finding:
    if found is None:
        return wrong("topics", f"there is no topic {topic}", "deploy it, or name another")
    if not found:
        told = f"nothing is subscribed to {topic}: what is published there is lost"
        return wrong("topics", told, "deploy its subscription")
    return ok("topics", f"{topic} goes to {', '.join(each.name for each in found)}")


def _subscription(each: Subscribed, at: Place, *, requests: bool) -> Iterator[Finding]:
    faults = list(_faults(each, at, requests=requests))
    for told in faults:
        yield wrong("subscription", f"{each.name} {told}", DEPLOY)
    if not faults:
        seconds = f"{each.ack_deadline.total_seconds():.0f} s to acknowledge"
        attempts = f", {each.max_delivery_attempts} deliveries" if requests else ""
        yield ok("subscription", f"{each.name}: {seconds}{attempts}")


def _faults(each: Subscribed, at: Place, *, requests: bool) -> Iterator[str]:
    """What is wrong with a subscription, as the end of a sentence."""
    if not each.works:
        yield "does not deliver: Pub/Sub cannot use it"
    if each.filtered:
        yield "has a filter, and what it leaves out is lost"
    if each.ack_deadline < ACK_DEADLINE:
        least, given = ACK_DEADLINE.total_seconds(), each.ack_deadline.total_seconds()
        yield f"gives {given:.0f} s to acknowledge, less than {least:.0f}"
    if not requests:
        return
    letters = at.settings.dead_letters_topic
    if each.dead_letter_topic is None:
        yield "has no dead-letter policy, so it delivers a bad message for a week"
    elif each.dead_letter_topic != letters:
        yield f"sends dead letters to {each.dead_letter_topic}, and `collect` hears {letters}"
    elif each.max_delivery_attempts != MAX_DELIVERY_ATTEMPTS:
        yield f"gives up after {each.max_delivery_attempts} deliveries, not {MAX_DELIVERY_ATTEMPTS}"
    if each.retry is None or each.retry[0] < RETRY_LEAST:
        yield "delivers again at once: its retry policy must wait 10 s or more"
    elif each.retry[1] < BACKOFF_MOST:
        yield f"waits {each.retry[1].total_seconds():.0f} s at most before it delivers again"
