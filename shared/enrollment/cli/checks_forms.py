"""How far each declared Google Form has been read, and what is in the way of it."""

from collections.abc import Iterator
from datetime import datetime

from enrollment.cli.findings import Finding, not_checked, ok, wrong
from enrollment.cli.places import Place
from enrollment.cli.store_trouble import fact, remedy
from enrollment.cli.words import local
from enrollment.clock import Deadline
from enrollment.form_declared import read_forms
from enrollment.form_ports import FormState
from enrollment.ports import Unavailable
from enrollment.sources.google_forms import VERIFIED
from enrollment.sources.undeclarable import DeclarationError
from enrollment.timing import LOOK_EVERY
from enrollment.wiring.school import declared
from enrollment.wiring.store import Store

CHECK = "forms"
LATE = 2 * LOOK_EVERY
SHARE = "share it, as an editor, with `terraform output -raw forms_reader`, or mend its id or owner"
LOOK_AT_ONCE = (
    "wait an hour after deploying, or look at once: gcloud pubsub topics publish"
    " form-notifications --attribute=eventType=LOOK"
)
LOG = "see what `wake` and `form_intake` log"
WATCH = "responses come up to an hour late until Google grants a watch: see what `form_intake` logs"


def check_forms(at: Place, store: Store) -> Iterator[Finding]:
    """One line for each form that is read."""
    try:
        forms = read_forms(declared(at.settings).sources, ())
    except DeclarationError:
        return  # the check of the declarations has told it
    if not forms:
        return
    try:
        states = store.forms().read(list(forms), Deadline.starting_now(store.clock))
    except Unavailable as trouble:
        yield not_checked(CHECK, fact(at, trouble), remedy(at, trouble))
        return
    for each in states:
        yield _form(forms[each.form_id].name, each.state, store.clock.now())


def _form(name: str, state: FormState, now: datetime) -> Finding:
    if state.looked_at is None:
        return wrong(CHECK, f"{name} was never looked at", LOOK_AT_ONCE)
    if state.closed is not None:
        return wrong(CHECK, f"{name}: Google does not show it ({state.closed})", SHARE)
    told = f"{name} was looked at last on {local(state.looked_at)}"
    if state.looked_at < now - LATE:
        return wrong(CHECK, f"{told}, and each hour it should be", LOG)
    if state.watch_error is not None:
        return wrong(CHECK, f"{told}; its watch is in trouble ({state.watch_error})", WATCH)
    if state.collects != VERIFIED:
        return ok(CHECK, f"{told}; it verifies nobody, so a person approves each response")
    return ok(CHECK, told)
