"""What is wrong with `sources.toml`; apart from its reader, which a cold start does without."""

from collections.abc import Iterable
from pathlib import Path


class DeclarationError(Exception):
    """`sources.toml` cannot be used; `faults` is all of it, each with place, fact and remedy."""

    def __init__(self, faults: Iterable[str], file: Path | None = None) -> None:
        self.faults = tuple(faults)
        self.file = file
        super().__init__("\n".join(self.faults))
