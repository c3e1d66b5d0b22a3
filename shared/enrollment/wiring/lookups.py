"""The sources' own systems, as far as sources.toml says where they can be asked."""

from enrollment.adapters.secrets import Secrets
from enrollment.ports import Lookup
from enrollment.sources.declared import Declared


def lookups(said: Declared, secrets: Secrets) -> dict[str, Lookup]:
    """The systems by the names of their sources; without any, no HTTP client is loaded."""
    places = {name: each.lookup for name, each in said.sources.items() if each.lookup}
    if not places:
        return {}
    from enrollment.adapters.oneroster_rest import OneRosterRest

    return {name: OneRosterRest(place, secrets.value) for name, place in places.items()}
