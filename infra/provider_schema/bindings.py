"""The schema of one type, read from the JavaScript that CDK Terrain generates of it.

Its comments keep each field's flags, its classes the nesting, its doc comments the possible values.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]

CLASS = re.compile(r"^class (\w+) extends cdktn\.(\w+) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
FIELD = re.compile(
    r"^    // (\w+) - computed: (true|false), optional: (true|false), required: (true|false)$"
    r"(.*?)(?=^    // \w+ - computed:|^    // =====|\Z)",
    re.MULTILINE | re.DOTALL,
)
CHILD = re.compile(r'= new (cdktn\.)?(\w+)\(this, "\w+"')
GETTER = re.compile(r"this\.get(\w*?)Attribute\(")
NESTING = re.compile(r'^ +(\w+): \{\n +value: .*\n +isBlock: true,\n +type: "(\w+)",', re.MULTILINE)
FUNCTION = re.compile(
    r"^function (\w+)ToHclTerraform\(.*?\) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL
)
INTERFACE = re.compile(r"^export interface (\w+) .*?\{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
DOCUMENTED = re.compile(r"/\*\*(.*?)\*/\s+readonly \w+\??:", re.DOTALL)
POSSIBLE = re.compile(r"Possible values: (\[[^\]]*\])")
ANCHOR = re.compile(r"\{@link \S+#(\w+) ")

SIMPLE = {"String": "string", "Number": "number", "Boolean": "bool", "Any": "dynamic"}
LIST, MAP, REFERENCE = "List", "Map", "OutputReference"


class UnknownShape(Exception):
    """The generated code is written in a way that this reader does not know; it says where."""


@dataclass(frozen=True)
class Bindings:
    """The generated code of one resource or data source."""

    classes: dict[str, str]  # what each class says
    nesting: dict[str, dict[str, str]]  # by class: its blocks, and whether list, set or struct
    possible: dict[tuple[str, str], list[str]]

    @classmethod
    def read(cls, code: str, declarations: str) -> "Bindings":
        """Take the two files of one type apart."""
        nesting = {
            name[0].upper() + name[1:]: dict(NESTING.findall(body))
            for name, body in FUNCTION.findall(code)
        }
        classes = {}
        for name, base, body in CLASS.findall(code):
            classes[name] = body
            if base.startswith("Terraform"):
                nesting[name] = dict(NESTING.findall(body))
        return cls(classes, nesting, dict(_possible_values(declarations)))

    def block(self, name: str) -> Block:
        """The schema of a class, with the blocks inside it. Raises UnknownShape."""
        attributes: Block = {}
        blocks: Block = {}
        base = name.removesuffix(REFERENCE)
        for field, *flags, body in FIELD.findall(self.classes[name]):
            computed, optional, required = (flag == "true" for flag in flags)
            kind = self.nesting.get(base, {}).get(field)
            if kind and (optional or required):
                blocks[field] = self._nested(body, kind, field=field, required=required)
                continue
            said = {"computed": computed, "optional": optional, "required": required}
            attribute = {"type": self._type(f"{name}.{field}", body)}
            attributes[field] = attribute | {flag: True for flag, is_so in said.items() if is_so}
            if values := self.possible.get((base, field)):
                attributes[field]["possible_values"] = values
        return {"attributes": attributes, "block_types": blocks}

    def _nested(self, body: str, kind: str, *, field: str, required: bool) -> Block:
        child = _child(body)
        nested: Block = {
            "nesting_mode": "single" if field == "timeouts" else "set" if kind == "set" else "list",
            "block": self.block(_reference(child)),
        }
        if required:
            nested["min_items"] = 1
        if child.endswith(REFERENCE) and field != "timeouts":
            nested["max_items"] = 1
        return nested

    def _type(self, where: str, body: str) -> Any:
        if CHILD.search(body):
            return self._type_of_child(where, _child(body))
        getter = GETTER.search(body)
        if getter is None:
            raise UnknownShape(f"{where} is read in no known way: {body.strip()[:200]}")
        kind = getter[1]
        collection = "set" if "Fn.tolist(" in body else "list"
        for suffix, outer in ((LIST, collection), (MAP, "map")):
            if kind.endswith(suffix):
                return [outer, SIMPLE[kind.removesuffix(suffix) or "String"]]
        return SIMPLE[kind]

    def _type_of_child(self, where: str, child: str) -> Any:
        if child.removesuffix(MAP) in SIMPLE:
            return ["map", SIMPLE[child.removesuffix(MAP)]]
        reference = _reference(child)
        if reference not in self.classes:
            raise UnknownShape(f"{where} is a {child}, of which nothing is said")
        fields = {
            field: self._type(f"{reference}.{field}", body)
            for field, *_, body in FIELD.findall(self.classes[reference])
        }
        return ["list", ["object", fields]]


def _child(body: str) -> str:
    found = CHILD.search(body)
    if found is None:
        raise UnknownShape(f"a block without a class: {body.strip()[:200]}")
    return found[2]


def _reference(child: str) -> str:
    return child if child.endswith(REFERENCE) else child.removesuffix(LIST) + REFERENCE


def _possible_values(declarations: str) -> Any:
    for interface, body in INTERFACE.findall(declarations):
        for comment in DOCUMENTED.findall(body):
            said = re.sub(r"\s*\n\s*\*\s?", " ", comment)
            values, anchor = POSSIBLE.search(said), ANCHOR.search(said)
            if values and anchor:
                yield (interface.removesuffix("Config"), anchor[1]), json.loads(values[1])
                yield (interface, anchor[1]), json.loads(values[1])
