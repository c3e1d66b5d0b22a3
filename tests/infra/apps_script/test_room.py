"""What failed is kept within Google's limits: 9 kB a property, 500 kB in all, which throw here."""

import json

from tests.infra.apps_script.receiver import problem
from tests.infra.apps_script.school_form import NOON


def refused(n, reason="refused"):
    """An entry as it is kept; eight of them fill a part."""
    return {"id": f"old{n:040}", "reason": reason, "detail": "é" * 150}


def fill(form, parts, **kwargs):
    for part in range(parts):
        entries = [refused(8 * part + n, **kwargs) for n in range(8)]
        form.properties[f"FAILED_{part + 1}"] = json.dumps(entries, separators=(",", ":"))


def test_what_no_longer_fits_into_one_property_goes_into_the_next(form, receiver):
    fill(form, 1)
    receiver.answers = [problem(("/course_id", "unknown", "é" * 200))]

    form.submit()

    assert len(form.failed) == 9
    assert len(json.loads(form.properties["FAILED_2"])) == 1


def test_properties_that_are_no_longer_needed_are_removed(form):
    fill(form, 3, reason="unavailable")  # of responses that the form no longer has

    form.run("everyHour")

    assert [name for name in form.properties if name.startswith("FAILED")] == []


def test_what_there_is_no_room_for_is_sent_again_from_the_form(form, receiver):
    fill(form, 36)
    receiver.answers = [problem(("/course_id", "unknown", "é" * 200))]

    form.submit(key="r1", at=NOON)
    noted = form.properties["FAILED_FROM"]
    kept = len(form.failed)
    fill(form, 1)
    for part in range(2, 37):
        del form.properties[f"FAILED_{part}"]
    form.run("everyHour")

    assert (noted, kept) == (str(NOON), 36 * 8)
    assert "FAILED_FROM" not in form.properties
    assert [each["origin"]["event_id"] for each in receiver.accepted] == ["r1"]


def test_while_there_is_no_room_nothing_is_sent_over_and_over(form, receiver):
    fill(form, 36)
    form.answer()
    form.properties["FAILED_FROM"] = "1"

    form.run("everyHour")

    assert receiver.requests == []
    assert form.properties["FAILED_FROM"] == "1"
