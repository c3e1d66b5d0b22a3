"""The environment as values: all that is missing or wrong in it is reported at once."""

import os
import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from enrollment.request import ADDRESS, at_least_32_bytes

# Stands in for PSEUDONYM_KEY where the school is a fake one on this machine.
LOOPBACK_KEY = "a fake school on this machine needs no secret key"
SQLITE = "sqlite:///"
EMULATORS = ("pubsub_emulator", "firestore_emulator")
# Of calls a minute. An attempt may need two calls, a create and then a look-up, and waits 10 s at
# most for the second permit (PERMIT_LIMIT). Calls keep a gap of 60 / (0.99 x share) s: with fewer,
# the second never comes in time, and such a request would be tried again for ever.
LEAST_SHARE = 7
ENDPOINT = re.compile(r"https?://[^\s\\\x00-\x1f]+", re.IGNORECASE)


class Need(StrEnum):
    """What some commands cannot do without; each value is a field of the settings."""

    ADMINISTRATOR = "administrator"
    DELEGATE = "delegate"
    PSEUDONYM_KEY = "pseudonym_text"
    PROJECT = "project"  # of the distributed engine
    SOURCES = "sources_file"  # of the intakes
    FORMS_READER = "forms_reader"  # of what reads Google Forms
    FORMS_CALLER = "forms_caller"  # of what is told that they were answered


TO_ENROLL = frozenset({Need.ADMINISTRATOR, Need.DELEGATE, Need.PSEUDONYM_KEY})
# A fake school on this machine asks nobody for credentials, and its students are made up.
SPARED_BY_LOOPBACK = frozenset({Need.DELEGATE, Need.PSEUDONYM_KEY})


class SettingsError(Exception):
    """What is missing or wrong in the environment; the message names all of it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(["the settings are not complete:", *faults]))
        self.faults = faults


class Settings(BaseModel):
    """What the environment says; see the README for the meaning of each name."""

    # No BaseSettings: loading pydantic-settings takes 33 ms of CPU of each new instance.
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, populate_by_name=True)

    store: str = Field(
        "firestore",
        validation_alias="ENROLLMENT_STORE",
        pattern=rf"^(firestore|{SQLITE}.+)$",
        description="where the memory of requests is: `firestore`, or `sqlite:///file.db`",
    )
    project: str | None = Field(
        None,
        validation_alias="GOOGLE_CLOUD_PROJECT",
        description="the project of the topics and of Firestore",
    )
    pubsub_emulator: str | None = Field(
        None,
        validation_alias="PUBSUB_EMULATOR_HOST",
        description="the emulator of Pub/Sub, as host:port; with Firestore's, or neither",
    )
    firestore_emulator: str | None = Field(
        None,
        validation_alias="FIRESTORE_EMULATOR_HOST",
        description="the emulator of Firestore, as host:port; with Pub/Sub's, or neither",
    )
    requests_topic: str = Field(
        "enrollment-requests",
        validation_alias="ENROLLMENT_REQUESTS_TOPIC",
        description="the topic of requests, by its short name",
    )
    dead_letters_topic: str = Field(
        "enrollment-dead-letters",
        validation_alias="ENROLLMENT_DEAD_LETTERS_TOPIC",
        description="the topic of dead letters, by its short name",
    )
    firestore_database: str = Field(
        "(default)",
        validation_alias="FIRESTORE_DATABASE",
        description="the Firestore database",
    )
    administrator: str | None = Field(
        None,
        validation_alias="CLASSROOM_ADMIN",
        description="the address of the domain administrator whom the service acts for",
    )
    delegate: str | None = Field(
        None,
        validation_alias="CLASSROOM_DELEGATE",
        description="the service account that signs for the administrator, without a key",
    )
    endpoint: str | None = Field(
        None,
        validation_alias="CLASSROOM_API_ENDPOINT",
        description="another Classroom than Google's; it must be on this machine (loopback)",
    )
    quota: Annotated[int, Field(ge=1)] = Field(
        1200,
        validation_alias="CLASSROOM_QUOTA_PER_MINUTE",
        description="calls a minute that Google grants to the administrator",
    )
    quota_reserve: Annotated[int, Field(ge=0)] = Field(
        60,
        validation_alias="CLASSROOM_QUOTA_RESERVE",
        description="calls a minute that are left to the desk and to `doctor`",
    )
    instances: Annotated[int, Field(ge=1)] = Field(
        1,
        validation_alias="ENROLL_INSTANCES",
        description="how many instances share the rest of the quota",
    )
    time_scale: Annotated[float, Field(gt=0, le=1)] = Field(
        1.0,
        validation_alias="ENROLLMENT_TIME_SCALE",
        description="shortens the product's waits of hours, for a fake school on this machine only",
    )
    sources_file: Path | None = Field(
        None,
        validation_alias="SOURCES_FILE",
        description="sources.toml: own domains and what each source may do",
    )
    forms_reader: str | None = Field(
        None,
        validation_alias="FORMS_READER",
        description="the service account that reads the declared Google Forms, without a key",
    )
    forms_endpoint: str | None = Field(
        None,
        validation_alias="FORMS_API_ENDPOINT",
        description="another Google Forms than Google's; it must be on this machine (loopback)",
    )
    forms_topic: str | None = Field(
        None,
        validation_alias="FORM_NOTIFICATIONS_TOPIC",
        description="the topic of Google Forms' notifications, by its short name",
    )
    forms_caller: str | None = Field(
        None,
        validation_alias="FORM_NOTIFICATIONS_CALLER",
        description="the service account that Pub/Sub pushes these notifications as",
    )
    pseudonym_text: str | None = Field(
        None,
        validation_alias="PSEUDONYM_KEY",
        repr=False,
        description="keys the hashes that stand for students; at least 32 bytes",
    )

    @property
    def loopback(self) -> bool:
        """Whether Classroom is a fake one on this machine."""
        return self.endpoint is not None

    @property
    def share(self) -> int:
        """Calls a minute that one instance may make."""
        return (self.quota - self.quota_reserve) // self.instances

    @property
    def pseudonym_key(self) -> bytes:
        """The key of the hashes that stand for students."""
        return at_least_32_bytes(self.pseudonym_text or LOOPBACK_KEY)

    @property
    def sqlite_path(self) -> str | None:
        """The file of an embedded store; None for Firestore."""
        return self.store.removeprefix(SQLITE) if self.store.startswith(SQLITE) else None


def environment() -> dict[str, Any]:
    """What the environment says, by the fields of the settings; what is empty is not set."""
    said = {
        name: os.environ.get(str(each.validation_alias))
        for name, each in Settings.model_fields.items()
    }
    return {name: value for name, value in said.items() if value}


def read_settings(*, needs: Collection[Need] = TO_ENROLL, **given: Any) -> Settings:
    """The environment, with what was given on the command line in its place.

    What is needed must be set, and what is set must be right: raises SettingsError naming every
    fault.
    """
    chosen = environment() | {name: value for name, value in given.items() if value is not None}
    try:
        settings = Settings(**chosen)
    except ValidationError as error:
        wrong = {_field_name(str(each["loc"][0])): each["msg"] for each in error.errors()}
        faults = [_fault(name, message) for name, message in wrong.items()]
        # The other faults are looked for as well, with what is wrong left out.
        defaults = {name: Settings.model_fields[name].default for name in wrong}
        rest = Settings(**(chosen | defaults))
        raise SettingsError(faults + _together(rest, needs)) from None
    if faults := _together(settings, needs):
        raise SettingsError(faults)
    return settings


def _field_name(place: str) -> str:
    named = {str(each.validation_alias): name for name, each in Settings.model_fields.items()}
    return named.get(place, place)


def _fault(name: str, message: str) -> str:
    each = Settings.model_fields[name]
    if "should match pattern" in message:  # the only one is that of the store
        message = f"it is neither firestore nor {SQLITE}FILE"
    elif "unable to parse string as" in message:
        message = "it is no whole number" if "integer" in message else "it is no number"
    return f"{each.validation_alias} is wrong ({message}): {each.description}"


def _missing(name: str) -> str:
    each = Settings.model_fields[name]
    return f"{each.validation_alias} is not set: {each.description}"


def _together(settings: Settings, needs: Collection[Need]) -> list[str]:
    """What is missing, and what is wrong with the values taken together."""
    spared = SPARED_BY_LOOPBACK if settings.loopback else frozenset()
    if settings.forms_endpoint is not None:  # a form on this machine is read by anybody
        spared |= {Need.FORMS_READER}
    if settings.pubsub_emulator is not None:  # the emulator pushes without a token
        spared |= {Need.FORMS_CALLER}
    needed = [need for need in Need if need in needs and need not in spared]
    faults = [_missing(need) for need in needed if getattr(settings, need) is None]
    faults += _wrong(settings)
    if settings.pseudonym_text is not None:
        try:
            at_least_32_bytes(settings.pseudonym_text)
        except ValueError as error:
            faults.append(_fault("pseudonym_text", f"it {error}"))
    if settings.sqlite_path is None:
        # An emulated ledger with the real topics, or the other way about, would mix two worlds.
        absent = [each for each in EMULATORS if getattr(settings, each) is None]
        faults += [_missing(each) for each in absent if len(absent) < len(EMULATORS)]
    if settings.time_scale < 1 and not settings.loopback:
        faults.append(_fault("time_scale", "Classroom is Google's, which keeps its own time"))
    if settings.share < LEAST_SHARE:
        faults.append(_fault("quota", too_small_a_share(settings)))
    if settings.sources_file is not None and not Path(settings.sources_file).is_file():
        faults.append(_fault("sources_file", "there is no such file"))
    return faults


def _wrong(settings: Settings) -> Iterator[str]:
    """The addresses that are none, of mailboxes and of APIs on this machine."""
    for name in ("administrator", "delegate", "forms_reader", "forms_caller"):
        mailbox = getattr(settings, name)
        if mailbox is not None and not ADDRESS.fullmatch(mailbox):
            yield _fault(name, "it is not an e-mail address")
    for name in ("endpoint", "forms_endpoint"):
        address = getattr(settings, name)
        if address is not None and (wrong := _wrong_endpoint(address)):
            yield _fault(name, wrong)


def too_small_a_share(settings: Settings) -> str:
    """What is wrong with a quota of which too little is left for an instance, and the remedy."""
    quota, reserve, many = settings.quota, settings.quota_reserve, settings.instances
    left = "no call" if settings.share < 1 else f"{settings.share} of them"
    each = f" for each of {many} instances" if many > 1 else ""
    return (
        f"{quota} calls a minute less the reserve of {reserve} leave {left}{each}; at least"
        f" {LEAST_SHARE} are needed: give a quota of at least {reserve + LEAST_SHARE * many}"
    )


def _wrong_endpoint(address: str) -> str | None:
    """What is wrong with the address of an API on this machine; None if nothing is."""
    remedy = "write it like http://127.0.0.1:8080"
    if not is_loopback(address):
        return f"it is not on this machine: {remedy}"
    try:
        known = ENDPOINT.fullmatch(address) and urlsplit(address).port != 0
    except ValueError:  # a port that is no number, or above 65535
        known = False
    return None if known else f"it needs http or https, and a port from 1 to 65535: {remedy}"


def is_loopback(address: str) -> bool:
    """Whether a URL leads to this machine and nowhere else."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
