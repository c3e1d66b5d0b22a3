"""Seven rows and their school: one of each that matters to an operator."""

from pathlib import Path
from typing import Any

from tests.sources.rosters import a_class, a_user, an_enrollment, in_folder, oneroster

AS_OF = ("--as-of", "2026-11-23")
ADA = "ada@northside.example"  # is enrolled
BEN = "ben@northside.example"  # was there before
CLOE = "cloe@northside.example"  # her course is archived
YUKI = "yuki@northside.example"  # her account is too young


def a_school() -> dict[str, Any]:
    return {
        "domains": ["northside.example"],
        "administrator": "admin@northside.example",
        "accounts": [
            {"email": ADA},
            {"email": CLOE},
            {"email": YUKI, "state": "young", "for_calls": 99},
        ],
        "courses": [
            {"aliases": ["d:MATH-7"], "students": [BEN]},
            {"aliases": ["d:ART-1"], "state": "ARCHIVED"},
        ],
    }


def a_roster(path: Path) -> Path:
    """Four requests, a row said twice, a teacher and a student who left."""
    rows = [
        an_enrollment(sourcedId="1", userSourcedId="u-ada"),
        an_enrollment(sourcedId="2", userSourcedId="u-ben"),
        an_enrollment(sourcedId="3", userSourcedId="u-cloe", classSourcedId="ART-1"),
        an_enrollment(sourcedId="4", userSourcedId="u-yuki"),
        an_enrollment(sourcedId="5", userSourcedId="u-ada"),
        an_enrollment(sourcedId="6", userSourcedId="u-tom", role="teacher"),
        an_enrollment(sourcedId="7", userSourcedId="u-zoe", status="tobedeleted"),
    ]
    names = {"ada": ADA, "ben": BEN, "cloe": CLOE, "yuki": YUKI}
    users = [a_user(sourcedId=f"u-{name}", email=email) for name, email in names.items()]
    users.append(a_user(sourcedId="u-zoe", email="zoe@northside.example"))
    users.append(a_user(sourcedId="u-tom", email="tom@northside.example", role="teacher"))
    classes = [a_class(), a_class(sourcedId="ART-1", title="Art")]
    return in_folder(path, oneroster(enrollments=rows, classes=classes, users=users))
