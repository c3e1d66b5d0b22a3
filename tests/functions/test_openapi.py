"""`sis_webhook` answers what its OpenAPI document says: asked for whatever the document allows.

schemathesis makes requests out of the document, right and wrong ones, and judges the answers.
"""

import copy

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi import checks

from enrollment.openapi import document
from tests.functions.conftest import ADA
from tests.functions.open_source import (
    BASIC,
    CHOSEN,
    OPERATIONS,
    UNKNOWN,
    credentials,
    sent_before,
)

QUICK, ALL = 50, 2_500  # requests to an operation, of each kind, with and without credentials
BOTH = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
# Left out: `ignored_auth` and `missing_required_header`, for the document allows no credentials
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
    checks.allow_header_conformance,
]


class Described:
    """The door, its document for one source, and the requests that the document allows."""

    def __init__(self, doors, ids):
        self.doors = doors
        narrowed = copy.deepcopy(document())
        for path, known in (("/{source}", ["sis"]), ("/requests/{request_id}", ids)):
            # Else nearly each request would ask for what nobody has declared or sent.
            narrowed["paths"][path]["parameters"][0]["schema"] = {"enum": known}
        self.schema = schemathesis.openapi.from_dict(narrowed)
        self.schema.app = doors.app("sis_webhook")
        said = self.schema.config.checks
        said.not_a_server_error.expected_statuses = ["2xx", "4xx"]  # all that it needs is up
        # 422: which courses and addresses are right, the source's declaration says.
        said.positive_data_acceptance.expected_statuses = ["200", "202", "401", "404", "422"]
        refused = ["400", "401", "404", "405", "413", "415", "422"]
        said.negative_data_rejection.expected_statuses = refused

    def operation(self, path, method):
        return self.schema[path][method]

    def coverage(self, operation):
        """Each rule of the document kept and broken, and every method that stands nowhere."""
        return self.schema.iter_coverage_cases(
            operation, generation_modes=BOTH, generation_config=self.schema.config.generation
        )

    def judge(self, case, headers):
        """Send a case and hold the answer against the document."""
        case.headers.pop("Authorization", None)  # what is generated proves nothing
        response = case.call(headers=headers)
        case.validate_response(response, checks=[*CHECKS, *self.refusals(case, response)])
        assert ADA not in response.text
        return response

    @staticmethod
    def refusals(case, response):
        """The check of wrong requests, where an answer is one to the whole of a request."""
        told = response.status_code == 202 and response.json()
        in_part = told and "refused" in told  # of a batch each item is told by itself
        return [] if in_part else [checks.negative_data_rejection]


@pytest.fixture
def described(doors, tmp_path):
    load_all_checks()
    yield Described(doors, [*sent_before(doors, tmp_path), UNKNOWN, "nobody:1"])
    assert not [each for each in (ADA, BASIC, CHOSEN) if each in doors.logged.getvalue()]


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
@pytest.mark.parametrize("headers", [credentials(), {}], ids=["known", "stranger"])
def test_each_rule_of_the_document_holds_and_is_enforced(described, operation, headers):
    statuses = {
        described.judge(case, headers).status_code
        for case in described.coverage(described.operation(*operation))
    }

    assert 405 in statuses
    assert statuses & ({200, 202} if headers else {401})


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
@pytest.mark.parametrize("headers", [credentials(), {}], ids=["known", "stranger"])
@pytest.mark.parametrize("mode", BOTH, ids=lambda each: each.value)
def test_whatever_the_document_allows_is_answered_as_it_says(
    described, request, operation, headers, mode
):
    statuses = set()

    @settings(
        max_examples=ALL if request.config.getoption("--all") else QUICK,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),  # a document with `not` in it filters much
    )
    @given(case=described.operation(*operation).as_strategy(generation_mode=mode))
    def ask(case):
        statuses.add(described.judge(case, headers).status_code)

    ask()

    assert statuses
    assert 405 not in statuses
