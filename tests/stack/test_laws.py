"""Each law holds of a story in which all went well, and is broken by one in which it did not."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from enrollment.entry import Letter, State
from enrollment.outcome import Outcome
from enrollment.reasons import Reason
from enrollment.review_item import ItemState
from infra.fake_classroom.log import Call
from tests.stack import laws
from tests.stack.evidence import Evidence
from tests.stack.wire import COMMIT, CONTROL, ENTRIES, Said, Written, document_of
from tests.stack.wishes import FULL, KINDS, PLAIN, Wish, _request

START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
(INVITING,) = (kind for kind in KINDS if kind.name == "invited")
GOOD, BAD, ASKED = (
    Wish(request=_request(kind, 0, "a"), expected=kind.expected) for kind in (PLAIN, FULL, INVITING)
)


def at(seconds):
    return START + timedelta(seconds=seconds)


def entry(outcome, reason=None, **changes):
    usual = {"state": State.SETTLED, "outcome": outcome, "reason": reason, "claim": "first"}
    return SimpleNamespace(**(usual | {"letter": Letter.SENT if reason else None} | changes))


def item(request_id, reason=Reason.COURSE_FULL, state=ItemState.OPEN):
    return SimpleNamespace(request_id=request_id, reason=reason, state=state)


def write(wish, seconds, **fields):
    said = Said(method=COMMIT, collection=ENTRIES, document=document_of(wish.id), fields=fields)
    return Written(at=at(seconds), said=said)


def line(seconds, state):
    said = Said(method=COMMIT, collection=CONTROL, document="line", fields={"state": state})
    return Written(at=at(seconds), said=said)


def call(wish, seconds, **changes):
    usual = {
        "received_at": at(seconds).timestamp(),
        "method": laws.CREATE,
        "course": wish.request.course_id,
        "user": wish.request.student,
        "course_id": None,
        "user_id": None,
        "subject": "admin@northside.example",
        "status": 200,
        "error": None,
        "code": None,
        "fault": None,
        "deed": True,
    }
    return Call(**(usual | changes))


def settled(wish, outcome):
    return [
        write(wish, 0, state="claimed", claim="first"),
        write(wish, 2, state="settled", outcome=outcome, reason="course_full"),
    ]


def all_went_well():
    """One was enrolled, one rejected, one invited; the line was held for two minutes and more."""
    found = Evidence(
        wishes=[GOOD, BAD, ASKED],
        entries={
            GOOD.id: entry(Outcome.ENROLLED),
            BAD.id: entry(Outcome.REJECTED, Reason.COURSE_FULL),
            ASKED.id: entry(Outcome.INVITED),
        },
        items={GOOD.id: [], BAD.id: [item(BAD.id)], ASKED.id: []},
        open_items=[item(BAD.id), item(None, Reason.MALFORMED)],
        odd=Counter([Reason.MALFORMED]),
        letters=Counter({(BAD.id, "course_full"): 2, ("", "malformed"): 1}),
        writes=[
            *settled(GOOD, "enrolled"),
            *settled(BAD, "rejected"),
            *settled(ASKED, "invited"),
            line(100, "held"),
            line(225, "open"),
        ],
        calls=[call(GOOD, 1), call(BAD, 1), call(ASKED, 1)],
        refused_by_quota=0,
        seated=set(),
        invited=set(),
        seated_before={("7", "somebody")},
        answers={"enroll": Counter({"200": 3, "503": 1, "not answered": 1})},
        kills=Counter(["enroll"]),
        starts={"enroll": 2, "collect": 1},
        logs={"enroll": ['{"severity": "INFO", "message": "enrolled"}']},
        quota=900,
        share=840,
        concurrency=32,
    )
    found.seated |= {found.place(GOOD), *found.seated_before}
    found.invited |= {found.place(ASKED)}
    return found


def probes(*seconds):
    """Calls of a held line, under claims of their own."""

    def spoil(found):
        found.writes += [
            write(GOOD, each - 1, state="claimed", claim=str(each)) for each in seconds
        ]
        found.calls += [call(GOOD, each) for each in seconds]

    return spoil


def with_entry(wish, **changes):
    return lambda found: vars(found.entries[wish.id]).update(changes)


def without_entry(found):
    found.entries[GOOD.id] = None


def with_calls(*calls):
    return lambda found: found.calls.extend(calls)


def with_writes(*writes):
    return lambda found: found.writes.extend(writes)


def with_items(wish, *items):
    return lambda found: found.items.update({wish.id: list(items)})


STORIES = [
    ("nothing_is_lost", without_entry),
    ("nothing_is_lost", with_entry(GOOD, state=State.WAITING)),
    ("nothing_is_lost", with_entry(BAD, letter=Letter.OWED)),
    ("it_ends_as_the_school_has_it", with_entry(GOOD, outcome=Outcome.ALREADY_ENROLLED)),
    ("it_ends_as_the_school_has_it", with_entry(BAD, reason=Reason.EXHAUSTED)),
    (
        "it_ends_as_the_school_has_it",
        with_entry(GOOD, outcome=Outcome.REJECTED, reason=Reason.CRASHED),
    ),
    ("nobody_sits_unasked", lambda found: found.seated.add(("7", "somebody else"))),
    ("nobody_sits_unasked", lambda found: found.seated.add(found.place(BAD))),
    ("nobody_sits_unasked", lambda found: found.seated.remove(("7", "somebody"))),
    ("who_is_enrolled_sits_there", lambda found: found.seated.remove(found.place(GOOD))),
    ("who_is_enrolled_sits_there", lambda found: found.invited.clear()),
    ("classroom_is_asked_under_a_claim", with_calls(call(GOOD, 3))),
    ("classroom_is_asked_under_a_claim", with_calls(call(GOOD, -1))),
    (
        "classroom_is_asked_under_a_claim",
        with_calls(call(GOOD, 3, user="me", subject=GOOD.request.student)),
    ),
    ("a_claim_asks_once", with_calls(call(GOOD, 1.5))),
    ("no_claim_is_robbed", with_writes(write(GOOD, 1.5, claim="second"))),
    ("no_claim_is_robbed", with_writes(write(GOOD, 300, state="claimed", claim="second"))),
    ("review_has_each_rejection_once", with_items(BAD)),
    ("review_has_each_rejection_once", with_items(BAD, item(BAD.id), item(BAD.id))),
    ("review_has_each_rejection_once", with_items(BAD, item(BAD.id, Reason.EXHAUSTED))),
    (
        "review_has_each_rejection_once",
        with_items(BAD, item(BAD.id, state=ItemState.RESOLVED)),
    ),
    ("review_has_each_rejection_once", with_items(GOOD, item(GOOD.id))),
    ("review_has_each_odd_message_once", lambda found: found.open_items.pop()),
    (
        "review_has_each_odd_message_once",
        lambda found: found.open_items.append(item("other:0001")),
    ),
    (
        "review_has_each_odd_message_once",
        lambda found: found.open_items.append(item(GOOD.id, Reason.MALFORMED)),
    ),
    *(
        ("letters_are_about_rejections", spoil)
        for spoil in (
            lambda found: found.letters.pop((BAD.id, "course_full")),
            lambda found: found.letters.pop(("", "malformed")),
            lambda found: found.letters.update([(BAD.id, "exhausted")]),
            lambda found: found.letters.update([(GOOD.id, "course_full")]),
            lambda found: found.letters.update([("other:0001", "course_full")]),
        )
    ),
    ("the_quota_is_kept", lambda found: vars(found).update(refused_by_quota=1)),
    (
        "the_quota_is_kept",  # 14 a second, and 34 at once: not 70
        with_calls(*(call(BAD, 1 + each / 1000) for each in range(70))),
    ),
    (
        "the_quota_is_kept",
        with_calls(*(call(BAD, each / 15) for each in range(901))),
    ),
    ("a_held_line_is_probed_once_a_minute", probes(130, 170, 210)),
    ("a_held_line_is_probed_once_a_minute", probes(160, 162, 220)),
    ("the_line_is_open_at_the_end", with_writes(line(300, "held"))),
    ("doors_answer_as_agreed", lambda found: found.answers["enroll"].update(["500"])),
    ("doors_answer_as_agreed", lambda found: found.answers["enroll"].update(["too late"])),
    ("nobody_dies_but_by_kill", lambda found: found.starts.update(collect=2)),
    ("logs_are_clean", lambda found: found.logs["enroll"].append(GOOD.request.student)),
    ("logs_are_clean", lambda found: found.logs["enroll"].append('{"severity": "ERROR"}')),
    ("logs_are_clean", lambda found: found.logs["enroll"].append("Traceback (most recent call")),
    ("the_wires_were_heard", with_entry(GOOD, claim="unheard")),
    ("the_wires_were_heard", lambda found: found.writes.clear()),
]


def broken(found):
    found.writes.sort(key=lambda each: each.at)
    return {check.__name__ for check in laws.LAWS if list(check(found))}


def test_no_law_is_broken_when_all_went_well():
    assert laws.all_broken(all_went_well()) == []


def test_two_probes_in_two_minutes_and_calls_of_one_probe_are_no_breach():
    found = all_went_well()
    probes(160, 221)(found)
    found.calls.append(call(GOOD, 161, method="courses.students.get"))

    assert "a_held_line_is_probed_once_a_minute" not in broken(found)


def test_a_claim_that_lapsed_may_be_taken_over_and_ask_again():
    found = all_went_well()
    found.writes[:2] = [
        write(GOOD, 0, state="claimed", claim="dead"),
        write(GOOD, 91, claim="first"),
        write(GOOD, 93, state="settled", outcome="enrolled"),
    ]
    found.calls.append(call(GOOD, 92))

    assert broken(found) == set()


@pytest.mark.parametrize(
    ("name", "spoil"), STORIES, ids=[f"{name}, {n}" for n, (name, _) in enumerate(STORIES)]
)
def test_a_law_is_broken_by(name, spoil):
    found = all_went_well()

    spoil(found)

    assert name in broken(found)


def test_every_law_can_be_broken():
    assert {check.__name__ for check in laws.LAWS} == {name for name, _ in STORIES}


def test_what_is_told_of_a_broken_law_names_no_student():
    for _, spoil in STORIES:
        found = all_went_well()
        spoil(found)
        told = " ".join(f"{each.what} {each.request_id}" for each in laws.all_broken(found))

        assert "@" not in told
