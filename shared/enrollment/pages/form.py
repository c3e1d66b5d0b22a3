"""The page with the form: what is asked, what was filled in, what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from enrollment.pages.drawing import draw
from enrollment.receipt import Told
from enrollment.sources.declared import Declaration
from enrollment.sources.events import Fault
from enrollment.sources.forms import Form
from enrollment.sources.skips import SkipReason
from enrollment.sources.web_form import CODE, COURSE, STUDENT, fields_of_form, offered

LABELS = {
    STUDENT: ("Student's school e-mail address", ""),
    COURSE: ("Class", ""),
    CODE: ("Class code", "Your teacher has given it to you."),
}
AS_WRITTEN = "As the school writes it, such as MATH-101-3."
OF_THE_STUDENT = frozenset({
    SkipReason.NO_EMAIL,
    SkipReason.INVALID_EMAIL,
    SkipReason.OUTSIDE_DOMAINS,
})  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A form to be shown. `errors` are by the names of fields; those of "" are of the page."""

    declaration: Declaration
    here: str
    person: str | None = field(repr=False)
    token: str = field(repr=False)
    filled: Mapping[str, str] = field(repr=False)
    errors: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of the page."""

    name: str
    label: str
    hint: str
    value: str = field(repr=False)
    choices: Sequence[str]

    @property
    def type(self) -> str:
        """What a browser takes it for, and which keys a telephone shows."""
        return "email" if self.name == STUDENT else "text"

    def described(self, errors: Mapping[str, str]) -> Markup:
        """The attributes that lead a screen reader to hint and error."""
        wrong = self.name in errors
        ids = [f"{self.name}-hint"] * bool(self.hint) + [f"{self.name}-error"] * wrong
        said = Markup(' aria-describedby="{}"').format(" ".join(ids)) if ids else Markup("")
        return said + (Markup(' aria-invalid="true"') if wrong else Markup(""))


def form_page(asked: Asked) -> str:
    """The page."""
    said = asked.declaration.form or Form()
    fields = [
        _field(name, asked)
        for name in fields_of_form(asked.declaration, signed_in=asked.person is not None)
    ]
    return draw(
        "form",
        title=said.title,
        note=said.note,
        here=asked.here,
        person=asked.person,
        approved=said.approval or asked.person is None,
        token=asked.token,
        website=asked.filled.get("website", ""),
        errors=asked.errors,
        names=[*(each.name for each in fields), "website"],
        fields=fields,
    )


def _field(name: str, asked: Asked) -> Field:
    label, hint = LABELS[name]
    choices = offered(asked.declaration) if name == COURSE else ()
    return Field(
        name=name,
        label=label,
        hint=AS_WRITTEN if name == COURSE and not choices else hint,
        value="" if name == CODE else asked.filled.get(name, ""),  # a secret is not shown again
        choices=choices,
    )


def worded(fault: Fault, declaration: Declaration) -> str:
    """A fault of a field, for whoever filled it in."""
    if fault.code == SkipReason.OUTSIDE_DOMAINS:
        return f"Write the school address. It ends with {_known(declaration)}."
    if fault.code in OF_THE_STUDENT:
        return f"Look at this again: {fault.detail}."
    return fault.detail


def refused(told: Told, declaration: Declaration) -> dict[str, str]:
    """What is wrong with a wish whose fields are all right, by the field that can mend it."""
    if told.reason in OF_THE_STUDENT:  # who has signed in: what is typed was looked at before
        ends = _known(declaration)
        return {"": f"This form is for accounts that end with {ends}. Use another account."}
    return {COURSE: "This class cannot be joined here. Look how it is written."}


def _known(declaration: Declaration) -> str:
    return " or ".join(f"@{each}" for each in declaration.email_domains)
