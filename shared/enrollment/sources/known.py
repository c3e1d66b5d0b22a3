"""People and classes that a sender has told of, by its own ids."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from enrollment.sources.candidates import Person, Section


@dataclass(frozen=True)
class Known:
    """People by their user ids, and classes by their class ids."""

    people: Mapping[str, Person] = field(default_factory=dict, repr=False)
    sections: Mapping[str, Section] = field(default_factory=dict, repr=False)

    def __bool__(self) -> bool:
        return bool(self.people or self.sections)

    def updated(self, newer: "Known") -> "Known":
        """Both, the newer ones first."""
        return Known({**self.people, **newer.people}, {**self.sections, **newer.sections})
