"""What Google Forms answers, read: what is not Google's is told from what is."""

import json
from collections.abc import Mapping
from typing import Any

from enrollment.form_ports import Watch
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.sources.google_forms import Response, time_of


def object_in(content: bytes) -> dict[str, Any]:
    """The object that a body holds. Raises Unavailable(forms_down)."""
    try:
        said = json.loads(content)
        if b"\\u" in content:  # half a surrogate pair no store can hold: a ? stands for it
            said = json.loads(json.dumps(said, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError):
        raise not_googles() from None
    if not isinstance(said, dict):
        raise not_googles()
    return said


def listed_in(said: Mapping[str, Any], name: str, *beside: str) -> list[dict[str, Any]]:
    """The objects of a list, which is absent if it is empty. Raises Unavailable(forms_down)."""
    listed = said.get(name, [])
    if said.keys() - {name, *beside} or not isinstance(listed, list):
        raise not_googles()
    if not all(isinstance(each, dict) for each in listed):
        raise not_googles()
    return listed


def response_of(said: Mapping[str, Any]) -> Response:
    """A response. Raises Unavailable(forms_down)."""
    response_id, submitted = said.get("responseId"), said.get("lastSubmittedTime")
    try:
        time_of(submitted if isinstance(submitted, str) else "")
    except ValueError:
        raise not_googles() from None
    if not isinstance(response_id, str) or not response_id:
        raise not_googles()
    answers = said.get("answers")
    answers = answers if isinstance(answers, dict) else {}
    respondent = said.get("respondentEmail")
    return Response(
        response_id=response_id,
        submitted=str(submitted),
        respondent=respondent if isinstance(respondent, str) else "",
        answers={each: _texts(it) for each, it in answers.items()},
    )


def _texts(answer: object) -> tuple[str, ...]:
    """The texts of an answer; a file that was handed in has none."""
    said = answer.get("textAnswers") if isinstance(answer, dict) else None
    listed = said.get("answers") if isinstance(said, dict) else None
    each = [it for it in listed if isinstance(it, dict)] if isinstance(listed, list) else []
    values = [it.get("value") for it in each]
    return tuple(value for value in values if isinstance(value, str))


def watch_of(said: Mapping[str, Any]) -> Watch:
    """A watch. Raises Unavailable(forms_down)."""
    target = said.get("target")
    topic = target.get("topic") if isinstance(target, dict) else None
    name = topic.get("topicName") if isinstance(topic, dict) else None
    error = said.get("errorType")
    try:
        return Watch(
            watch_id=str(said["id"]),
            topic=name if isinstance(name, str) else "",
            active=said.get("state") != "SUSPENDED",
            error=error if isinstance(error, str) else None,
            until=time_of(str(said["expireTime"])),
        )
    except (KeyError, ValueError):
        raise not_googles() from None


def not_googles() -> Unavailable:
    """What to raise at an answer that is none of Google's."""
    return Unavailable(Reason.FORMS_DOWN, "200 without the JSON of Google Forms")
