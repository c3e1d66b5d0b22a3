"""What every door has in common: a deadline from the first moment, an honest status at the end."""

from collections.abc import Callable

from enrollment.clock import Deadline
from enrollment.journal import Line
from enrollment.ports import Unavailable
from enrollment.settings import SettingsError
from enrollment.wiring.distributed import CLOCK, JOURNAL

Reply = tuple[str, int, dict[str, str]]
DONE, NOT_NOW, OUR_FAULT = 200, 503, 500
TEXT, JSON = "text/plain; charset=utf-8", "application/json"


def reply(status: int, text: str, content_type: str = TEXT) -> Reply:
    """A reply that no browser takes for a page."""
    headers = {"Content-Type": content_type, "X-Content-Type-Options": "nosniff"}
    return text, status, headers


def answered(work: Callable[[Deadline], Reply]) -> Reply:
    """The work's reply; 503 when it cannot be done now, 500 for a fault of ours.

    A fault is journalled by its kind and its places: its message may hold an address, and so might
    the framework's own traceback.
    """
    try:
        return work(Deadline.starting_now(CLOCK))
    except Unavailable as trouble:
        JOURNAL.say("WARNING", "not now", reason=trouble.reason, detail=trouble.detail)
        return reply(NOT_NOW, f"not now: {trouble.reason}")
    except SettingsError as wrong:
        JOURNAL.say("CRITICAL", str(wrong))
        return reply(OUR_FAULT, "the settings are not complete: see the log")
    except Exception as fault:  # noqa: BLE001 - whatever it is, the message must come again
        line = Line()
        line.fault(fault)
        JOURNAL.record(line)
        return reply(OUR_FAULT, f"a fault of ours: {type(fault).__name__}")
