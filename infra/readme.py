"""`python -m infra.readme`: write the tables of the README that the program itself knows."""

from collections.abc import Iterable
from pathlib import Path

from enrollment.advice import Kind, advice
from enrollment.reasons import Reason
from enrollment.sources.skips import SkipReason
from enrollment.sources.skips import advice as skip_advice

README = Path(__file__).resolve().parents[1] / "README.md"
TITLES = {
    Kind.REFUSED: "Refused: it comes to review, and is replayed once the cause is mended",
    Kind.NOT_NOW: "Not now: it waits, and is tried again by itself",
    Kind.MISCONFIGURED: "The line is held: the service's own access is at fault",
}


def reasons() -> str:
    """Every reason, by what it means for the request."""
    parts = []
    for kind, title in TITLES.items():
        parts.append(f"**{title}**\n")
        told = [(each, advice(each)) for each in Reason if advice(each).kind is kind]
        parts.append(_table((r.value, a.sentence, a.who.value, a.next_step) for r, a in told))
    return "\n".join(parts)


def skips() -> str:
    """Every reason why a row of a roster is not sent."""
    told = [(each, skip_advice(each)) for each in SkipReason]
    return _table((r.value, a.sentence, a.who.value, a.next_step) for r, a in told)


def filled(text: str) -> str:
    """The README with its tables as the program has them now."""
    for name, table in {"reasons": reasons(), "skips": skips()}.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        head, _, rest = text.partition(begin)
        _, _, tail = rest.partition(end)
        text = f"{head}{begin}\n{table}\n{end}{tail}"
    return text


def _table(rows: Iterable[tuple[str, str, str, str]]) -> str:
    lines = ["| reason | what happened | who can mend it | next step |", "|---|---|---|---|"]
    lines += [f"| `{name}` | {what} | {who} | {step} |" for name, what, who, step in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
