"""Checks that need nothing but the environment: settings, times, the quota, the declarations."""

from collections.abc import Iterator
from itertools import pairwise

from enrollment import timing
from enrollment.cli.findings import Finding, not_checked, ok, wrong
from enrollment.cli.places import Place, placed
from enrollment.cli.words import counted
from enrollment.settings import TO_ENROLL, SettingsError
from enrollment.sources.undeclarable import DeclarationError
from enrollment.wiring.school import declared


def check_settings(store: str | None) -> tuple[Place | None, list[Finding]]:
    """Every fault of the settings; the store's place all the same, if they lead to one."""
    try:
        at = placed(store, needs=TO_ENROLL)
    except SettingsError as error:
        found = [_fault(each) for each in error.faults]
    else:
        return at, [ok("settings", f"complete; the store is {at.name}{_database(at)}")]
    try:
        return placed(store), found
    except SettingsError:
        return None, found


def _fault(told: str) -> Finding:
    """A fault with its remedy; the settings themselves say what a name is for."""
    fact, _, meaning = told.partition(": ")
    if fact.endswith(" is not set"):
        return wrong("settings", f"{fact} ({meaning})", "set it in the environment")
    return wrong("settings", told, "correct it")


def check_times() -> Finding:
    """Whether a worker is dead before another takes over, and that before the message comes."""
    times = (timing.DELIVERY, timing.FUNCTION_TIMEOUT, timing.LEASE, timing.ACK_DEADLINE)
    told = " < ".join(f"{each.total_seconds():.0f}" for each in times) + " s"
    meaning = "a delivery, its function, its lease and its redelivery"
    if all(first < second for first, second in pairwise(times)):
        return ok("times", f"{told}: {meaning} end in this order")
    remedy = "mend timing.py: each must be longer than the one before"
    return wrong("times", f"not {told}: {meaning} do not end in this order", remedy)


def check_quota(at: Place) -> Finding:
    """How the calls of a minute are divided; too few for one instance is a fault of settings."""
    settings = at.settings
    told = f"{settings.share:,} calls a minute for "
    told += counted(1 if at.embedded else settings.instances, "instance") + ", "
    told += f"{settings.quota_reserve:,} left to people, of {settings.quota:,}"
    if settings.quota_reserve > settings.quota / 2:
        remedy = "give CLASSROOM_QUOTA_RESERVE less: 60 is enough for people and checks"
        return wrong("quota", f"{told}, which is more than half", remedy)
    return ok("quota", told)


def check_sources(at: Place) -> Iterator[Finding]:
    """Whether the declarations can be read."""
    if at.settings.sources_file is None:
        yield not_checked("sources", "SOURCES_FILE is not set, so nothing is declared")
        return
    try:
        said = declared(at.settings)
    except DeclarationError as error:
        for fault in error.faults:
            yield wrong("sources", f"{at.settings.sources_file}: {fault}", "correct the file")
    else:
        yield ok("sources", f"{at.settings.sources_file}: {counted(len(said.sources), 'source')}")


def _database(at: Place) -> str:
    """Whose database has a name of its own must see that this is not the one."""
    default = not at.embedded and at.settings.firestore_database == "(default)"
    return ", database (default): FIRESTORE_DATABASE names another" if default else ""
