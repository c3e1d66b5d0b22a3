"""The checks of single values of `sources.toml`, and how their faults are told."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from pydantic_core import ErrorDetails

from enrollment.request import ADDRESS, COURSE_ID, GOOGLE_ID
from enrollment.sources.columns import ALIASES, KEYS
from enrollment.sources.rules import COURSE_FIELDS, STUDENT_FIELDS, fields_of
from enrollment.verify.options import is_safe


def domain(text: str) -> str:
    """A domain in lower case. Like all checks here, raises ValueError with fact and remedy."""
    if not ADDRESS.fullmatch(f"a@{text.strip()}"):
        raise ValueError("is not a domain: write it like northside.example, without an @")
    return text.strip().lower()


# Secret Manager's names, and those that a shell can export.
SECRET = re.compile(r"secret://[A-Za-z0-9_-]{1,255}|env://[A-Za-z_][A-Za-z0-9_]*")


def secret(text: str) -> str:
    """Where a secret lies; a secret itself is refused."""
    if not SECRET.fullmatch(text):
        raise ValueError(
            "must say where the secret lies, secret://NAME or env://NAME, never the secret"
        )
    return text


def endpoint(text: str) -> str:
    """An address of a service, without the slash at its end."""
    if not is_safe(text):
        raise ValueError("is no https address: write it like https://sis.school.example/path")
    if "?" in text or "#" in text:
        raise ValueError("holds more than an address: leave out what begins with ? or #")
    return text.rstrip("/")


def not_empty(limits: tuple[str, ...]) -> tuple[str, ...]:
    """An allow-list with something in it: an empty one is more likely a slip than a wish."""
    if not limits:
        raise ValueError("is empty and would let nobody through: leave it out for no limit")
    return limits


def course_rule(rule: str) -> str:
    """A rule that can make an id or alias of a course."""
    _known_fields(rule, COURSE_FIELDS)
    if not COURSE_ID.fullmatch(rule.format_map(dict.fromkeys(COURSE_FIELDS, "1"))):
        raise ValueError(
            "makes no course: begin it with d: or p:, without a slash, or let it give digits"
        )
    return rule


def student_rule(rule: str) -> str:
    """A rule that can make an address or a Google user id, another one for each person."""
    _known_fields(rule, STUDENT_FIELDS)
    made = rule.format_map(dict.fromkeys(STUDENT_FIELDS, "1") | {"user_email": "a@b.example"})
    if not fields_of(rule) or not (ADDRESS.fullmatch(made) or GOOGLE_ID.fullmatch(made)):
        raise ValueError(
            "makes no address: write {user_email}, or like {user_id}@student.northside.example"
        )
    return rule


def columns(said: Mapping[str, str]) -> dict[str, str]:
    """The columns of a plain CSV by what they hold."""
    for key, name in said.items():
        if key not in KEYS:
            there = f"what a column may hold is {', '.join(KEYS)}"
            raise ValueError(f"names {key}{nearest(key, KEYS)}: {there}")
        if not name.strip():
            raise ValueError(f"gives {key} no column: write the name in the header")
    for alias, key in ALIASES.items():
        if alias in said and key in said:
            raise ValueError(f"names {alias} and {key}, which mean the same: leave one out")
    return dict(said)


def _known_fields(rule: str, fields: tuple[str, ...]) -> None:
    there = ", ".join(f"{{{name}}}" for name in fields)
    try:
        unknown = [name for name in fields_of(rule) if name not in fields]
    except ValueError:
        raise ValueError(f"has braces that hold no plain field: the fields are {there}") from None
    if unknown:
        wrong = ", ".join(f"{{{name}}}{nearest(name, fields)}" for name in unknown)
        raise ValueError(f"names {wrong}: the fields are {there}")


def nearest(word: str, words: Iterable[str]) -> str:
    """A hint at the word that was probably meant, ready to be appended; empty if none is near."""
    near = get_close_matches(word, list(words), n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _place(at: tuple[int | str, ...]) -> str:
    """The keys as they are written, and which entry of a list it is: `verify.secrets, entry 1,`."""
    return ".".join(str(each) for each in at if isinstance(each, str)) + "".join(
        f", entry {each + 1}," for each in at if isinstance(each, int)
    )


def told(error: ErrorDetails, keys: tuple[str, ...]) -> str:
    """One fault that pydantic found, as key, fact and remedy; never the value.

    `keys` are those of the table in which it was found.
    """
    key = _place(error["loc"])
    match error["type"]:
        case "extra_forbidden":
            hint = nearest(key.rpartition(".")[2], keys)
            return f"{key} is no key{hint}: the keys are {', '.join(keys)}"
        case "missing":
            return f"{key} is missing: add it"
        case "model_type" if key:
            return f'{key} is no table: write its keys in braces, like {{ key = "value" }}'
        case "model_type":
            return "is not a table: write its keys below its heading"
        case "dict_type" | "mapping_type":
            return f'{key} is no table: write it like {{ student = "E-mail", class_id = "Class" }}'
        case "tuple_type":
            return f'{key} is no list: write a list: ["…"]'
        case "enum":
            return f"{key} is not known: write {error['ctx']['expected']}"
        case "value_error":
            return f"{key} {error['ctx']['error']}"
        case _:
            return f"{key} is wrong: {error['msg'][:1].lower()}{error['msg'][1:]}"
