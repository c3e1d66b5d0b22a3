"""What arrives at a push endpoint: broken off, empty, or so large that two do not fit."""

import json
import threading
from contextlib import contextmanager
from io import BytesIO

import pytest

from enrollment import doors as common
from enrollment.push import as_delivery
from tests.functions.conftest import Watched, a_push

DOORS = pytest.mark.parametrize("function", ["enroll", "collect"])
GUNICORN = {"wsgi.input_terminated": True}  # its body ends early in silence
MEGABYTE = 1_048_576


class Broken(BytesIO):
    """A body whose sender goes away."""

    def read(self, *_):
        raise ValueError("InvalidChunkSize")

    readinto = readall = read


def filed_or_published(doors):
    return [*doors.items(), *doors.published("enrollment-dead-letters", 0)]


@DOORS
@pytest.mark.parametrize("server", [GUNICORN, {}], ids=["gunicorn", "another server"])
def test_a_message_that_broke_off_comes_again(doors, function, server):
    whole = json.dumps(a_push()).encode()
    length = {"CONTENT_LENGTH": str(len(whole))}

    reply = doors.post(function, whole[:100], environ_overrides={**server, **length})

    assert (reply.status_code, reply.text) == (503, "not now: the message broke off on its way")
    assert filed_or_published(doors) == []


@DOORS
def test_a_body_in_broken_pieces_comes_again(doors, function):
    chunked = {"wsgi.input": Broken(), "HTTP_TRANSFER_ENCODING": "chunked", **GUNICORN}

    reply = doors.post(function, b"", environ_overrides=chunked)

    assert reply.status_code == 503
    assert filed_or_published(doors) == []
    assert common._room_for_large.acquire(blocking=False)
    common._room_for_large.release()


@DOORS
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_look_files_nothing(doors, function, method):
    reply = getattr(doors.app(function).test_client(), method)("/")

    assert reply.status_code == 200
    assert filed_or_published(doors) == []


@DOORS
def test_an_empty_post_is_for_a_person(doors, function):
    assert doors.post(function, b"").status_code == 200

    assert len(filed_or_published(doors)) == 1


@contextmanager
def one_large_message_under_way(doors, function, monkeypatch):
    arrived, go_on = threading.Event(), threading.Event()

    def slowly(body, deadline):
        if len(body) > MEGABYTE:
            arrived.set()
            assert go_on.wait(20)
        return as_delivery(body, deadline)

    monkeypatch.setattr(common, "as_delivery", slowly)
    answers = []
    large = a_push(b"x" * MEGABYTE)
    thread = threading.Thread(target=lambda: answers.append(doors.post(function, large)))
    thread.start()
    assert arrived.wait(20)
    yield answers
    go_on.set()
    thread.join()
    assert [each.status_code for each in answers] == [200]


@DOORS
@pytest.mark.parametrize("told", ["length", "pieces"])
def test_of_large_messages_one_is_worked_on_at_a_time(doors, function, monkeypatch, told):
    body = Watched(json.dumps(a_push(b"x" * MEGABYTE)).encode())
    length = {"CONTENT_LENGTH": str(len(body.getvalue()))}
    chunked = {"CONTENT_LENGTH": None, "HTTP_TRANSFER_ENCODING": "chunked"}
    sent = {**GUNICORN, **(length if told == "length" else chunked), "wsgi.input": body}

    with one_large_message_under_way(doors, function, monkeypatch):
        second = doors.post(function, b"", environ_overrides=sent)
        small = doors.post(function, a_push())

    assert second.status_code == 503
    assert body.read() == b""  # or the sender would not read the reply
    assert body.longest < MEGABYTE / 2  # what is not worked on is not kept either
    assert small.status_code == 200
    assert doors.post(function, a_push(b"y" * MEGABYTE)).status_code == 200


def test_half_a_character_in_an_attribute_is_no_fault(doors):
    push = json.dumps(a_push(b"x", reason="malformed", detail="\ud800", note="\udfff")).encode()

    assert doors.post("collect", push).status_code == 200
    assert len(doors.items()) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[school]\ndomains = ["northside.example"\n', "it is not TOML"),
        ('[sources.sis]\nkind = "nope"\nformat = "csv"\n', "[sources.sis] kind is not known"),
    ],
)
def test_broken_declarations_are_named_in_the_log(doors, tmp_path, text, said):
    file = tmp_path / "sources.toml"
    file.write_text(text)
    doors.start_again(SOURCES_FILE=str(file))

    reply = doors.post("enroll", a_push())

    assert reply.status_code == 500
    assert reply.text == "the declared sources cannot be used: see the log"
    (line,) = doors.log()
    assert line["severity"] == "CRITICAL"
    assert said in line["message"]
    assert "northside" not in line["message"]
    file.write_text("")
    assert doors.post("enroll", a_push()).text == "enrolled"
