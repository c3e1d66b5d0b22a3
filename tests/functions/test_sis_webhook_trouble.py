"""`sis_webhook` where something of ours is wrong: the sender has to try again."""

from tests.functions.sending import OLD, WISH, stranger


def test_where_nothing_can_be_published_the_sender_has_to_try_again(sender, monkeypatch):
    monkeypatch.setenv("ENROLLMENT_REQUESTS_TOPIC", "nowhere")
    sender.doors.start_again()

    reply = sender.post(WISH)

    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "5")
    monkeypatch.delenv("ENROLLMENT_REQUESTS_TOPIC")
    sender.doors.start_again()
    again = sender.post(WISH)
    assert again.status_code == 202
    (request,) = sender.requests()
    assert request.request_id == again.json["request_id"]


def test_a_source_that_proves_nothing_keeps_all_from_starting(sender, tmp_path):
    declared = tmp_path / "sources.toml"
    declared.write_text('[sources.sis]\nkind = "webhook"\nformat = "native"\n')
    sender.doors.start_again()

    reply = sender.post(WISH)

    assert reply.status_code == 500
    assert "verify is missing" in sender.doors.log()[-1]["message"]


def test_without_declared_sources_nothing_starts(sender, monkeypatch):
    monkeypatch.delenv("SOURCES_FILE")
    sender.doors.start_again()

    assert sender.post(WISH).status_code == 500
    assert "SOURCES_FILE is not set" in sender.doors.log()[-1]["message"]


def test_a_secret_that_is_stored_wrongly_keeps_nobody_out_whom_another_lets_in(sender):
    sender.doors.start_again(NEW="whsec_short")

    assert sender.post(WISH, secret=OLD).status_code == 202
    assert sender.post(WISH, secret=stranger()).status_code == 503
    told = [each for each in sender.doors.log() if each["message"] == "a secret cannot be had"]
    assert "env://NEW is no base64 behind whsec_" in told[0]["detail"]
    assert "whsec_short" not in sender.doors.logged.getvalue()
