"""Which engine plays: the emulators' where they are found, else the embedded one."""

import os
from dataclasses import dataclass

from infra.local.emulators import NoEmulators, Programs, find_emulators
from infra.local.options import Options


@dataclass(frozen=True)
class Choice:
    """The engine: `programs` of the emulators, or None for the embedded one; and why."""

    programs: Programs | None
    why: str

    @property
    def engine(self) -> str:
        """Its name in the summary."""
        return "emulators" if self.programs else "embedded"


def choose(options: Options) -> Choice:
    """The engine for a run. Raises NoEmulators with CI set, where nothing falls back silently."""
    if options.embedded:
        return Choice(None, "as asked")
    try:
        return Choice(find_emulators(), "found with gcloud")
    except NoEmulators as missing:
        if os.environ.get("CI"):
            raise NoEmulators(f"with CI set, the emulators must be there: {missing}") from None
        return Choice(None, f"because {missing}")
