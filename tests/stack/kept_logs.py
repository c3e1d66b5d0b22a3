"""The logs of a run that removes its folder: linked elsewhere while it runs, whole when it ends."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOOK_EVERY = 0.05  # seconds; a function takes ten times as long to start


@contextmanager
def kept_logs(folder: Path, kept: Path) -> Iterator[None]:
    """Whatever log appears below a folder stands below the other as well, whoever removes it."""
    over = threading.Event()

    def keep() -> None:
        while not over.wait(LOOK_EVERY):
            with suppress(FileNotFoundError):  # what is looked at is just being removed
                _link(folder, kept)

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _link(folder: Path, kept: Path) -> None:
    for log in folder.rglob("*.log"):
        other = kept / log.relative_to(folder)
        if not other.exists():
            other.parent.mkdir(parents=True, exist_ok=True)
            other.hardlink_to(log)
