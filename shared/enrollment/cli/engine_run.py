"""A run of the embedded engine: asked about, watched, interrupted at a safe point, summed up."""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import typer

from enrollment.adapters.sqlite import EngineRunning
from enrollment.advice import advice
from enrollment.cli.asking import go_ahead
from enrollment.cli.interrupt import INTERRUPTED, Interruptible
from enrollment.cli.journalling import check_journal, opened_journal
from enrollment.cli.meter import Meter
from enrollment.cli.places import FIRESTORE, Place, named, place
from enrollment.cli.roster_import import Wanted, ask_about, read_and_tell
from enrollment.cli.roster_report import at_stake
from enrollment.cli.rosters import Counted, send
from enrollment.cli.run_summary import Ended, line_told, show_summary
from enrollment.cli.standing import standing
from enrollment.cli.stores import opened_file, same_key
from enrollment.cli.tables import note
from enrollment.cli.trouble import Failure, Misuse
from enrollment.cli.words import local
from enrollment.clock import Deadline
from enrollment.embedded import Tally
from enrollment.ports import HeldBy, LineState, Misconfigured, Unavailable
from enrollment.settings import TO_ENROLL, Settings
from enrollment.timing import Waits
from enrollment.wiring.embedded import Store, engine
from enrollment.wiring.school import classroom

WAIT = timedelta(minutes=15)  # the longest pause but those of hours: an account that is too young

NOT_THE_FUNCTIONS = (
    "the store is `firestore`, where the functions do what `run` does on a file: put a roster on"
    " their queue by `enrollment import PATH`, or name a file by --store sqlite:///FILE"
)


@dataclass(frozen=True, kw_only=True)
class How:
    """How to run: for how long, how fast, and who hears of it."""

    wait: timedelta
    journal: str | None
    time_scale: float | None
    yes: bool
    json: bool

    def waits(self, settings: Settings) -> Waits:
        """The product's waits. Raises Misuse if they are to be shortened at the real Classroom."""
        if self.time_scale is None:
            return Waits()
        if not settings.loopback:
            raise Misuse(
                "--time-scale needs a Classroom on this machine: the real one is not ready sooner;"
                " leave it out, or set CLASSROOM_API_ENDPOINT to a loopback address"
            )
        return Waits().scaled(self.time_scale)


def place_of_run(store: str | None, **given: Any) -> Place:
    """Where a run works. Raises SettingsError or Misuse."""
    if named(store) == FIRESTORE:
        raise Misuse(NOT_THE_FUNCTIONS)
    at = place(store, needs=TO_ENROLL, **given)
    if store is None and not at.in_environment:
        note(f"the store is {at.path} in this folder; --store names another")
    return at


def roster_wanted(
    path: Path | None, *, source: str | None, as_of: date | None, explain: Path | None
) -> Wanted | None:
    """The roster to be imported first, or None. Raises Misuse for options that need one."""
    if path is not None:
        return Wanted(path=path, source=source, as_of=as_of, explain=explain)
    if source or as_of or explain:
        raise Misuse("--source, --as-of and --explain are about a roster: give its PATH as well")
    return None


def run(at: Place, wanted: Wanted | None, how: How) -> None:
    """Import, run and sum up. Raises CommandError, or Exit after Ctrl-C."""
    started = time.monotonic()
    waits = how.waits(at.settings)
    check_journal(how.journal, at, wanted)
    with opened_file(at, make=True) as store, ExitStack() as stack:
        same_key(at, store)
        _look_at_line(store, at)
        read = read_and_tell(wanted, at.settings, json=how.json) if wanted else None
        _ask(store, at.settings, read, how)
        _check_access(at)
        meter = Meter(opened_journal(how.journal, stack))
        interrupted, tally = _work(store, at, read, how=how, waits=waits, meter=meter)
        ended = Ended(
            standing=standing(store),
            tally=tally,
            seconds=time.monotonic() - started,
            interrupted=interrupted,
        )
    show_summary(ended, at, json=how.json)
    if interrupted:
        raise typer.Exit(INTERRUPTED)
    if ended.standing.held:
        raise typer.Exit(1)  # nothing goes on: whoever started it by the clock is to hear of it


def _work(
    store: Store, at: Place, read: Counted | None, *, how: How, waits: Waits, meter: Meter
) -> tuple[bool, Tally]:
    """Run the engine; whether it was interrupted, and what it did."""
    try:
        with engine(store, at.settings, wait=how.wait, waits=waits, journal=meter) as running:
            if read is not None:
                send(read, store, at)
            with Interruptible() as interruption, meter.watching(store, running) as tell:

                def progress(tally: Tally) -> None:
                    interruption.check()
                    tell(tally)

                try:
                    running.run(progress)
                except KeyboardInterrupt:
                    return True, running.tally
                store.imports.worked_off(Deadline.starting_now(store.clock))
            return False, running.tally
    except EngineRunning:
        raise Failure(
            f"another engine works on {at.path}: wait until it is done, or name another store;"
            " what is imported there it takes as well"
        ) from None


def _look_at_line(store: Store, at: Place) -> None:
    """Say that the line is held; an operator's hold ends the command. Raises Failure."""
    line = store.line.look(Deadline.starting_now(store.clock)).status
    if line.state is LineState.OPEN:
        return
    if line.held_by is HeldBy.OPERATOR:
        raise Failure(
            f"the line is held by an operator since {local(line.since)} ({line.why}):"
            f" nothing was sent; `{at.command('resume')}` opens it"
        )
    note(line_told(line))


def _check_access(at: Place) -> None:
    """See that Google lets us act for the administrator. Raises Failure with the remedy."""
    if at.settings.loopback:
        return
    try:
        classroom(at.settings).check_access()
    except Misconfigured as fault:
        told = advice(fault.reason)
        raise Failure(f"{told.sentence}\n  {told.next_step} Nothing was sent.") from None
    except Unavailable as trouble:
        note(f"Google cannot be asked for a token now ({trouble.detail}); it is tried again")


def _ask(store: Store, settings: Settings, read: Counted | None, how: How) -> None:
    if settings.loopback:
        return
    if read is not None:
        ask_about(read, settings, yes=how.yes)
        return
    if number := standing(store).unsettled:
        go_ahead("Send them?", at_stake(settings, number, None), yes=how.yes)
