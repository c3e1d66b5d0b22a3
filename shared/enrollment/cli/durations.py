"""Lengths of time as people write and read them: `90s`, `15m`, `2h`."""

import re
from datetime import timedelta

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
MOST_DAYS = 1000  # more than any store remembers; no date leaves the calendar
PART = re.compile(r"(\d{1,9})([smhd])")
WHOLE = re.compile(rf"0|({PART.pattern})+")


def parse(text: str) -> timedelta:
    """The length that a text means. Raises ValueError with fact and remedy."""
    plain = text.strip().lower()
    if not WHOLE.fullmatch(plain):
        raise ValueError(f"{text!r} is no length of time: write it like 90s, 15m, 2h, 1h30m or 0")
    seconds = sum(int(number) * UNITS[unit] for number, unit in PART.findall(plain))
    if seconds > MOST_DAYS * UNITS["d"]:
        raise ValueError(f"{text!r} is too long: write at most {MOST_DAYS}d")
    return timedelta(seconds=seconds)


def spoken(length: timedelta) -> str:
    """A length in its one or two largest units: `45 s`, `13 min`, `2 h 5 min`, `3 d 4 h`."""
    seconds = max(0, round(length.total_seconds()))
    if seconds < 90:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"
