"""The school as the settings describe it: its Classroom, its sources, its own domains."""

from typing import TYPE_CHECKING

from enrollment.policy import Policy
from enrollment.settings import Settings

if TYPE_CHECKING:
    from enrollment.adapters.classroom import GoogleClassroom
    from enrollment.sources.declared import Declared


def classroom(settings: Settings) -> "GoogleClassroom":
    """Classroom as the settings say: Google's with keyless delegation, or one on this machine."""
    # Google's client is large; whoever reads a roster can do without.
    from enrollment.adapters.classroom import Delegation, GoogleClassroom, LoopbackIdentities

    assert settings.administrator is not None
    if settings.loopback:
        return GoogleClassroom(settings.administrator, LoopbackIdentities(), settings.endpoint)
    assert settings.delegate is not None
    return GoogleClassroom(settings.administrator, Delegation(settings.delegate))


def declared(settings: Settings) -> "Declared":
    """The sources that the school has declared; none without SOURCES_FILE."""
    from enrollment.sources.declared import Declared, read_declared

    return read_declared(settings.sources_file) if settings.sources_file else Declared()


def own_domains(settings: Settings, said: "Declared | None" = None) -> frozenset[str]:
    """The administrator's domain, if there is one so far, and the declared ones."""
    first = (settings.administrator or "").rpartition("@")[2].lower()
    others = said.school.domains if said else ()
    return frozenset({first, *(each.lower() for each in others)} - {""})


def policy(settings: Settings) -> Policy:
    """Own domains, and who may invite."""
    assert settings.administrator is not None
    if settings.sources_file is None:  # a new instance does not load what reads the file
        return Policy(own_domains=own_domains(settings))
    from enrollment.sources.declared import CannotAdd

    said = declared(settings)
    return Policy(
        own_domains=own_domains(settings, said),
        inviting_sources=frozenset(
            name for name, source in said.sources.items() if source.cannot_add is CannotAdd.INVITE
        ),
    )
