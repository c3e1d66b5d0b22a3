"""Each door answers what its OpenAPI document says: asked for whatever the document allows.

schemathesis makes requests out of the documents, right and wrong ones, and judges the answers.
"""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi import checks

from enrollment.openapi import Door
from tests.functions import open_forms, open_source
from tests.functions.conftest import ADA
from tests.functions.open_door import operations

BOTH = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
# Requests to an operation, of each kind and from each caller: usually, and with --all.
QUICK = {("/{source}", "POST"): 50, ("/requests/{request_id}", "GET"): 50}
FEW = 15
ALL = {Door.SIS_WEBHOOK: 2_500, Door.FORM_INTAKE: 500}
OPENED = {Door.SIS_WEBHOOK: open_source.opened, Door.FORM_INTAKE: open_forms.opened}
CALLERS = {Door.SIS_WEBHOOK: ["known", "stranger"], Door.FORM_INTAKE: ["known", "browser"]}
EVERY = [
    (door, operation, caller)
    for door in Door
    for operation in operations(door)
    for caller in CALLERS[door]
]
OPERATIONS = [pytest.param(*each, id="{} {} {}".format(*each)) for each in EVERY]
NOTICE = ("/", "POST")  # takes whatever Pub/Sub pushes: no body of it is wrong
MADE = [
    pytest.param(*each, mode, id="{} {} {} {}".format(*each, mode.value))
    for each in EVERY
    for mode in BOTH
    if (each[1], mode) != (NOTICE, GenerationMode.NEGATIVE)
]
# Left out: `ignored_auth` and `missing_required_header`, for the documents allow no credentials
# (whoever has a derived id may look), `use_after_free` and `ensure_resource_availability`, for
# nothing is deleted, and a look may come before the ledger knows of a request.
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.positive_data_acceptance,
    checks.unsupported_method,
]
# What a caller must at least hear when each rule is kept and broken once.
REACHED = {
    "known": {
        "notice": 200,
        "send": 202,
        "look": 200,
        "show": 405,
        "taken": 200,
        "tell": 200,
        "begin": 303,
        "signOut": 303,
        "comeBack": 403,
    },
    "stranger": {"send": 401, "look": 401},
    "browser": {
        "notice": 200,
        "send": 303,
        "look": 200,
        "show": 200,
        "taken": 200,
        "tell": 200,
        "begin": 303,
        "signOut": 303,
        "comeBack": 403,
    },
}


class Described:
    """A door, its document for what is declared there, and the requests that it allows."""

    def __init__(self, doors, opened, caller):
        self.opened, self.caller = opened, opened.callers[caller]
        self.schema = schemathesis.openapi.from_dict(opened.described(caller))
        self.schema.app = doors.app(opened.door)
        said = self.schema.config.checks
        said.not_a_server_error.expected_statuses = ["2xx", "3xx", "4xx"]  # all it needs is up
        # 422: which courses and addresses are right, the source's declaration says. 405, 415: and
        # whether it has a page.
        right = ["200", "202", "303", "401", "403", "404", "422"]
        said.positive_data_acceptance.expected_statuses = [*right, "405", "415"]
        refused = ["400", "401", "403", "404", "405", "413", "415", "422"]
        said.negative_data_rejection.expected_statuses = refused

    def operation(self, path, method):
        return self.schema[path][method]

    def coverage(self, operation):
        """Each rule of the document kept and broken, and every method that stands nowhere."""
        return self.schema.iter_coverage_cases(
            operation, generation_modes=BOTH, generation_config=self.schema.config.generation
        )

    def judge(self, case):
        """Send a case and hold the answer against the document."""
        case.headers.pop("Authorization", None)  # what is generated proves nothing
        response = case.call(headers=self.caller.headers(), cookies=self.caller.cookies)
        case.validate_response(response, checks=[*CHECKS, *self.more(response)])
        if response.status_code not in (403, 422):  # a form shows again what was filled in
            assert ADA not in response.text
        return response.status_code

    def more(self, response):
        """The check of wrong requests, where an answer is one to the whole of a request.

        And that of `Allow`, except of a source without a page: the document says who has one.
        """
        told = response.status_code == 202 and response.json()
        if not (told and "refused" in told):  # of a batch each item is told by itself
            yield checks.negative_data_rejection
        if self.opened.door is Door.SIS_WEBHOOK or response.headers.get("allow") != ["POST"]:
            yield checks.allow_header_conformance


@pytest.fixture
def described(doors, tmp_path, door, caller):
    load_all_checks()
    made = Described(doors, OPENED[door](doors, tmp_path), caller)
    yield made
    assert not [each for each in made.opened.hidden if each in doors.logged.getvalue()]


@pytest.mark.parametrize(("door", "operation", "caller"), OPERATIONS)
def test_each_rule_of_the_document_holds_and_is_enforced(described, operation, caller):
    asked = described.operation(*operation)

    statuses = {described.judge(case) for case in described.coverage(asked)}

    assert 405 in statuses
    assert REACHED[caller][asked.definition.raw["operationId"]] in statuses


@pytest.mark.parametrize(("door", "operation", "caller", "mode"), MADE)
def test_whatever_the_document_allows_is_answered_as_it_says(
    described, request, door, operation, mode
):
    statuses = set()
    usual = QUICK.get(operation, FEW)

    @settings(
        max_examples=ALL[door] if request.config.getoption("--all") else usual,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),  # a document with `not` in it filters much
    )
    @given(case=described.operation(*operation).as_strategy(generation_mode=mode))
    def ask(case):
        statuses.add(described.judge(case))

    ask()

    assert statuses
    assert 405 not in statuses or operation == ("/{source}", "GET")
