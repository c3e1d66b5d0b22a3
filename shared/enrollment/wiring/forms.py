"""What reads Google Forms: on what it is put together, and how often every form is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from enrollment.form_declared import read_forms
from enrollment.form_looks import HourlyLook
from enrollment.form_reading import Forms
from enrollment.form_watch import Watcher
from enrollment.settings import Need, Settings, read_settings
from enrollment.timing import LOOK_EVERY, SHORTEST_MINUTE
from enrollment.verify.received import Received
from enrollment.wiring import distributed, intakes
from enrollment.wiring.distributed import Once

if TYPE_CHECKING:
    from enrollment.adapters.google_forms import GoogleFormsApi
    from enrollment.verify.google_oidc import GoogleOidc

TOPIC = "form-notifications"  # unless FORM_NOTIFICATIONS_TOPIC names another
AUDIENCE = "form-notifications"  # of the push's tokens, as infra/topology.json has it


def _forms() -> Forms:
    from enrollment.adapters.firestore.forms import FirestoreFormStates

    around = intakes.intakes()
    declared = read_forms(around.declared.sources, around.receiver.own_domains)
    needs = intakes.NEEDS | ({Need.FORMS_READER} if declared else set())
    settings = read_settings(needs=needs)
    google = _google(settings)
    return Forms(
        declared=declared,
        google=google,
        states=FirestoreFormStates(distributed.around().firestore),
        watcher=Watcher(google=google, topic=_topic(settings), say=_say),
        receiver=around.receiver,
        clock=distributed.CLOCK,
        say=_say,
    )


@dataclass(frozen=True)
class Caller:
    """Who may say that a form was answered: Pub/Sub, which shows a token for one account.

    The emulator shows none, and nobody else reaches what is beside it.
    """

    scheme: "GoogleOidc | None"

    def prove(self, headers: Mapping[str, str]) -> None:
        """Raise NotVerified unless the headers hold the token; Unavailable if nobody can tell."""
        if self.scheme is not None:
            self.scheme.verify(Received(headers, b""), distributed.CLOCK.now())


def _caller() -> Caller:
    from enrollment.adapters.keys import PublishedKeys
    from enrollment.verify.google_oidc import PUBLISHED_AT, GoogleOidc

    settings = read_settings(needs=intakes.NEEDS | {Need.FORMS_CALLER})
    if settings.pubsub_emulator is not None:
        return Caller(None)
    assert settings.forms_caller is not None
    return Caller(GoogleOidc.of(AUDIENCE, [settings.forms_caller], PublishedKeys(PUBLISHED_AT)))


def hourly_look(settings: Settings) -> HourlyLook:
    """What asks each hour for a look at every form."""
    from enrollment.adapters.firestore.forms import FirestoreFormStates

    around = distributed.around()
    return HourlyLook(
        FirestoreFormStates(around.firestore),
        around.topic(_topic(settings)),
        every=max(LOOK_EVERY * settings.time_scale, SHORTEST_MINUTE),
    )


def _google(settings: Settings) -> "GoogleFormsApi":
    """Google Forms as the settings say: Google's without a key, or one on this machine."""
    from enrollment.adapters.classroom import Delegation, LoopbackIdentities
    from enrollment.adapters.google_forms import SCOPES, GoogleFormsApi

    if settings.forms_endpoint is not None:
        return GoogleFormsApi(LoopbackIdentities(), settings.forms_endpoint)
    return GoogleFormsApi(Delegation(settings.forms_reader or "", scopes=SCOPES))


def _topic(settings: Settings) -> str:
    return f"projects/{settings.project}/topics/{settings.forms_topic or TOPIC}"


def _say(severity: str, message: str, **said: object) -> None:
    distributed.JOURNAL.say(severity, message, **said)


forms = Once(_forms)
caller = Once(_caller)
