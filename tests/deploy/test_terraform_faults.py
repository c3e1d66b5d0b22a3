"""Faults that are planted into the deployment: each must be found, or the checks check nothing."""

import pytest

WIRING = "-filter=tests/wiring.tftest.hcl"
INPUTS = "-filter=tests/inputs.tftest.hcl"
SUBSCRIPTION = 'resource "google_pubsub_subscription" '


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("ack_deadline_seconds ", "ack_deadline_secs ", '"ack_deadline_secs" is not expected here'),
        ("  topic  ", "  # ", 'argument "topic" is required'),
        ("  expiration_policy {", "  expiry_policy {", 'type "expiry_policy" are not expected'),
    ],
)
def test_a_misspelt_subscription_is_not_valid(module, old, new, named):
    module.spoil("pubsub.tf", old, new, after=SUBSCRIPTION)

    status, said = module.validate()

    assert status == 1
    assert named in said


def test_an_impossible_value_is_not_valid(module):
    module.spoil("firestore.tf", '"FIRESTORE_NATIVE"', '"NATIVE"')

    status, said = module.validate()

    assert status == 1
    assert "'NATIVE' is none of" in said


def test_an_impossible_value_of_some_functions_cannot_be_planned(module):
    module.spoil("functions.tf", '"ALLOW_INTERNAL_ONLY"', '"INTERNAL_ONLY"')

    status, said = module.test(WIRING)

    assert status == 1
    assert "'INTERNAL_ONLY' is none of ALLOW_ALL, ALLOW_INTERNAL_ONLY" in said


def give_up_to_nobody(topology):
    topology["topics"]["nowhere"] = {"retention_s": 604800}
    topology["subscriptions"]["enrollment-requests-enroll"]["dead_letter"]["topic"] = "nowhere"


def test_a_dead_letter_topic_without_subscription_cannot_be_planned(module):
    module.spoil_topology(give_up_to_nobody)

    status, said = module.test(WIRING)

    assert status == 1
    assert "The topic nowhere has no subscription" in said


def test_a_dead_letter_topic_without_subscription_fails_the_tests_as_well(module):
    module.spoil_topology(give_up_to_nobody)
    module.spoil("pubsub.tf", "contains([for s in local", "true || contains([for s in local")

    status, said = module.test(WIRING)

    assert status == 1
    assert "what is given up is lost" in said


def half_a_cpu(topology):
    topology["functions"]["enroll"]["cpu"] = "0.5"


def a_slow_function(topology):
    topology["functions"]["wake"]["timeout_s"] = 90


def an_early_redelivery(topology):
    topology["subscriptions"]["enrollment-requests-enroll"]["ack_deadline_s"] = 90


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (half_a_cpu, "enroll: more than one request at a time needs a whole CPU"),
        (a_slow_function, "wake: its timeout must lie between"),
        (an_early_redelivery, "of enrollment-requests-enroll must be longer than a lease"),
    ],
)
def test_numbers_that_do_not_fit_each_other_cannot_be_planned(module, change, named):
    module.spoil_topology(change)

    status, said = module.test(WIRING)

    assert status == 1
    assert named in said


@pytest.mark.parametrize(
    ("file", "change", "named"),
    [
        ("functions.tf", "THREADS = tostring(each.value.concurrency) => THREADS = 4", "a thread"),
        ("functions.tf", ".scheduler.member => .push.member", "somebody else than the push"),
        ("identity.tf", 'signJwt"] => signBlob"]', "more than signJwt"),
        ("identity.tf", '"enroll", "collect" => "enroll", "wake"', "read by others"),
        ("pubsub.tf", "audience => #", "its token is not for it"),
        ("pubsub.tf", 'ttl = "" => ttl = "2678400s"', "summer holidays"),
        ("pubsub.tf", 'subscriber" => viewer"', "may not give a message up"),
        ("firestore.tf", "_PROTECTION_ENABLED => _PROTECTION_DISABLED", "is not protected"),
        ("firestore.tf", '"*" => "request"', "what nobody asks for is indexed"),
    ],
)
def test_a_wrong_wire_is_seen(module, file, change, named):
    module.spoil(file, *change.rsplit(" => ", 1))

    status, said = module.test(WIRING)

    assert status == 1
    assert named in said


def test_a_secret_that_nobody_may_read_is_told_by_its_name(module):
    """As somebody would meet it who forgets a name in terraform.tfvars."""
    module.spoil("tests/inputs.tftest.hcl", '"sis-current", "sis-next"', '"sis-current"')

    status, said = module.test(INPUTS)

    assert status == 1
    assert "nobody would be granted to read it: sis-next." in said


@pytest.mark.parametrize(
    "change",
    [
        ", var.source_secrets)) == 0 => , local.named_secrets)) == 0",
        'try(file(var.sources_file), "") => ""',
        '"/#.*/" => "/§/"',
        '[\\"\']secret => [\\"]secret',
    ],
)
def test_secrets_that_are_read_wrongly_from_the_declarations_are_seen(module, change):
    old, new = change.split(" => ")
    where = "variables.tf" if "== 0" in old else "identity.tf"
    module.spoil(where, old, new)

    assert module.test(INPUTS)[0] == 1


@pytest.mark.parametrize(
    ("file", "change", "named"),
    [
        (
            "functions.tf",
            '? "ALLOW_ALL" => ? "ALLOW_INTERNAL_ONLY"',
            "no sender reaches the intake",
        ),
        ("functions.tf", ': "ALLOW_INTERNAL_ONLY" => : "ALLOW_ALL"', "one reaches past it"),
        ("functions.tf", '"allUsers" => google_service_account.push.member', "turns senders away"),
        ("functions.tf", "name in local.intakes => name in keys(local.functions)", "not an intake"),
        ("functions.tf", "|| var.sources_file != null => || true", "though nothing is declared"),
        ("functions.tf", "replace(each.key, => replace(upper(each.key),", "that Google refuses"),
        (
            "functions.tf",
            "? {} : local.quota => ? local.quota_environment : local.quota",
            "tells of",
        ),
        ("functions.tf", "max_instances, => max, 4 +", "is not bounded"),
        (
            "identity.tf",
            "product(local.intakes => product(keys(local.functions)",
            "by others than the",
        ),
        ("identity.tf", ", var.source_secrets) => , [])", "or not by it"),
        (
            "identity.tf",
            "[]) : local.declared => []) : toset(keys(local.functions))",
            "has declared",
        ),
        ("identity.tf", '"collect"], local.intakes => "collect"], []', "who make pseudonyms"),
        ("identity.tf", "sis_webhook = [local.requests_topic, => sis_webhook = [", "it accepts"),
        ("pubsub.tf", "audience, local => audience_, local", "whom it may believe"),
        ("pubsub.tf", "forms-notifications@ => forms@", "Forms cannot tell"),
        ("pubsub.tf", "if !contains(local.unwanted, name) => if true", "though none is declared"),
        ("functions.tf", "wake        = local.forms_environment => wake = {}", "that was lost"),
        (
            "functions.tf",
            "_CALLER = google_service_account.push => _CALLER = google_service_account.scheduler",
            "may believe",
        ),
        ("identity.tf", '["form_intake"].member => ["enroll"].member', "or another can"),
        ("main.tf", '["forms.googleapis.com"] => []', "is not switched on"),
        (
            "identity.tf",
            'function["enroll"].member => function["wake"].member',
            "than enroll signs",
        ),
    ],
)
def test_an_intake_that_is_wired_wrongly_is_seen(module, file, change, named):
    module.spoil(file, *change.rsplit(" => ", 1))

    status, said = module.test(WIRING)

    assert status == 1
    assert named in said
