"""What an import tells people: the format, what is not sent and why, and what happens next."""

import math
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from enrollment.cli.durations import spoken
from enrollment.cli.rosters import Count, Counted
from enrollment.cli.tables import Table, note, say, show
from enrollment.cli.words import counted, masked
from enrollment.settings import Settings
from enrollment.sources.skips import SkipReason, advice

BRIM = 0.99  # of the share is what the pace uses
SHOWN_WARNINGS = 20
SHOWN_DOMAINS = 5


def report(read: Counted) -> None:
    """Write what was found in a roster."""
    count = read.count
    say(f"{read.roster.format}, source {read.source}: {counted(count.rows, 'row')}")
    warnings = read.roster.warnings
    for warning in warnings[:SHOWN_WARNINGS]:
        say(f"  note: {warning}")
    if len(warnings) > SHOWN_WARNINGS:
        say(f"  and {counted(len(warnings) - SHOWN_WARNINGS, 'more note')}")
    say(
        f"  {counted(count.sent, 'request')} to send, for"
        f" {counted(len(count.students), 'student')} in {counted(len(count.courses), 'course')};"
        f" {counted(count.duplicates, 'duplicate')} of an earlier row;"
        f" {counted(count.skipped.total(), 'row')} not sent"
    )
    say()
    show(skips(count, read.roster.file))
    if left := count.skipped[SkipReason.WITHDRAWN]:
        rows = counted(left, "row tells", "rows tell")
        say(f"{rows} of a student who left; nobody is removed from a course.")


def rehearse(read: Counted) -> None:
    """Write examples of what would be sent, and whom no rule keeps out."""
    if read.count.examples:
        say("Would be sent, for example:")
    for request in read.count.examples:
        say(f"  {request.course_id} ← {masked(request.student, whole=False)}")
    if not read.declaration.email_domains and (found := domains(read.count)):
        first = ", ".join(name for name, _ in found.most_common(SHOWN_DOMAINS))
        more = f" and {len(found) - SHOWN_DOMAINS:,} more" if len(found) > SHOWN_DOMAINS else ""
        say(
            "  note: no email_domains rule is declared, so every domain is sent;"
            f" the addresses have {counted(len(found), 'domain')}: {first}{more}"
        )


def domains(count: Count) -> Counter[str]:
    """How many students to send have an address in which domain."""
    return Counter(each.rpartition("@")[2] for each in count.students if "@" in each)


def warn(read: Counted) -> None:
    """Write the roster's warnings where only JSON goes to stdout."""
    for warning in read.roster.warnings[:SHOWN_WARNINGS]:
        note(f"note: {warning}")


def skips(count: Count, file: str) -> Table:
    """Why rows are not sent, the most frequent reason first."""
    return Table(
        title="Not sent",
        columns=("reason", "count", "what it is", "what to do", f"first rows of {file}"),
        rows=[
            (
                reason.value,
                f"{number:,}",
                advice(reason).sentence,
                advice(reason).next_step,
                ", ".join(map(str, count.first_rows[reason])),
            )
            for reason, number in count.skipped.most_common()
        ],
    )


def explained_in(path: Path | None) -> None:
    """Say where the rows that are not sent are listed one by one."""
    if path is not None:
        note(f"every row that is not sent is in {path}")


def at_stake(settings: Settings, requests: int, read: Counted | None) -> Iterator[str]:
    """What a person should know before Google hears of it."""
    yield f"This is the real Google Classroom, in the name of {settings.administrator}."
    if read is not None:
        yield (
            f"{counted(len(read.count.students), 'student')} in"
            f" {counted(len(read.count.courses), 'course')}: {counted(requests, 'request')}."
        )
    else:
        yield f"{counted(requests, 'request')} in the store, some of them perhaps settled."
    yield f"It takes {least(settings, requests)}, at {_rate(settings):,} calls a minute."


def least(settings: Settings, requests: int) -> str:
    """The time that so many requests take if each needs one call."""
    seconds = math.ceil(requests * 60 / (BRIM * _rate(settings)))
    return f"about {spoken(timedelta(seconds=seconds))}"


def _rate(settings: Settings) -> int:
    """Calls a minute of all instances together; a file has one engine."""
    return settings.share * (1 if settings.sqlite_path else settings.instances)
