"""The pages around the form: to sign in, what became of a request, what went wrong."""

from enrollment.inquiry import Standing
from enrollment.outcome import Outcome
from enrollment.pages.drawing import draw
from enrollment.problems import Kind, Problem
from enrollment.sources.declared import Declaration
from enrollment.sources.forms import Form

BECAME = {
    Outcome.ENROLLED: "Done: Google Classroom has taken the student into the class.",
    Outcome.ALREADY_ENROLLED: "The student was in the class already.",
    Outcome.INVITED: "Google Classroom has invited the student, who accepts it there.",
    Outcome.REJECTED: "It did not work. The school has been told, and looks into it.",
}

PEOPLES = {"in_review", "dismissed"}  # what a person decides: looking again shows nothing soon
DISMISSED = "Somebody at the school has looked at it, and decided against it. Ask there why."
SENT_ANEW = "If you have just sent it again, look again in a minute."
# What went wrong, in words for somebody with a browser; what is not here tells its own.
SAID = {
    Kind.NOT_FOUND: ("There is no such page", "Check the address that you were given."),
    Kind.UNKNOWN_SOURCE: ("There is no such form", "Check the address that you were given."),
    Kind.NOT_NOW: (
        "Not now",
        "We are away for a moment. Load this page again; if it was a form, send it again.",
    ),
    Kind.OUR_FAULT: ("Something is wrong here", "It is our fault, and noted. Try again later."),
    Kind.TOO_LARGE: ("This is too long", "Open the form again, and write less."),
    Kind.NOT_THIS_TYPE: ("This is no form", "Open the form's page, and send it from there."),
    Kind.NOT_A_FORM: ("This is no form", "Open the form's page, and send it from there."),
}


def sign_in_page(declaration: Declaration, here: str, trouble: str = "") -> str:
    """The page before the form."""
    said = declaration.form or Form()
    return draw("sign_in", title=said.title, note=said.note, here=here, trouble=trouble)


def sent_page(
    declaration: Declaration,
    here: str,
    request_id: str,
    standing: Standing,
    person: str | None = None,
) -> str:
    """What became of a request so far; `person` is the address of who has signed in."""
    said = declaration.form or Form()
    return draw(
        "sent",
        title=said.title,
        here=here,
        person=person,
        lines=_lines(standing),
        again="" if standing.status in PEOPLES or _went_well(standing) else request_id,
    )


def _went_well(standing: Standing) -> bool:
    return standing.outcome is not None and Outcome(standing.outcome).success


def _lines(standing: Standing) -> list[str]:
    if standing.outcome:
        sentence = [standing.sentence] if standing.sentence else []
        again = [] if _went_well(standing) else [SENT_ANEW]
        return [BECAME[Outcome(standing.outcome)], *sentence, *again]
    if standing.status == "dismissed":
        return [DISMISSED]
    if standing.status == "in_review":
        return ["We have it. A person at the school looks at it before anything happens."]
    return ["We have it, and it is on its way. Most requests are done within a minute."]


def problem_page(problem: Problem) -> str:
    """What went wrong, for somebody with a browser."""
    title, detail = SAID.get(problem.kind, (problem.kind.title, problem.detail))
    return draw("problem", title=title, detail=detail)
