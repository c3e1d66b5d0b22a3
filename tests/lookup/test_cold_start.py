"""A function whose sources can all do without a look-up does not pay for one."""

import subprocess
import sys

import pytest

from enrollment.sources.declared import Declaration, Declared
from enrollment.sources.lookup import LookupPlace

OURS = {f"enrollment.adapters.{each}" for each in ("web", "client_credentials", "oneroster_rest")}
PLACE = LookupPlace(url="https://a.example", token_url="https://a.example", client="env://A")
COMMAND = """
import sys
from enrollment.adapters.secrets import Secrets
from enrollment.sources.declared import Declared
from enrollment.wiring.intakes import lookups
lookups(Declared.model_validate_json(sys.argv[1]), Secrets(None))
print(*sys.modules)
"""


@pytest.mark.parametrize(("lookup", "needed"), [(None, set()), (PLACE, OURS)])
def test_an_http_client_is_loaded_for_a_declared_look_up_alone(lookup, needed):
    said = Declared(sources={"sis": Declaration(kind="webhook", format="oneroster", lookup=lookup)})

    ran = subprocess.run(
        [sys.executable, "-c", COMMAND, said.model_dump_json(exclude_defaults=True)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert set(ran.stdout.split()) & OURS == needed
