"""One topology for the local stack and for Google, and the same numbers as in the code."""

import json
import re
from datetime import timedelta

from enrollment import timing
from enrollment.adapters.google_forms import SCOPES
from enrollment.settings import LEAST_SHARE, Settings
from infra.packaging import ROOT

TOPOLOGY = json.loads((ROOT / "infra/topology.json").read_text())
TERRAFORM = "\n".join(path.read_text() for path in sorted((ROOT / "terraform").glob("*.tf")))


def seconds(number):
    return timedelta(seconds=number)


def test_the_functions_are_those_of_the_folder():
    assert set(TOPOLOGY["functions"]) == {p.parent.name for p in ROOT.glob("functions/*/main.py")}


def test_every_name_leads_somewhere():
    for each in TOPOLOGY["subscriptions"].values():
        assert each["topic"] in TOPOLOGY["topics"]
        assert each.get("push_to", "enroll") in TOPOLOGY["functions"]
        assert each.get("dead_letter", each)["topic"] in TOPOLOGY["topics"]
    for each in TOPOLOGY["schedules"].values():
        assert each["function"] in TOPOLOGY["functions"]


def test_a_delivery_ends_before_its_function_its_lease_and_its_acknowledgement():
    time = TOPOLOGY["time"]
    assert seconds(time["delivery_s"]) == timing.DELIVERY
    assert seconds(time["lease_s"]) == timing.LEASE
    for each in TOPOLOGY["functions"].values():
        assert seconds(each["timeout_s"]) == timing.FUNCTION_TIMEOUT
    for each in TOPOLOGY["subscriptions"].values():
        assert seconds(each["ack_deadline_s"]) == timing.ACK_DEADLINE
    assert timing.DELIVERY < timing.FUNCTION_TIMEOUT < timing.LEASE < timing.ACK_DEADLINE


def test_requests_are_given_up_as_late_as_the_code_thinks():
    requests = TOPOLOGY["subscriptions"]["enrollment-requests-enroll"]
    attempts = requests["dead_letter"]["max_delivery_attempts"]
    assert attempts == timing.MAX_DELIVERY_ATTEMPTS
    assert seconds(requests["retry"]["maximum_s"]) == timing.BACKOFF_MOST


def test_terraform_sets_what_the_settings_read():
    aliases = {str(each.validation_alias) for each in Settings.model_fields.values()}
    written = set(re.findall(r"\b([A-Z]+(?:_[A-Z]+)+)\s+= ", TERRAFORM))
    injected = set(re.findall(r'key\s+= "([A-Z_]+)"', TERRAFORM))
    assert written | injected <= aliases | {"GOOGLE_CLOUD_PROJECT", "THREADS"}
    required = {"CLASSROOM_ADMIN", "CLASSROOM_DELEGATE", "PSEUDONYM_KEY", "FIRESTORE_DATABASE"}
    assert required <= written | injected


def test_terraform_asks_for_the_share_that_the_settings_ask_for():
    assert f"/ var.enroll_instances) >= {LEAST_SHARE}\n" in TERRAFORM


def test_the_scopes_to_enter_for_forms_are_those_that_are_asked_for():
    assert f'"{",".join(SCOPES)}"' in TERRAFORM


def test_the_scope_to_enter_is_the_one_that_is_asked_for():
    credentials = (ROOT / "shared/enrollment/adapters/classroom/credentials.py").read_text()
    (scope,) = re.findall(r"https://www\.googleapis\.com/auth/classroom\.[a-z.]+", credentials)
    assert f'"{scope}"' in TERRAFORM
