"""The JSON Schema of a message on `enrollment-requests`, for whoever sends one without Python.

`python -m enrollment.schema` writes it to `request.schema.json` beside this file.
"""

import json
from pathlib import Path
from typing import Any

from enrollment.request import ADDRESS, COURSE_ID, GOOGLE_ID, EnrollmentRequest

FILE = Path(__file__).with_name("request.schema.json")


def request_schema() -> dict[str, Any]:
    """The schema (2020-12): the model's own, and the rules that the model checks in code."""
    schema = EnrollmentRequest.model_json_schema()
    properties = schema["properties"]
    properties["course_id"]["pattern"] = _anchored(COURSE_ID.pattern)
    properties["student"]["pattern"] = _anchored(f"{ADDRESS.pattern}|{GOOGLE_ID.pattern}")
    with_code = {"properties": {"enrollment_code": {"type": "string"}}}
    return (
        {"$schema": "https://json-schema.org/draft/2020-12/schema"}
        | schema
        | {
            "description": schema["description"].partition("\n")[0],
            "if": {"properties": {"mode": {"const": "code"}}, "required": ["mode"]},
            "then": with_code | {"required": ["enrollment_code"]},
        }
    )


def _anchored(pattern: str) -> str:
    r"""The pattern for the whole value, in the dialect of JSON Schema (ECMA-262 has no `\Z`)."""
    return f"^(?:{pattern})$".replace(r"\Z", "$")


def text() -> str:
    """The schema as it is committed."""
    return json.dumps(request_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
