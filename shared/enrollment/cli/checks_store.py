"""Checks of what is stored, whichever engine it belongs to: the key, the line, what is overdue."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from enrollment.cli.durations import spoken
from enrollment.cli.findings import Finding, not_checked, ok, wrong
from enrollment.cli.places import Place
from enrollment.cli.run_summary import line_told
from enrollment.cli.store_trouble import fact, remedy
from enrollment.clock import Deadline
from enrollment.ports import DamagedStore, HeldBy, LineState, Unavailable
from enrollment.pseudonyms import OtherKey
from enrollment.timing import WAKE_AGAIN
from enrollment.wiring.store import Store

Check = Callable[[str, Place, Store], Finding]
WAKE_REMEDY = (
    "see that Cloud Scheduler calls `wake` each minute, and what `wake` logs:"
    " gcloud scheduler jobs list"
)


def look(at: Place, store: Store, checks: Mapping[str, Check]) -> Iterator[Finding]:
    """What each check finds; once the store fails, nothing more is asked of it."""
    failed = False
    for name, check in checks.items():
        if failed:
            yield not_checked(name, "the store cannot be used")
            continue
        try:
            yield check(name, at, store)
        except Unavailable as trouble:
            failed = not isinstance(trouble, DamagedStore)
            yield wrong(name, fact(at, trouble), remedy(at, trouble))


def check_key(name: str, at: Place, store: Store) -> Finding:
    """Whether the ids that are stored were made with this key; none is remembered here."""
    if at.settings.pseudonym_text is None and not at.settings.loopback:
        return not_checked(name, "PSEUDONYM_KEY is not set")
    try:
        known = store.pseudonyms.look(at.settings.pseudonym_key, Deadline.starting_now(store.clock))
    except OtherKey:
        told = "PSEUDONYM_KEY is not the one that the stored ids were made with"
        return wrong(name, told, "set the first one again: with another, all comes twice")
    if known:
        return ok(name, "PSEUDONYM_KEY is the one that the stored ids were made with")
    return ok(name, "no key is remembered yet; the first import does that")


def check_line(name: str, at: Place, store: Store) -> Finding:
    """Whether requests go to Classroom."""
    line = store.line.look(Deadline.starting_now(store.clock)).status
    if line.state is LineState.OPEN:
        return ok(name, "open")
    opens = at.command("resume")
    if line.held_by is HeldBy.OPERATOR:
        return wrong(name, line_told(line), f"when its reason is gone, `{opens}`")
    return wrong(name, line_told(line), f"mend the cause; at once after that, `{opens}`")


def check_wake(name: str, at: Place, store: Store) -> Finding:
    """Whether what is due is looked at; in a file, only a run does that."""
    deadline = Deadline.starting_now(store.clock)
    line = store.line.look(deadline)
    due = store.ledger.next_due(deadline)
    if line.status.state is LineState.HELD:
        return not_checked(name, "the line is held, so what is due stays")
    if due is None:
        return ok(name, "nothing is due to be looked at")
    late = line.read_at - due
    if late <= timedelta(0):
        return ok(name, f"the first that is due is due in {spoken(-late)}")
    told = f"the oldest that is due has been so for {spoken(late)}"
    if at.embedded:
        return ok(name, f"{told}; worked off by: {at.worker}")
    if late > WAKE_AGAIN:
        return wrong(name, f"{told}: `wake` is not running", WAKE_REMEDY)
    return ok(name, told)
