"""What the columns of a plain CSV may hold, and by which headers that is known unasked."""

from collections.abc import Collection, Iterable, Mapping

from enrollment.sources.rules import ClassFields

READY = "course"  # a column of Classroom's own ids and aliases
# Other words for the fields of rules, as people think of them.
ALIASES = {READY: "class_id", "course_id": "course_sis_id", "student": "user_email"}
FIELDS = (*ClassFields._fields, "user_email", "user_id", "username")
EXTRAS = ("role", "status", "begin", "end", "version")
KEYS = (*ALIASES, *FIELDS, *EXTRAS)
REMEDY = (
    "say which is which in sources.toml, below a heading like [sources.office]:"
    ' kind = "file", format = "csv" and columns = { student = "E-mail", class_id = "Class" }'
)

# Case, spaces, hyphens and underscores make no difference in a header.
HEADERS: dict[str, tuple[str, ...]] = {
    "user_email": (
        "student email", "student email address", "email", "email address", "school email",
        "user email", "mail", "student",
    ),
    "user_id": ("user id", "student id", "student number", "sis id"),
    "username": ("username", "login", "login id"),
    "class_id": ("class id", "class", "course id", "course", "section id", "section"),
    "class_code": ("class code",),
    "course_sis_id": ("course sis id", "course id", "course"),
    "term_id": ("term id", "term"),
    "school_year": ("school year",),
    "role": ("role",),
    "status": ("status", "enrollment status"),
    "begin": ("begin", "begin date", "start", "start date"),
    "end": ("end", "end date"),
    "version": ("version",),
}  # fmt: skip


def field_of(key: str) -> str:
    """The field that a key of `columns`, or a name in a rule, means."""
    return ALIASES.get(key, key)


def by_field(columns: Mapping[str, str]) -> dict[str, str]:
    """The columns of a mapping by their fields."""
    return {field_of(key): name.strip() for key, name in columns.items()}


def lacking(needs: Iterable[str], given: Collection[str]) -> list[str]:
    """The fields that rules need and no column gives; a full username serves as an address."""
    enough = {*given, "user_email"} if "username" in given else {*given}
    return sorted({field_of(name) for name in needs} - enough)
