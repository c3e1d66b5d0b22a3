"""The laws that hold whatever happens, each checked on evidence from outside.

A law is a function from evidence to what breaks it; nothing is asked of the code under test.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from enrollment.entry import Letter, State
from enrollment.review_item import ItemState
from tests.stack.wishes import ADDRESSES, ALREADY, ENROLLED, INVITED

# What the README promises, in numbers of its own: those of the code might be wrong.
LEASE = timedelta(seconds=90)
BRIM = 0.99  # of the share
WINDOW = 60.0  # seconds of Google's quota
# How old an instance's view of the line may be, the longest waits for a permit and for the ledger,
# and a moment.
NOTICED = 5.0 + 10.0 + 10.0 + 1.0
ONE_PROBE = 45.0  # seconds; the calls of one probe lie closer, those of two a minute apart
CREATE = "courses.students.create"
IN_ORDER = {"200", "503", "not answered"}  # the last when it was killed meanwhile


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A law that does not hold, and for which request, if it is one's."""

    law: str
    what: str
    request_id: str | None = None


LAWS: list[Callable] = []


def law(check):
    """Have a function among the laws; it yields what is broken, and for which request."""

    def broken(evidence) -> Iterator[Broken]:
        for request_id, what in check(evidence):
            yield Broken(law=check.__doc__.rstrip("."), what=what, request_id=request_id)

    broken.__name__ = check.__name__
    LAWS.append(broken)
    return broken


def all_broken(evidence):
    return [each for check in LAWS for each in check(evidence)]


@law
def nothing_is_lost(evidence):
    """Every accepted request is settled."""
    for wish in evidence.wishes:
        entry = evidence.entries[wish.id]
        if entry is None:
            yield wish.id, "the ledger does not know it"
        elif entry.state is not State.SETTLED:
            yield wish.id, f"it is {entry.state}"
        elif entry.letter is Letter.OWED:
            yield wish.id, "review is still owed a letter"


@law
def it_ends_as_the_school_has_it(evidence):
    """Every request ends as the school has it, and nobody is rejected because of us."""
    for wish in evidence.wishes:
        entry = evidence.entries[wish.id]
        if entry is None or entry.outcome is None:
            continue
        told = f"{entry.outcome}:{entry.reason}" if entry.reason else str(entry.outcome)
        if told not in wish.expected:
            yield wish.id, f"expected {' or '.join(wish.expected)}, and it is {told}"


@law
def nobody_sits_unasked(evidence):
    """No student is in a course for which nobody asked, or to which the school says no."""
    asked = {
        evidence.place(wish) for wish in evidence.wishes if {ENROLLED, ALREADY} & {*wish.expected}
    }
    for _ in evidence.seated - evidence.seated_before - asked:
        yield None, "somebody sits in a course unasked"
    for _ in evidence.seated_before - evidence.seated:
        yield None, "somebody has lost a seat"


@law
def who_is_enrolled_sits_there(evidence):
    """Who is said to be enrolled is on the roster, and who is said to be invited is invited."""
    for wish in evidence.wishes:
        entry = evidence.entries[wish.id]
        outcome = str(entry.outcome) if entry is not None else ""
        if outcome in {ENROLLED, ALREADY} and evidence.place(wish) not in evidence.seated:
            yield wish.id, f"{outcome}, and not on the roster"
        if outcome == INVITED and evidence.place(wish) not in evidence.invited:
            yield wish.id, "invited, and there is no invitation"


@law
def classroom_is_asked_under_a_claim(evidence):
    """Classroom is asked under a live claim only: a settled request never reaches it again."""
    claims = {wish.id: _states(evidence.writes_of(wish.id)) for wish in evidence.wishes}
    by_seat = defaultdict(list)
    for wish in evidence.wishes:
        by_seat[wish.seat].append(wish)
    for wishes in by_seat.values():
        for call in evidence.calls_for(wishes[0]):
            at = datetime.fromtimestamp(call.received_at, UTC)
            if not any(_is_claimed(claims[wish.id], at) for wish in wishes):
                yield wishes[0].id, f"{call.method} at {at:%H:%M:%S.%f}, and nobody had claimed it"


@law
def a_claim_asks_once(evidence):
    """One claim asks for a seat once at most."""
    by_seat = defaultdict(list)
    for wish in evidence.wishes:
        by_seat[wish.seat].append(wish)
    for wishes in by_seat.values():
        claims = sum(
            "claim" in each.said.fields for wish in wishes for each in evidence.writes_of(wish.id)
        )
        creates = sum(each.method == CREATE for each in evidence.calls_for(wishes[0]))
        if creates > claims:
            yield wishes[0].id, f"{creates} creates under {claims} claims"


@law
def no_claim_is_robbed(evidence):
    """A claim is taken over only when its lease has lapsed, a success never."""
    for wish in evidence.wishes:
        state, outcome, last = None, None, None
        for each in evidence.writes_of(wish.id):
            said = each.said.fields
            if "claim" in said and state == "claimed" and each.at - last < LEASE:
                yield wish.id, f"claimed again {each.at - last} after it was last written"
            if "claim" in said and state == "settled" and outcome != "rejected":
                yield wish.id, f"claimed again, and it was {outcome}"
            state, outcome = said.get("state", state), said.get("outcome", outcome)
            last = each.at


@law
def review_has_each_rejection_once(evidence):
    """Every rejection has exactly one open review item, with its reason; a success has none."""
    for wish in evidence.wishes:
        entry = evidence.entries[wish.id]
        if entry is None or entry.outcome is None:
            continue
        reasons = [
            each.reason
            for each in evidence.items[wish.id]
            if each.state is ItemState.OPEN and each.reason not in evidence.odd
        ]
        wanted = [] if entry.outcome.success else [entry.reason]
        if reasons != wanted:
            yield (
                wish.id,
                f"{entry.outcome}, and its open items are: {', '.join(reasons) or 'none'}",
            )


@law
def review_has_each_odd_message_once(evidence):
    """Every message that is no request has one open review item, and there are no other items."""
    known = {wish.id for wish in evidence.wishes}
    found = Counter(
        each.reason
        for each in evidence.open_items
        if each.request_id not in known or each.reason in evidence.odd
    )
    for reason in found.keys() | evidence.odd.keys():
        if found[reason] != evidence.odd[reason]:
            yield None, f"{found[reason]} items for {evidence.odd[reason]} messages: {reason}"


@law
def letters_are_about_rejections(evidence):
    """Every rejection and every odd message was published as a dead letter, and nothing else."""
    rejected = {
        (wish.id, reason) for wish in evidence.wishes for reason in _rejections(evidence, wish)
    }
    letters = {each for each in evidence.letters if each[1] not in evidence.odd}
    for request_id, reason in rejected ^ letters:
        told = "no letter" if (request_id, reason) in rejected else "a letter without a rejection"
        yield request_id or None, f"{reason}: {told}"
    for reason in evidence.odd.keys() - {each[1] for each in evidence.letters}:
        yield None, f"no letter about an odd message: {reason}"


@law
def the_quota_is_kept(evidence):
    """Classroom's quota is kept, and so is the pace: no burst, whoever was killed meanwhile."""
    if evidence.refused_by_quota:
        yield None, f"{evidence.refused_by_quota} calls were over Google's quota"
    at = [each.received_at for each in evidence.calls]
    gap = WINDOW / (BRIM * evidence.share)
    # Whoever holds a permit may be late, but no more of them than work at once.
    late = evidence.concurrency + 2
    for seconds in (2.0, 5.0, 10.0, 30.0, WINDOW):
        most = min(seconds / gap + late, evidence.quota)
        found = busiest(at, seconds)
        if found > most:
            yield None, f"{found} calls in {seconds:.0f} s; the most is {most:.0f}"


def busiest(times, seconds):
    """The most calls in any window so long."""
    times, most, first = sorted(times), 0, 0
    for last, at in enumerate(times):
        while times[first] <= at - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


@law
def a_held_line_is_probed_once_a_minute(evidence):
    """While a fault holds the line, Classroom gets one probe a minute at most."""
    calls = sorted(evidence.calls, key=lambda each: each.received_at)
    for held, opened in holds(evidence):
        ended = opened if opened < float("inf") else max(held, calls[-1].received_at)
        probes = []
        for call in calls:
            if not held + NOTICED <= call.received_at < opened:
                continue
            if not probes or call.received_at - probes[-1] > ONE_PROBE or call.method == CREATE:
                probes.append(call.received_at)
        most = int((ended - held) // WINDOW)
        if len(probes) > most:
            when = ", ".join(f"{each - held:.1f}" for each in probes)
            yield None, f"held for {ended - held:.1f} s, probed at {when}; the most is {most}"


def holds(evidence):
    """When the line was held, and when it was open again, by Firestore's clock."""
    found, held = [], None
    for each in evidence.line_writes():
        state, at = each.said.fields.get("state"), each.at.timestamp()
        if state == "held" and held is None:
            held = at
        if state == "open" and held is not None:
            found.append((held, at))
            held = None
    return found if held is None else [*found, (held, float("inf"))]


@law
def the_line_is_open_at_the_end(evidence):
    """A line that was held is open when the cause is mended."""
    for held, opened in holds(evidence):
        if opened == float("inf"):
            yield None, f"it is held since {datetime.fromtimestamp(held, UTC):%H:%M:%S}"


@law
def doors_answer_as_agreed(evidence):
    """A door answers 200 or 503, or nothing because it was killed."""
    for name, answers in evidence.answers.items():
        for answer in answers.keys() - IN_ORDER:
            yield None, f"{name} answered {answers[answer]} times: {answer}"


@law
def nobody_dies_but_by_kill(evidence):
    """No function ends but by `kill -9`."""
    for name, starts in evidence.starts.items():
        if starts > evidence.kills[name] + 1:
            yield (
                None,
                f"{name} was started {starts} times, and killed {evidence.kills[name]} times",
            )


@law
def logs_are_clean(evidence):
    """No log has a fault of ours in it, or a student's address."""
    for name, lines in evidence.logs.items():
        for line in lines:
            if any(each in line for each in ADDRESSES):
                yield None, f"a line of {name} names a student"
            if '"severity": "ERROR"' in line or "Traceback" in line or "CRITICAL" in line:
                yield None, f"{name}: {line[:300]}"


@law
def the_wires_were_heard(evidence):
    """What was heard on the wires is what stands in the ledger: nothing passed unseen."""
    for wish in evidence.wishes:
        entry = evidence.entries[wish.id]
        found = {}
        for each in evidence.writes_of(wish.id):
            found |= each.said.fields
        wanted = (str(entry.state), entry.claim) if entry else (None, None)
        if (found.get("state"), found.get("claim")) != wanted:
            yield wish.id, f"the wires say {found.get('state')}, the ledger {wanted[0]}"


def _rejections(evidence, wish):
    """The reasons for which it was ever rejected."""
    reason = None
    for each in evidence.writes_of(wish.id):
        reason = each.said.fields.get("reason", reason)
        if each.said.fields.get("outcome") == "rejected":
            yield reason


def _states(writes):
    """When the entry became what: pairs of time and state, in order."""
    found, state = [], None
    for each in writes:
        state = each.said.fields.get("state", state)
        found.append((each.at, state))
    return found


def _is_claimed(states, at):
    before = [each for each in states if each[0] <= at]
    if not before or before[-1][1] != "claimed":
        return False
    return at - before[-1][0] < LEASE
