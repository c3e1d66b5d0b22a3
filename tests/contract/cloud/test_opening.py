"""Without an emulator: opening needs credentials, says so if there are none, and sends nothing."""

import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from enrollment.adapters.firestore import open_firestore
from enrollment.adapters.pubsub import open_publisher
from enrollment.ports import Unavailable
from enrollment.reasons import Reason


@pytest.fixture(autouse=True)
def credentials(monkeypatch, tmp_path):
    """A file for credentials that holds none, on a machine that is not Google's."""
    file = tmp_path / "credentials.json"
    file.write_text("{}")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    monkeypatch.delenv("FIRESTORE_EMULATOR_HOST", raising=False)
    monkeypatch.delenv("PUBSUB_EMULATOR_HOST", raising=False)
    return file


@pytest.mark.parametrize(
    ("opening", "reason"),
    [(lambda: open_firestore("school"), Reason.LEDGER_DOWN), (open_publisher, Reason.TOPIC_DOWN)],
    ids=["Firestore", "Pub/Sub"],
)
def test_opening_without_credentials_is_trouble_of_the_port(opening, reason):
    with pytest.raises(Unavailable) as caught:
        opening()

    assert (caught.value.reason, caught.value.detail) == (reason, "DefaultCredentialsError")


def test_with_credentials_opening_sends_nothing(credentials):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    account = {
        "type": "service_account",
        "client_email": "enroll@school.iam.gserviceaccount.com",
        "token_uri": "http://127.0.0.1:9/token",  # nobody answers there
        "private_key": key.decode(),
    }
    credentials.write_text(json.dumps(account))

    database, publisher = open_firestore("school", "enrollment"), open_publisher()

    assert database.documents == "projects/school/databases/enrollment/documents"
    database.close()
    publisher.transport.close()
