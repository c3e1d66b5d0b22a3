"""The pages around the form: to sign in, what became of a request, what went wrong."""

from enrollment.inquiry import Standing
from enrollment.outcome import Outcome
from enrollment.pages.drawing import draw
from enrollment.problems import Problem
from enrollment.sources.declared import Declaration
from enrollment.sources.forms import Form

BECAME = {
    Outcome.ENROLLED: "Done: the student is in the class.",
    Outcome.ALREADY_ENROLLED: "The student was in the class already.",
    Outcome.INVITED: "Google Classroom has invited the student, who accepts it there.",
    Outcome.REJECTED: "It did not work. The school has been told, and looks into it.",
}


def sign_in_page(declaration: Declaration, here: str, trouble: str = "") -> str:
    """The page before the form."""
    said = declaration.form or Form()
    return draw("sign_in", title=said.title, note=said.note, here=here, trouble=trouble)


def sent_page(declaration: Declaration, here: str, request_id: str, standing: Standing) -> str:
    """What became of a request so far."""
    said = declaration.form or Form()
    return draw(
        "sent",
        title=said.title,
        here=here,
        lines=_lines(standing),
        again="" if standing.is_final else request_id,
    )


def _lines(standing: Standing) -> list[str]:
    if standing.outcome:
        sentence = [standing.sentence] if standing.sentence else []
        return [BECAME[Outcome(standing.outcome)], *sentence]
    if standing.status == "in_review":
        return ["We have it. A person at the school looks at it before anything happens."]
    return ["We have it, and it is on its way. Most requests are done within a minute."]


def problem_page(problem: Problem) -> str:
    """What went wrong, for somebody with a browser."""
    return draw("problem", title=problem.kind.title, detail=problem.detail)
