"""The stand-in for Google's provider: what it reads of generated code, and of terraform."""

import pytest

from infra.packaging import ROOT
from infra.provider_schema import ADDRESS, committed_schema
from infra.provider_schema.__main__ import used_types
from infra.provider_schema.bindings import Bindings, UnknownShape
from infra.provider_schema.msgpack import UNKNOWN, unpack

CODE = """\
function thingRuleToHclTerraform(struct) {
    const attrs = {
    };
}
class ThingRuleOutputReference extends cdktn.ComplexObject {
    // kind - computed: false, optional: false, required: true
    get kind() {
        return this.getStringAttribute('kind');
    }
}
class ThingSeenList extends cdktn.ComplexList {
}
class ThingSeenOutputReference extends cdktn.ComplexObject {
    // at - computed: true, optional: false, required: false
    get at() {
        return this.getNumberAttribute('at');
    }
}
class Thing extends cdktn.TerraformResource {
    // names - computed: false, optional: true, required: false
    get names() {
        return cdktn.Fn.tolist(this.getListAttribute('names'));
    }
    // labels - computed: true, optional: true, required: false
    get labels() {
        return this.getStringMapAttribute('labels');
    }
    // seen - computed: true, optional: false, required: false
    _seen = new ThingSeenList(this, "seen", false);
    // rule - computed: false, optional: false, required: true
    _rule = new ThingRuleOutputReference(this, "rule");
    // =========
    synthesizeHclAttributes() {
        const attrs = {
            rule: {
                value: thingRuleToHclTerraform(this._rule.internalValue),
                isBlock: true,
                type: "list",
                storageClassType: "ThingRuleList",
            },
        };
    }
}
"""
DECLARATIONS = """\
export interface ThingRule {
    /**
    * What it is. Possible values: ["GOOD",
    * "BAD"]
    *
    * Docs: {@link https://registry.example/thing#kind Thing#kind}
    */
    readonly kind: string;
}
"""


def test_the_schema_is_read_from_generated_code():
    block = Bindings.read(CODE, DECLARATIONS).block("Thing")

    assert block["attributes"] == {
        "names": {"type": ["set", "string"], "optional": True},
        "labels": {"type": ["map", "string"], "computed": True, "optional": True},
        "seen": {"type": ["list", ["object", {"at": "number"}]], "computed": True},
    }
    assert block["block_types"] == {
        "rule": {
            "nesting_mode": "list",
            "min_items": 1,
            "max_items": 1,
            "block": {
                "attributes": {
                    "kind": {
                        "type": "string",
                        "required": True,
                        "possible_values": ["GOOD", "BAD"],
                    }
                },
                "block_types": {},
            },
        }
    }


def test_code_that_is_written_otherwise_is_not_guessed_at():
    with pytest.raises(UnknownShape, match=r"Thing\.labels"):
        Bindings.read(CODE.replace("this.getStringMap", "that.findStringMap"), "").block("Thing")


def test_the_committed_schema_holds_what_terraform_uses_and_no_more():
    schema = committed_schema()["provider_schemas"][ADDRESS]
    held = {("resource", name) for name in schema["resource_schemas"]}
    held |= {("data", name) for name in schema["data_source_schemas"]}

    assert held == used_types(ROOT / "terraform")


def test_the_committed_schema_says_where_it_comes_from():
    assert committed_schema()["source"]["licence"].startswith("MPL-2.0")


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\xc0", None),
        (b"\xc2", False),
        (b"\x07", 7),
        (b"\xff", -1),
        (b"\xcd\x01\x00", 256),
        (b"\xd1\xff\x00", -256),
        (b"\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00", 1.5),
        (b"\xa3abc", "abc"),
        (b"\xd9\x03abc", "abc"),
        (b"\xc4\x02\x00\x01", b"\x00\x01"),
        (b"\x92\x01\xa1a", [1, "a"]),
        (b"\xdc\x00\x01\x05", [5]),
        (b"\x81\xa1a\x90", {"a": []}),
        (b"\xde\x00\x01\xa1a\xc3", {"a": True}),
        (b"\xd4\x00\x00", UNKNOWN),
        (b"\x92\xc7\x02\x0c\x00\x00\x01", [UNKNOWN, 1]),
    ],
)
def test_messagepack_is_read(data, value):
    assert unpack(data) == value


@pytest.mark.parametrize("data", [b"", b"\xa3ab", b"\xcd\x01", b"\x92\x01", b"\xc1"])
def test_what_is_no_messagepack_is_refused(data):
    with pytest.raises(ValueError, match="no MessagePack"):
        unpack(data)
