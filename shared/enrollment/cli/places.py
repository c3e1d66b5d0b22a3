"""Which store a command works on, and the settings that go with it."""

import os
import re
import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from enrollment.cli.trouble import Misuse
from enrollment.settings import (
    LEAST_SHARE,
    SQLITE,
    Need,
    Settings,
    SettingsError,
    environment,
    read_settings,
    too_small_a_share,
)

DEFAULT_STORE = "sqlite:///enrollment.db"
FIRESTORE = "firestore"
OPTIONS = {"sources_file": "--sources", "administrator": "--admin", "quota": "--quota"}
NO_NUMBER = re.compile(r"\(Input should be a valid integer[^)]*\)")


@dataclass(frozen=True)
class Place:
    """The settings of a command, and whether the environment alone leads to the same store.

    `by_default`: nobody named a store, so it is the one of this folder.
    """

    settings: Settings
    in_environment: bool
    by_default: bool = False

    @property
    def embedded(self) -> bool:
        """Whether the store is a file, which `run` works on."""
        return self.settings.sqlite_path is not None

    @property
    def path(self) -> str:
        """The file of an embedded store."""
        assert self.settings.sqlite_path is not None
        return self.settings.sqlite_path

    @property
    def name(self) -> str:
        """The store as a person knows it."""
        if self.embedded:
            return self.path
        named = self.settings.firestore_database
        database = "" if named == "(default)" else f", database {named}"
        return f"Firestore of {self.settings.project}{database}"

    @property
    def worker(self) -> str:
        """What works the queue off: a command, or what goes on by itself."""
        return self.command("run") if self.embedded else "the functions, by themselves"

    @property
    def next(self) -> str:
        """What to type once something is on the queue."""
        return self.command("run" if self.embedded else "status")

    def command(self, words: str) -> str:
        """A command to be typed next, on the same store."""
        where = "" if self.in_environment else f" --store {shlex.quote(self.settings.store)}"
        return f"enrollment {words}{where}"


def named(store: str | None) -> str | None:
    """The store that was named, on the command line or in the environment."""
    return store or os.environ.get("ENROLLMENT_STORE")


def place(
    store: str | None, *, needs: Collection[Need] = (), opens: bool = True, **given: Any
) -> Place:
    """The settings with what was given in their place. Raises Misuse.

    `opens`: the store is to be opened, so what it needs is needed as well.
    """
    try:
        return placed(store, needs=needs, opens=opens, **given)
    except SettingsError as error:
        faults = [_told(fault, given) for fault in error.faults]
        raise Misuse("\n  ".join(["the settings are not complete:", *faults])) from None


def placed(
    store: str | None, *, needs: Collection[Need] = (), opens: bool = True, **given: Any
) -> Place:
    """The same, for one who tells the faults of the settings apart. Raises SettingsError too."""
    if store is not None and not store.startswith(SQLITE) and store != FIRESTORE:
        raise Misuse(
            f"--store {store} is no store: write it like sqlite:///enrollment.db, or firestore"
        )
    if opens and named(store) == FIRESTORE:
        needs = {*needs, Need.PROJECT}
    settings = read_settings(needs=needs, store=store, **given)
    if "store" not in settings.model_fields_set:
        here = settings.model_copy(update={"store": DEFAULT_STORE})
        return Place(here, in_environment=False, by_default=True)
    return Place(settings, in_environment=store is None)


def _told(fault: str, given: Mapping[str, Any]) -> str:
    """A fault of the settings, by the name of the option that brought it."""
    for name, option in OPTIONS.items():
        variable = Settings.model_fields[name].validation_alias
        if given.get(name) is not None and fault.startswith(f"{variable} is wrong"):
            if name == "quota" and (why := _too_few_calls(given[name])):
                return f"{option} is wrong: {why}"
            return fault.replace(str(variable), f"{option} {given[name]}", 1)
    return NO_NUMBER.sub("(it is no whole number)", fault)


def _too_few_calls(quota: int) -> str | None:
    """Why so few calls a minute are not enough; None if they are, or it cannot be told."""
    try:
        settings = Settings(**environment() | {"quota": 1}).model_copy(update={"quota": quota})
    except ValidationError:
        return None
    return too_small_a_share(settings) if settings.share < LEAST_SHARE else None
