"""The line in words and as JSON."""

from typing import Any

from enrollment.cli.asking import whoever_is_here
from enrollment.cli.places import place
from enrollment.cli.run_summary import line_told
from enrollment.cli.stores import opened
from enrollment.cli.tables import note, say, show_json
from enrollment.cli.trouble import Misuse
from enrollment.cli.words import iso
from enrollment.clock import Deadline
from enrollment.ports import LineState, LineStatus


def look(store: str | None) -> LineStatus:
    """The line as it stands."""
    with opened(place(store)) as school:
        return school.line.look(Deadline.starting_now(school.clock)).status


def held(store: str | None, why: str, by: str | None) -> LineStatus:
    """The line, held by the operator, who is named in `why`. Raises Misuse if that is empty."""
    if not why.strip():
        raise Misuse("--why is empty: say in a few words why nothing may go to Classroom")
    with opened(place(store)) as school:
        deadline = Deadline.starting_now(school.clock)
        reason = f"{why.strip()} (by {whoever_is_here(by)})"
        return school.line.hold_for_operator(reason, deadline).status


def resumed(store: str | None) -> LineStatus:
    """The line, open."""
    at = place(store)
    with opened(at) as school:
        deadline = Deadline.starting_now(school.clock)
        before = school.line.look(deadline).status.state
        status = school.line.resume(deadline).status
    if before is LineState.OPEN:
        note("the line was open already")
    else:
        note(f"what waited is sent by: {at.worker}")
    return status


def told(status: LineStatus, *, json: bool) -> None:
    """Write the line as a result."""
    if json:
        show_json(line_as_json(status))
    else:
        say("The line is open." if status.state is LineState.OPEN else line_told(status))


def line_as_json(status: LineStatus) -> dict[str, Any]:
    """The keys that `--help` promises."""
    return {
        "state": status.state.value,
        "held_by": status.held_by.value if status.held_by else None,
        "why": status.why,
        "since": iso(status.since),
        "next_probe": iso(status.next_probe),
        "held_seconds": round(status.held_seconds, 3),
    }
