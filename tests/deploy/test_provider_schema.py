"""The stand-in for Google's provider: what it reads of generated code, and of terraform."""

import pytest

from infra.packaging import ROOT
from infra.provider_schema import ADDRESS, committed_schema
from infra.provider_schema.__main__ import used_types
from infra.provider_schema.bindings import Bindings, UnknownShape

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
