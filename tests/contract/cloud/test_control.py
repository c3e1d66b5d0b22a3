"""The documents of `control` that an operator's imports leave: which key, and what broke off."""

import threading

import pytest
from google.cloud import firestore as google

from enrollment.adapters.firestore import FirestoreImports, FirestorePseudonyms
from enrollment.adapters.firestore import imports as module
from enrollment.ports import DamagedStore
from enrollment.pseudonyms import OtherKey

KEY, OTHER = b"a key of thirty-two bytes or more", b"another key of thirty-two bytes .."


@pytest.fixture
def pseudonyms(behind):
    return FirestorePseudonyms(behind.database)


@pytest.fixture
def imports(behind):
    return FirestoreImports(behind.database)


@pytest.fixture
def client(behind):
    client = google.Client(project=behind.project)
    yield client
    client.close()


def test_the_first_key_is_remembered_and_another_is_refused(behind, pseudonyms):
    assert not pseudonyms.look(KEY, behind.deadline)
    pseudonyms.check(KEY, behind.deadline)

    pseudonyms.check(KEY, behind.deadline)

    assert pseudonyms.look(KEY, behind.deadline)
    for asked in (pseudonyms.check, pseudonyms.look):
        with pytest.raises(OtherKey):
            asked(OTHER, behind.deadline)


def test_of_two_keys_at_once_one_is_the_first(behind, pseudonyms):
    refused, barrier = [], threading.Barrier(2)

    def begin(key):
        barrier.wait()
        try:
            pseudonyms.check(key, behind.deadline)
        except OtherKey:
            refused.append(key)

    threads = [threading.Thread(target=begin, args=(key,)) for key in (KEY, OTHER)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    (other,) = refused
    assert pseudonyms.look(KEY if other is OTHER else OTHER, behind.deadline)


def test_the_key_itself_is_not_in_the_database(behind, pseudonyms, client):
    pseudonyms.check(KEY, behind.deadline)

    kept = client.document("control/pseudonyms").get().to_dict()

    assert kept.keys() == {"fingerprint", "write_id", "updated_at"}
    assert KEY.decode() not in str(kept)
    assert KEY.hex() not in str(kept)


def test_a_fingerprint_that_cannot_be_read_lets_no_key_pass(behind, pseudonyms, client):
    client.document("control/pseudonyms").set({"fingerprint": 7})

    with pytest.raises(DamagedStore, match="PSEUDONYM_KEY"):
        pseudonyms.check(KEY, behind.deadline)


def test_an_interrupted_import_goes_on_as_the_one_it_was(behind, imports):
    first = imports.received_at("roster", behind.deadline)

    assert imports.received_at("roster", behind.deadline) == first
    imports.all_sent("another roster", behind.deadline)
    assert imports.received_at("roster", behind.deadline) == first


def test_a_whole_import_is_forgotten_and_the_same_roster_is_a_new_wish(behind, imports):
    first = imports.received_at("roster", behind.deadline)
    imports.all_sent("roster", behind.deadline)

    assert imports.received_at("roster", behind.deadline) > first


def test_another_roster_takes_the_place(behind, imports, client):
    imports.received_at("roster", behind.deadline)
    second = imports.received_at("another roster", behind.deadline)

    assert imports.received_at("another roster", behind.deadline) == second
    assert len(list(client.collection("control").list_documents())) == 1


def test_tomorrows_roster_is_a_new_wish_though_todays_broke_off(behind, imports, monkeypatch):
    first = imports.received_at("roster", behind.deadline)
    monkeypatch.setattr(module, "GOES_ON", module.GOES_ON * 0)

    assert imports.received_at("roster", behind.deadline) > first
