"""Every reason is explained to a person, and none is there that nothing uses."""

from pathlib import Path

import enrollment
from enrollment.advice import Kind, Who, advice
from enrollment.reasons import Reason

PACKAGE = Path(enrollment.__file__).parent


def test_every_reason_has_advice_in_whole_sentences():
    said = [text for each in Reason for text in (advice(each).sentence, advice(each).next_step)]

    odd = [text for text in said if not (text[0].isupper() and text.endswith(".")) or "  " in text]

    assert odd == []


def test_every_reason_is_used():
    others = [path for path in PACKAGE.rglob("*.py") if path.name != "reasons.py"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in others)

    assert [each for each in Reason if f"Reason.{each.name}" not in code] == []


def test_a_reason_is_stored_under_its_own_name():
    assert [each for each in Reason if each.value != each.name.lower()] == []


def test_time_alone_never_mends_a_refusal():
    refusals = [each for each in Reason if advice(each).kind is Kind.REFUSED]

    assert [each for each in refusals if advice(each).who is Who.TIME] == []


def test_what_holds_the_line_is_mended_by_an_engineer_or_an_administrator():
    holding = [each for each in Reason if advice(each).kind is Kind.MISCONFIGURED]

    assert {advice(each).who for each in holding} == {Who.ENGINEER, Who.ADMINISTRATOR}
