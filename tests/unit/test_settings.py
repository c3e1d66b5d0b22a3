"""The environment: all that is missing or wrong is told at once, each with what it is for."""

import os

import pytest

from enrollment.settings import Need, SettingsError, is_loopback, read_settings

SECRET = "the key of the hashes, which nobody may see"
GOOD = {
    "CLASSROOM_ADMIN": "admin@northside.example",
    "CLASSROOM_DELEGATE": "enroller@project.iam.gserviceaccount.com",
    "PSEUDONYM_KEY": SECRET,
}
LOOPBACK = {
    "CLASSROOM_ADMIN": "admin@northside.example",
    "CLASSROOM_API_ENDPOINT": "http://127.0.0.1:8080",
}
NAMES = (
    "CLASSROOM_",
    "ENROLL",
    "FORM",
    "PSEUDONYM_",
    "SOURCES_",
    "FIRESTORE_",
    "PUBSUB_",
    "GOOGLE_",
)


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch):
    for name in os.environ:
        if name.startswith(NAMES):
            monkeypatch.delenv(name)


@pytest.fixture
def environment(monkeypatch):
    def put(*environments, **names):
        for each in (*environments, names):
            for name, value in each.items():
                monkeypatch.setenv(name, value)

    return put


def faults(**given):
    with pytest.raises(SettingsError) as caught:
        read_settings(**given)
    assert SECRET not in str(caught.value)
    return caught.value.faults


def test_three_names_are_all_that_google_needs(environment):
    environment(GOOD)

    settings = read_settings()

    assert settings.administrator == "admin@northside.example"
    assert (settings.store, settings.quota, settings.share) == ("firestore", 1200, 1140)
    assert not settings.loopback


def test_an_empty_environment_is_told_all_that_is_missing_and_what_it_is_for():
    told = faults()

    assert [each.split(":")[0] for each in told] == [
        "CLASSROOM_ADMIN is not set",
        "CLASSROOM_DELEGATE is not set",
        "PSEUDONYM_KEY is not set",
    ]
    assert "domain administrator whom the service acts for" in told[0]
    assert all(len(each.split(": ")[1]) > 20 for each in told)


def test_every_fault_is_told_at_once(environment):
    environment(
        CLASSROOM_ADMIN="not an address",
        CLASSROOM_QUOTA_PER_MINUTE="many",
        ENROLL_INSTANCES="0",
        ENROLLMENT_STORE="postgres://somewhere",
        PSEUDONYM_KEY="short",
        SOURCES_FILE="/nowhere/sources.toml",
    )

    told = "\n".join(faults())

    for name in (
        "CLASSROOM_ADMIN is wrong",
        "CLASSROOM_DELEGATE is not set",
        "CLASSROOM_QUOTA_PER_MINUTE is wrong",
        "ENROLL_INSTANCES is wrong",
        "ENROLLMENT_STORE is wrong",
        "PSEUDONYM_KEY is wrong",
        "SOURCES_FILE is wrong",
    ):
        assert name in told


def test_what_is_empty_is_not_set(environment):
    environment(GOOD, PSEUDONYM_KEY="")

    assert any("PSEUDONYM_KEY is not set" in each for each in faults())


def test_a_fake_school_on_this_machine_needs_neither_delegate_nor_key(environment):
    environment(LOOPBACK)

    settings = read_settings()

    assert settings.loopback
    assert len(settings.pseudonym_key) >= 32


@pytest.mark.parametrize(
    "endpoint",
    ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:8080/", "http://127.9.9.9"],
)
def test_these_lead_to_this_machine(endpoint):
    assert is_loopback(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://classroom.googleapis.com",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://localhost@evil.example",
        "http://localhost:80@evil.example/",
        "http://0.0.0.0:80",
        "http://10.0.0.1",
        "localhost:8080",
        "http://[::1",
        "",
    ],
)
def test_these_lead_elsewhere_and_are_refused(endpoint, environment):
    environment(LOOPBACK, CLASSROOM_API_ENDPOINT=endpoint or "https://")

    assert not is_loopback(endpoint)
    assert any("it is not on this machine" in each for each in faults())


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1:99999",
        "http://127.0.0.1:0",
        "http://127.0.0.1:http",
        "file://localhost/etc",
        "ftp://127.0.0.1:21",
        "//127.0.0.1:8080",
        "http:\t//127.0.0.1:8080",
        " http://127.0.0.1:8080",
        "http://127.0.0.1:8080\n",
        "http://evil.example\\@127.0.0.1",
    ],
)
def test_these_are_on_this_machine_and_no_address_of_a_classroom(endpoint, environment):
    environment(LOOPBACK, CLASSROOM_API_ENDPOINT=endpoint)

    (told,) = faults()

    assert "http or https, and a port from 1 to 65535: write it like http://127" in told


@pytest.mark.parametrize(
    "endpoint",
    ["http://127.0.0.1", "https://localhost:65535/", "HTTP://LOCALHOST:1", "http://[::1]:1"],
)
def test_these_are_addresses_of_a_classroom_on_this_machine(endpoint, environment):
    environment(LOOPBACK, CLASSROOM_API_ENDPOINT=endpoint)

    assert read_settings().endpoint == endpoint


def test_a_key_of_fewer_than_32_bytes_is_refused_without_being_shown(environment):
    environment(GOOD, PSEUDONYM_KEY="sesame-sesame")

    (told,) = faults()

    assert "at least 32 are needed" in told
    assert "sesame" not in told


def test_no_secret_is_in_the_settings_repr(environment):
    environment(GOOD)

    assert SECRET not in repr(read_settings())


def test_the_command_line_takes_the_place_of_the_environment(environment):
    environment(GOOD, CLASSROOM_QUOTA_PER_MINUTE="1200")

    assert read_settings(quota=600).quota == 600
    assert read_settings(quota=None).quota == 1200


def test_the_command_line_mends_what_is_wrong_in_the_environment(environment):
    environment(GOOD, CLASSROOM_QUOTA_PER_MINUTE="many")

    assert read_settings(quota=600).quota == 600


def test_a_wrong_command_line_is_told_by_the_names_of_the_environment(environment):
    environment(GOOD)

    (told,) = faults(quota="many")

    assert told.startswith("CLASSROOM_QUOTA_PER_MINUTE is wrong")


def test_a_store_on_this_machine_is_a_path(environment):
    environment(GOOD, ENROLLMENT_STORE="sqlite:///school.db")

    assert read_settings().sqlite_path == "school.db"


def test_firestore_has_no_path(environment):
    environment(GOOD)

    assert read_settings().sqlite_path is None


def test_a_sources_file_that_is_there_is_taken(environment, tmp_path):
    file = tmp_path / "sources.toml"
    file.touch()
    environment(GOOD, SOURCES_FILE=str(file))

    assert read_settings().sources_file == file


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        ("PUBSUB_EMULATOR_HOST", "FIRESTORE_EMULATOR_HOST"),
        ("FIRESTORE_EMULATOR_HOST", "PUBSUB_EMULATOR_HOST"),
    ],
)
def test_one_emulator_without_the_other_would_mix_two_worlds(environment, there, missing):
    environment(LOOPBACK, **{there: "127.0.0.1:8085"})

    with pytest.raises(SettingsError, match=f"{missing} is not set"):
        read_settings()


def test_a_store_on_this_machine_needs_no_emulator(environment):
    environment(LOOPBACK, ENROLLMENT_STORE="sqlite:///x.db", PUBSUB_EMULATOR_HOST="127.0.0.1:8085")

    assert read_settings().sqlite_path == "x.db"


def test_what_is_wrong_is_said_without_the_words_of_a_library(environment):
    environment(LOOPBACK, ENROLLMENT_STORE="postgres", CLASSROOM_QUOTA_PER_MINUTE="many")

    with pytest.raises(SettingsError) as told:
        read_settings()

    assert "ENROLLMENT_STORE is wrong (it is neither firestore nor sqlite:///FILE)" in str(
        told.value
    )
    assert "CLASSROOM_QUOTA_PER_MINUTE is wrong (it is no whole number)" in str(told.value)


def test_who_reads_google_forms_is_needed_only_where_google_is_asked(environment):
    environment(GOOD)
    (told,) = faults(needs={Need.FORMS_READER})
    environment(FORMS_API_ENDPOINT="http://127.0.0.1:8081")

    spared = read_settings(needs={Need.FORMS_READER})

    assert told.startswith("FORMS_READER is not set: the service account that reads")
    assert (spared.forms_endpoint, spared.loopback) == ("http://127.0.0.1:8081", False)


def test_wrong_settings_of_google_forms_are_told_at_once(environment):
    environment(
        GOOD,
        FORMS_READER="reader",
        FORM_NOTIFICATIONS_CALLER="push",
        FORMS_API_ENDPOINT="https://forms.googleapis.com",
    )

    told = [each.partition(":")[0] for each in faults()]

    assert told == [
        "FORMS_READER is wrong (it is not an e-mail address)",
        "FORM_NOTIFICATIONS_CALLER is wrong (it is not an e-mail address)",
        "FORMS_API_ENDPOINT is wrong (it is not on this machine",
    ]
