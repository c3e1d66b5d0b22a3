"""A door that is open for a test: its document, who comes, and what has been declared and sent."""

import copy
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

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
