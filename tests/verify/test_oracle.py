"""Our verifier of Standard Webhooks and the reference library agree, but where we mean not to."""

import types
from pathlib import Path

import pytest

from enrollment.verify import standard_webhooks
from tests.verify.deliveries import LIVE, secret_of
from tests.verify.differences import RULES
from tests.verify.judging import compared, ours

SOME, ALL = 500, 10_000
# What somebody might get wrong, as it stands in the verifier and as it would.
FAULTS = {
    "the time is not looked at": ("if abs(age) > TOLERANCE:", "if False:"),
    "the time is looked at in one direction": ("if abs(age) > TOLERANCE:", "if age > TOLERANCE:"),
    "the ends of the tolerance are outside": ("abs(age) > TOLERANCE", "abs(age) >= TOLERANCE"),
    "one byte may differ": (
        "hmac.compare_digest(mine, theirs)",
        "sum(a != b for a, b in zip(mine, theirs)) <= 1",
    ),
    "a shorter signature is enough": (
        "hmac.compare_digest(mine, theirs)",
        "mine.startswith(theirs)",
    ),
    "only the first secret is tried": ("for key in self.keys]", "for key in self.keys[:1]]"),
    "the id is not signed": ('f"{delivery_id}.{seconds}."', 'f"msg.{seconds}."'),
    "the body is read as text": ("received.body)", "received.body.strip())"),
    "a bad entry ends the list": ("                continue", "                return"),
    "any version will do": ('if version == "v1":', 'if version.startswith("v1"):'),
}


def test_we_agree_but_for_a_closed_list_of_differences(request):
    everything = request.config.getoption("--all")

    found = compared(ours(), range(ALL if everything else SOME))

    assert found.faults == []
    assert min(found.agreed[True], found.agreed[False]) > sum(found.agreed.values()) / 10
    never = {each.name for each in RULES} - found.explained.keys()
    assert not (everything and never), f"rules that never came true: {never}"


def test_each_difference_has_a_name_of_its_own_and_a_reason():
    assert len({each.name for each in RULES}) == len(RULES)
    assert all(len(each.reason) >= len("the same") for each in RULES)


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name):
    before, after = FAULTS[name]

    found = compared(planted(before, after), range(2_000))

    assert found.faults


def test_without_a_fault_the_copy_is_as_good_as_the_original():
    found = compared(planted("hmac.compare_digest", "hmac.compare_digest"), range(SOME))

    assert found.faults == []


def planted(before, after):
    """The verifier from a copy of its source in which one thing is different."""
    source = Path(standard_webhooks.__file__).read_text(encoding="utf-8")
    assert source.count(before) == 1, f"{before} stands there {source.count(before)} times"
    copy = types.ModuleType("copy_of_standard_webhooks")
    exec(compile(source.replace(before, after), "copy", "exec"), vars(copy))
    return copy.StandardWebhooks.with_secrets([secret_of(key) for key in LIVE])
