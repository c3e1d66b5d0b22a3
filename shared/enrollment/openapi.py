"""What each door to the outside takes and answers, as OpenAPI 3.1 documents.

`python -m enrollment.openapi` writes them beside this file.
"""

import json
from enum import StrEnum
from pathlib import Path

from enrollment import openapi_forms, openapi_webhook
from enrollment.openapi_answers import security_schemes
from enrollment.openapi_schemas import Schema, schemas
from enrollment.problems import TYPE, Kind

# For methods that stand nowhere in a document: no operation could list this answer.
OTHER_METHODS = (
    f"Another method hears 405, `{TYPE}{Kind.NOT_ALLOWED.code}`, and in `Allow` what to use."
)


class Door(StrEnum):
    """The functions that take requests from outside."""

    SIS_WEBHOOK = "sis_webhook"
    FORM_INTAKE = "form_intake"


FILES = {
    Door.SIS_WEBHOOK: Path(__file__).with_name("openapi.json"),
    Door.FORM_INTAKE: Path(__file__).with_name("openapi_forms.json"),
}
SAID = {Door.SIS_WEBHOOK: openapi_webhook, Door.FORM_INTAKE: openapi_forms}


def document(door: Door) -> Schema:
    """The document of a door."""
    said = SAID[door]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": said.TITLE,
            "version": "1",
            "summary": said.SUMMARY,
            "description": f"{said.DESCRIPTION} {OTHER_METHODS}",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": said.paths(),
        "components": {
            "schemas": {**schemas(said.PROBLEMS), **said.schemas()},
            "securitySchemes": security_schemes(),
        },
    }


def text(door: Door) -> str:
    """The document as it is committed."""
    return json.dumps(document(door), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for each, file in FILES.items():
        file.write_text(text(each), encoding="utf-8")
