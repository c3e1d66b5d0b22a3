"""A door that is open for a test: its document, who comes, and what has been declared and sent."""

import copy
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator

from enrollment.openapi import Door, document

METHODS = ("get", "post")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Whoever comes to a door, and the sources that they come for."""

    sources: list[str]
    headers: Callable[[], Mapping[str, str]] = dict
    cookies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A door with its sources declared, and something sent to it before."""

    door: Door
    names: Mapping[str, Mapping[str, list[str]]]  # what stands in the addresses of a path
    callers: Mapping[str, Caller]
    hidden: Collection[str]  # stands in no log line
    bodies: Mapping[str, Any]  # schemas that are narrower here

    def described(self, caller: str) -> dict[str, Any]:
        """The door's document, for what is declared here.

        Else nearly each request would ask for what nobody has declared or sent.
        """
        narrowed = copy.deepcopy(document(self.door))
        first = {"/{source}": {"source": self.callers[caller].sources}}
        for path, names in (first | dict(self.names)).items():
            for parameter in narrowed["paths"][path]["parameters"]:
                parameter["schema"] = {"enum": names[parameter["name"]]}
        narrowed["components"]["schemas"] |= self.bodies
        return narrowed


def operations(door: Door) -> list[tuple[str, str]]:
    """Every operation of a door's document: its path and its method."""
    paths = document(door)["paths"]
    return [(path, method.upper()) for path in paths for method in METHODS if method in paths[path]]


def conforms(door: Door, operation: tuple[str, str], status: int, reply: Any) -> None:
    """The reply is one that the document lists, of its kind and with all of its headers."""
    said = document(door)
    path, method = operation
    answer = said["paths"][path][method.lower()]["responses"][str(status)]
    assert reply.status_code == status
    content = answer["content"][reply.mimetype]
    _validator(content["schema"], said).validate(reply.json if reply.is_json else reply.text)
    for name, header in answer.get("headers", {}).items():
        told = reply.headers[name]  # in these examples those that may be missing are there as well
        _validator(header["schema"], said).validate(int(told) if told.isdigit() else told)


def _validator(schema: dict[str, Any], said: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(schema | {"components": said["components"]})
