"""What a run came to, for people and for programs."""

import json
import shlex
from typing import Any

from rich.console import Console
from rich.table import Table

from enrollment.advice import advice
from enrollment.outcome import Outcome
from infra.local.choice import Choice
from infra.local.messages import Sending
from infra.local.options import GOOGLES_QUOTA, Options
from infra.local.result import Result
from infra.local.scene import Scene
from infra.local.scheduler import EVERY_MINUTE, interval

NEXT = (
    "Next: infra/run --stay leaves this school up and says how to look at it and mend it;\n"
    "      infra/run --roster PATH takes your own roster, against a fake school made from it."
)


def summary(result: Result, choice: Choice, seconds: float) -> dict[str, Any]:
    """The object that `--json` prints as its last line."""
    outcomes = result.account.outcomes
    return {
        "engine": choice.engine,
        "requests": result.account.requests,
        "deliveries": result.deliveries,
        **{outcome.value: outcomes[outcome.value] for outcome in Outcome},
        "waiting": outcomes["waiting"],
        "lost": outcomes["lost"],
        "in_review": result.in_review,
        "classroom_calls": result.calls,
        "repeat_creates": result.repeats,
        "seconds": round(seconds, 1),
    }


def kept(result: Result) -> bool:
    """Whether the run kept its promises."""
    outcomes = result.account.outcomes
    return not (
        outcomes["lost"] or outcomes["waiting"] or result.repeats or result.account.falsely_rejected
    )


def opening(scene: Scene, options: Options, choice: Choice, console: Console) -> None:
    """Say what is about to happen."""
    scale = 1 / options.time_scale
    skipped = scene.skipped.total()
    console.print(
        f"{scene.name}: {scene.format}, {scene.rows:,} rows, {len(scene.requests):,} requests, "
        f"{scene.duplicates:,} duplicates, {skipped:,} not sent"
    )
    if scene.skipped:
        reasons = ", ".join(f"{name} {n:,}" for name, n in scene.skipped.most_common())
        console.print(f"not sent: {reasons}", soft_wrap=True)
    if not scene.requests:
        console.print("no row of this roster is to be sent: nothing will be enrolled")
    # Unbroken, so that a command in it can be copied.
    console.print(f"engine: {choice.engine} ({_made_of(choice)}), {choice.why}", soft_wrap=True)
    console.print(
        f"faults: {options.faults}; seed {options.seed}; "
        f"quota {options.quota:,} calls a minute (Google grants {GOOGLES_QUOTA:,}); "
        f"waits of hours are {scale:,.0f} times shorter{_minute(options, choice)}",
        soft_wrap=True,
    )


def _made_of(choice: Choice) -> str:
    if choice.programs is None:
        return "SQLite, one process"
    return "Google's of Pub/Sub and Firestore, each function a process"


def _minute(options: Options, choice: Choice) -> str:
    """How long the scheduler's minute is; the embedded engine has none."""
    if choice.programs is None or options.time_scale == 1:
        return ""
    every = interval(EVERY_MINUTE, options.time_scale)
    return f", the scheduler's minute is {every.total_seconds():.0f} s"


def closing(result: Result, options: Options, seconds: float, console: Console) -> None:
    """Say what became of every request, and what to do next."""
    sent, outcomes = result.sending, result.account.outcomes
    console.print(f"\n{_sent(sent)}")
    console.print(
        f"{result.deliveries:,} deliveries, {result.calls:,} calls to Classroom, {seconds:.0f} s\n"
    )
    _print_table(console, _outcomes(result))
    if result.review:
        _print_table(console, _in_review(result))
    for (expected, found), number in result.account.surprises.items():
        console.print(f"otherwise than the school has it: {number} {found} for {expected}")
    console.print(
        f"lost: {outcomes['lost']}   waiting: {outcomes['waiting']}   "
        f"asked again after an answer: {result.repeats}   in review: {result.in_review}"
    )
    if not kept(result):
        console.print("\nA promise was broken: see above.")
    elif not options.stay:  # what to do then is told at length
        console.print(f"\n{_next(options)}")


def _next(options: Options) -> str:
    if options.roster is None:
        return NEXT
    return (
        f"Next: .venv/bin/enrollment import {shlex.quote(str(options.roster))} --dry-run"
        " --explain not-sent.csv\n"
        "      lists every row that is not sent, and why."
    )


def _sent(sent: Sending) -> str:
    """Which messages there were, so that the numbers add up."""
    text = f"{len(sent.requests):,} requests"
    if sent.second_routes:
        text += f" ({sent.second_routes} of them a wish of the roster that a form sends as well)"
    text += f" in {len(sent.messages):,} messages: {sent.repeated:,} came twice or more"
    if sent.unreadable:
        text += f", and {sent.unreadable} messages more are no requests"
    return text


def _outcomes(result: Result) -> Table:
    table = Table("became", "requests", box=None, pad_edge=False)
    names = [*(outcome.value for outcome in Outcome), "waiting", "lost"]
    for name in names:
        table.add_row(name, f"{result.account.outcomes[name]:,}")
    return table


def _in_review(result: Result) -> Table:
    table = Table("in review", "items", "why", "what to do", box=None, pad_edge=False)
    for reason, number in result.review.most_common():
        told = advice(reason)
        table.add_row(reason.value, str(number), told.sentence, told.next_step)
    return table


def _print_table(console: Console, table: Table) -> None:
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        console.out(line.rstrip())
    console.print()


def last_line(result: Result, choice: Choice, seconds: float) -> str:
    """The summary as one line of JSON."""
    return json.dumps(summary(result, choice, seconds))
