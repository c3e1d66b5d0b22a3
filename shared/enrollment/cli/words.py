"""How single things are written for people: addresses masked, times local, counts with nouns."""

from datetime import UTC, datetime

SHORT_ID = 12  # of a review item; 48 bits, so two alike are a matter of millions of items


def masked(student: str, *, whole: bool) -> str:
    """`a***@school.example`; the whole address only if it was asked for."""
    if whole:
        return student
    name, at, domain = student.rpartition("@")
    return f"{name[:1]}***@{domain}" if at else f"{student[:1]}***"


def local(time: datetime | None) -> str:
    """A time where the operator is."""
    return time.astimezone().strftime("%Y-%m-%d %H:%M:%S") if time else ""


def iso(time: datetime | None) -> str | None:
    """A time for programs: ISO 8601 in UTC."""
    return time.astimezone(UTC).isoformat() if time else None


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 request`, `14,076 requests`."""
    return f"1 {noun}" if number == 1 else f"{number:,} {plural or noun + 's'}"


def printable(text: str) -> str:
    """The text without what would steer a terminal or turn its letters around."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def is_text(text: str) -> bool:
    """Whether it can be written as UTF-8: a byte of no letter, or half of one, cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
