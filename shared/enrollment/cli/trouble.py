"""Errors as a person reads them: the thing, the fact and the remedy, and never a traceback."""

from collections.abc import Sequence

from enrollment.cli.words import is_text


class CommandError(Exception):
    """The command ends with this message and this exit code."""

    exit_code = 1


class Failure(CommandError):
    """It was asked rightly and did not work."""


class Misuse(CommandError):
    """The command or the settings must be changed first."""

    exit_code = 2


def must_be_text(words: Sequence[str]) -> None:
    """Raise Misuse unless all words of a command are text: others cannot be shown or stored."""
    for number, word in enumerate(words, start=1):
        if not is_text(word):
            raise Misuse(
                f"word {number} after `enrollment` is not UTF-8 text: type it again; if it is the"
                " name of a file, rename the file"
            )


def explained(error: Exception) -> CommandError | None:
    """What to tell of an error that was to be expected; None for a fault of ours."""
    if isinstance(error, CommandError):
        return error
    # By now whatever could raise them has been imported, and a second time costs nothing.
    from enrollment.advice import advice
    from enrollment.ports import Unavailable
    from enrollment.settings import SettingsError
    from enrollment.sources.files import RosterError
    from enrollment.sources.undeclarable import DeclarationError

    match error:
        case SettingsError():
            return Misuse("\n  ".join(str(error).splitlines()))
        case DeclarationError(file=file, faults=faults):
            return Misuse("\n  ".join([f"{file or 'sources.toml'} cannot be used:", *faults]))
        case RosterError():
            return Failure(f"the roster cannot be read: {error}")
        case Unavailable(reason=reason, detail=detail):
            told = advice(reason)
            because = f" ({detail})" if detail else ""
            return Failure(f"{told.sentence}{because} {told.next_step}")
        case _:
            return None
