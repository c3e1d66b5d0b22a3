"""What a person must agree to before it is done."""

import getpass
import sys
from collections.abc import Iterable

from enrollment.cli.tables import note
from enrollment.cli.trouble import Failure, Misuse


def go_ahead(question: str, facts: Iterable[str], *, yes: bool) -> None:
    """Return if the operator agrees, or has with `--yes`.

    Raises Misuse where nobody can be asked, Failure after a no.
    """
    for fact in facts:
        note(fact)
    if yes:
        return
    if not sys.stdin.isatty():
        raise Misuse(f"{question} Nobody can answer, this is no terminal: add --yes to agree")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Failure("nothing was done")


def whoever_is_here(by: str | None) -> str:
    """The name that was given, else the login name."""
    if by:
        return by
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in some containers
        return "operator"
