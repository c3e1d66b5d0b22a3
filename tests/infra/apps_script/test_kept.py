"""What failed is kept by its id and reason, tried again each hour, and told to the owner."""

from tests.infra.apps_script.receiver import away, problem
from tests.infra.apps_script.school_form import ADA, BEN, HOUR, now


def test_the_hourly_trigger_sends_what_failed(form, receiver):
    receiver.answers = [away(600)]
    form.submit(who=ADA)

    form.run("everyHour")

    assert [each["student"] for each in receiver.accepted] == [ADA]
    assert form.failed == {}
    assert len(set(receiver.ids)) == 1


def test_what_is_sent_then_is_what_the_response_says_by_then(form, receiver):
    receiver.answers = [away(600)]
    form.submit("d:ART-2", key="r")

    form.answer("d:MATH-101-3", key="r")
    form.run("everyHour")

    assert [each["course_id"] for each in receiver.accepted] == ["d:MATH-101-3"]


def test_a_service_that_is_away_is_left_alone_after_three_responses(form, receiver):
    form.hosts = {}
    for _ in range(5):
        form.submit()

    seen = form.run("everyHour")
    form.hosts = {"enroll.northside.example": receiver.port}
    form.run("everyHour")

    assert seen.fetched == 3 * 3
    assert len(receiver.accepted) == 5
    assert form.failed == {}


def test_one_response_that_the_service_stumbles_over_does_not_hold_up_the_others(form, receiver):
    receiver.answers = [away(600)] * 2
    form.submit(who=ADA)
    form.submit(who=BEN)
    receiver.answers = [away(600)]

    form.run("everyHour")

    assert [each["student"] for each in receiver.accepted] == [BEN]
    assert list(form.failed) == ["2_ABaOnu0"]


def test_a_later_success_ends_an_earlier_failure(form, receiver):
    receiver.answers = [problem(("/course_id", "unknown", "no such course"))]

    form.submit("d:ATR-2", key="r")
    form.submit("d:ART-2", key="r")

    assert form.failed == {}


def test_a_response_that_was_deleted_is_forgotten(form, receiver):
    receiver.answers = [away(600)]
    form.submit()

    form.form["responses"] = []
    form.run("everyHour")

    assert form.failed == {}
    assert receiver.accepted == []


def test_settings_that_are_broken_meanwhile_lose_nothing(form, receiver):
    secret = form.properties.pop("SECRET")
    form.submit()
    assert form.failed == {"2_ABaOnu0": ("settings", "")}

    form.properties["SECRET"] = secret
    form.run("everyHour")

    assert len(receiver.accepted) == 1
    assert form.failed == {}


def test_a_fault_of_the_script_s_own_names_no_input_and_loses_nothing(form, receiver):
    right = form.form["items"]
    form.form["items"] = None

    form.submit()
    form.form["items"] = right
    kept = form.failed
    form.run("everyHour")

    assert kept == {"2_ABaOnu0": ("fault", "TypeError")}
    assert form.failed == {}


def test_two_runs_are_not_at_work_at_once(form, receiver):
    receiver.answers = [away(600)]
    form.submit()

    form.properties["TURN_UNTIL"] = str(now() + 60_000)
    form.run("everyHour")
    others = len(receiver.requests)
    form.properties["TURN_UNTIL"] = str(now() - 1)  # that run was ended by Google
    form.run("everyHour")

    assert others == 1
    assert len(receiver.accepted) == 1
    assert "TURN_UNTIL" not in form.properties


def test_a_failure_that_cannot_be_noted_is_an_error_that_google_mails(form, receiver):
    receiver.answers = [away(600)]

    seen = form.submit(run={"lockIsTaken": True})

    assert "nothing was noted" in seen.error


def test_the_owner_is_told_once_a_day_and_nothing_about_anybody(form, receiver):
    receiver.answers = [problem(("/course_id", "unknown", "no such course")), *[away(600)] * 3]
    form.submit(who=ADA)
    form.submit(who=BEN)

    first, second = form.run("everyHour"), form.run("everyHour")
    form.properties["MAILED_AT"] = str(now() - 25 * HOUR)
    (mail,) = first.mails
    third = form.run("everyHour")

    assert mail["to"] == "office@northside.example"
    assert mail["subject"] == "Form responses that did not reach the enrollment service: 2"
    assert "1: The service refused the request" in mail["body"]
    assert "1: The service could not take it" in mail["body"]
    assert "no such course" not in mail["body"]  # the service's words stay in the editor
    assert "https://forms.example/form-1/edit" in mail["body"]
    assert second.mails == []
    assert len(third.mails) == 1


def test_a_mail_that_google_does_not_take_is_sent_an_hour_later(form, receiver):
    receiver.answers = [problem(("/course_id", "unknown", "no such course"))]
    form.submit()

    form.run("everyHour", mailsAreUsedUp=True)
    seen = form.run("everyHour")

    assert len(seen.mails) == 1


def test_nothing_that_failed_is_no_mail(form):
    form.submit()

    assert form.run("everyHour").mails == []
