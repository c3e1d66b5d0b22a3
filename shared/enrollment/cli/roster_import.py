"""An import from the reading to the queue, with the question in between."""

from enrollment.cli.asking import go_ahead
from enrollment.cli.places import Place
from enrollment.cli.roster_report import at_stake, explained_in, rehearse, report, warn
from enrollment.cli.rosters import Counted, Wanted, read_through, send
from enrollment.cli.stores import opened, same_key
from enrollment.cli.tables import note, say, show_json
from enrollment.cli.words import counted
from enrollment.settings import Need, Settings

__all__ = ["NEEDS", "Wanted", "ask_about", "import_roster", "read_and_tell"]

NEEDS = (Need.ADMINISTRATOR, Need.PSEUDONYM_KEY)


def import_roster(wanted: Wanted, at: Place, *, dry_run: bool, yes: bool, json: bool) -> None:
    """Read a roster and tell; unless it is a rehearsal, ask and send."""
    read = read_and_tell(wanted, at.settings, json=json)
    if not dry_run:
        ask_about(read, at.settings, yes=yes)
        with opened(at, make=True) as store:
            same_key(at, store)
            send(read, store, at)
    if json:
        show_json(read.count.as_json(read.seconds))
    elif dry_run:
        rehearse(read)
        say("Nothing was sent: this was a rehearsal.")
    else:
        where = at.settings.store if at.embedded else at.name
        say(f"{counted(read.count.sent, 'request')} sent to the queue of {where}.")
    if not dry_run:
        note(f"next: {at.next}")


def read_and_tell(wanted: Wanted, settings: Settings, *, json: bool) -> Counted:
    """Read a roster once, and tell what was found on stdout, or its warnings beside JSON."""
    read = read_through(wanted, settings)
    if json:
        warn(read)
    else:
        report(read)
    explained_in(wanted.explain)
    return read


def ask_about(read: Counted, settings: Settings, *, yes: bool) -> None:
    """Let a person agree before requests reach the real Classroom."""
    if not settings.loopback and read.count.sent:
        go_ahead("Send them?", at_stake(settings, read.count.sent, read), yes=yes)
