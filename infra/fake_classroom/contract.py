"""The routes, parameters and schemas of Google's discovery document, compiled for a server."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote

# The methods that an enrollment handler has a use for; everything else answers 404.
IMITATED = (
    "courses.get",
    "courses.students.create",
    "courses.students.get",
    "courses.students.list",
    "courses.teachers.get",
    "courses.teachers.list",
    "invitations.create",
    "invitations.get",
    "invitations.list",
    "userProfiles.get",
)

Schema = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Method:
    """One method of the discovery document, in the form a server needs."""

    id: str
    verb: str
    segments: tuple[str, ...]
    query: Mapping[str, Schema]
    request: str | None
    response: str

    def path_parameters(self, segments: tuple[str, ...]) -> dict[str, str] | None:
        """The decoded path parameters if the path is this method's, else None."""
        if len(segments) != len(self.segments):
            return None
        found: dict[str, str] = {}
        for ours, theirs in zip(self.segments, segments, strict=True):
            if ours.startswith("{"):
                found[ours[1:-1]] = unquote(theirs)
            elif ours != theirs:
                return None
        return found if all(found.values()) else None


@dataclass(frozen=True, kw_only=True)
class Contract:
    """Google's published promise: which calls exist and what may be in them."""

    revision: str
    methods: tuple[Method, ...]
    schemas: Mapping[str, Schema]

    def find(self, verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
        """The method that a request line asks for, with its path parameters."""
        segments = tuple(path.lstrip("/").split("/"))
        for method in self.methods:
            if method.verb == verb:
                parameters = method.path_parameters(segments)
                if parameters is not None:
                    return method, parameters
        return None


@cache
def published() -> Contract:
    """The contract in the discovery document of the installed google-api-python-client."""
    document = json.loads(_document().read_text(encoding="utf-8"))
    return Contract(
        revision=document["revision"],
        methods=tuple(_method(document, name) for name in IMITATED),
        schemas=document["schemas"],
    )


def _document() -> Path:
    # The file is found, not imported: importing googleapiclient costs a second on a cold machine.
    spec = find_spec("googleapiclient")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(
            "google-api-python-client is not installed: the fake reads Google's discovery "
            "document from it"
        )
    package = Path(next(iter(spec.submodule_search_locations)))
    return package / "discovery_cache" / "documents" / "classroom.v1.json"


def _method(document: Mapping[str, Any], name: str) -> Method:
    *resources, last = name.split(".")
    owner: Mapping[str, Any] = document
    for resource in resources:
        owner = owner["resources"][resource]
    entry = owner["methods"][last]
    own = entry.get("parameters", {})
    return Method(
        id=name,
        verb=entry["httpMethod"],
        segments=tuple(entry["path"].split("/")),
        query=document["parameters"] | {k: v for k, v in own.items() if v["location"] == "query"},
        request=entry.get("request", {}).get("$ref"),
        response=entry["response"]["$ref"],
    )
