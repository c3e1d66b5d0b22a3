"""How a source proves itself: what is wrong with a `verify` table as a whole."""

from collections.abc import Iterator, Mapping

from enrollment.sources.checks import nearest
from enrollment.verify.schemes import SCHEMES, option_faults

EXAMPLE = 'verify = { scheme = "standard-webhooks", secrets = ["secret://NAME"] }'


def proof_faults(table: Mapping[str, object]) -> Iterator[str]:
    """Every fault between the scheme and the other keys: key, fact and remedy, never a value."""
    scheme = table.get("scheme")
    if not isinstance(scheme, str) or not scheme:
        return  # told with the faults of single values
    wants = SCHEMES.get(scheme)
    if wants is None:
        known = ", ".join(SCHEMES)
        yield f"verify.scheme is not known{nearest(scheme, SCHEMES)}: write one of {known}"
        return
    for key in table.keys() - set(wants.keys):
        hint = nearest(key, wants.keys)
        yield f"verify.{key} is no key of {scheme}{hint}: its keys are {', '.join(wants.keys)}"
    if wants.secrets and "secrets" not in table:
        yield f"verify.secrets is missing: {scheme} needs one at least, as in {EXAMPLE}"
    if wants.secrets and table.get("secrets") == []:
        yield f"verify.secrets is empty: {scheme} needs one at least, as in {EXAMPLE}"
    yield from (f"verify.{fault}" for fault in option_faults(scheme, table))
