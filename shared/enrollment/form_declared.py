"""The declared forms whose responses are read by the API of Google Forms."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from enrollment.form_news import questions_of
from enrollment.form_ports import FormAt
from enrollment.sources.declared import Declaration


@dataclass(frozen=True, kw_only=True)
class DeclaredForm:
    """A form, and the sources that are declared on it; mostly one."""

    at: FormAt
    sources: tuple[tuple[str, Declaration], ...]

    @property
    def name(self) -> str:
        """What it is called in the journal."""
        return ", ".join(name for name, _ in self.sources)

    @property
    def asked(self) -> set[str]:
        """Google's ids of the questions whose answers are used."""
        forms = [said.form for _, said in self.sources if said.form]
        return {each for form in forms for each in questions_of(form)}


def read_forms(
    sources: Mapping[str, Declaration], own_domains: Collection[str]
) -> dict[str, DeclaredForm]:
    """The forms that are read, by Google's ids of them; anybody may have an account at Google."""
    found: dict[str, DeclaredForm] = {}
    for name, said in sources.items():
        if said.form is None or said.form.id is None:
            continue
        form_id, before = said.form.id, found.get(said.form.id)
        owner = said.form.owner or (before.at.owner if before else None)
        others = before.sources if before else ()
        mine = (name, said.within(own_domains))
        found[form_id] = DeclaredForm(at=FormAt(form_id, owner), sources=(*others, mine))
    return found
