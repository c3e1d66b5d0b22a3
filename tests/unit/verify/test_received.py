"""What arrived is not shown by accident."""

import re
from pathlib import Path

import enrollment
from enrollment.verify.received import NotVerified, Received, Verified, Why

PACKAGE = Path(enrollment.__file__).parent


def test_nothing_that_arrived_is_in_a_representation():
    received = Received({"authorization": "Basic secret"}, b"Ada")

    assert (repr(received), repr(Verified(b"Ada", "ada"))) == ("Received()", "Verified()")


def test_why_it_is_not_believed_is_all_that_is_told():
    error = NotVerified(Why.TOO_OLD)

    assert (str(error), error.why) == ("too old", Why.TOO_OLD)


def test_every_why_is_used():
    code = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    used = set(re.findall(r"Why\.([A-Z_]+)", code))

    assert used == {each.name for each in Why}
