"""The files of a roster: a folder, a zip or one csv, read into memory within limits.

Nothing is ever unpacked to disk.
"""

import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

from enrollment.sources.zips import problem

MIB = 1024 * 1024
CHUNK = 64 * 1024
CSV = ".csv"
REMEDY = "give the folder or zip of an export, or one .csv"
JUNK = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|\._|Thumbs\.db$)")
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


class RosterError(Exception):
    """The roster as a whole cannot be read; nothing of it was sent."""


@dataclass(frozen=True)
class Limits:
    """How much a roster may hold; every limit is checked while reading, whatever a header says.

    A roster of 1,000,000 enrollments and 170,000 students takes about 280 MiB of memory.
    """

    total: int = 512 * MIB  # 5 million enrollments are about 450 MiB
    file: int = 400 * MIB
    entries: int = 1_000  # OneRoster has 20 files
    ratio: int = 200  # rosters shrink 5 to 50 times, a bomb about 1,000 times
    ratio_from: int = MIB  # below this size a good ratio harms nobody


DEFAULT_LIMITS = Limits()


class _Entry(NamedTuple):
    name: str
    open: Callable[[], IO[bytes]]
    packed: int | None  # size in the zip; None in a folder


class RosterFiles:
    """The files at the top of a roster, by name; upper and lower case make no difference.

    `is_single` if it is one csv that somebody named, and no export.
    """

    def __init__(
        self, entries: Iterable[_Entry], limits: Limits, *, is_single: bool = False
    ) -> None:
        self.is_single = is_single
        self._entries: dict[str, _Entry] = {}
        self._limits = limits
        self._read = 0
        for entry in entries:
            if entry.name.casefold() in self._entries:
                raise RosterError("two files of the roster have the same name: keep one of them")
            self._entries[entry.name.casefold()] = entry

    @property
    def names(self) -> list[str]:
        """The names as they are written, in order."""
        return sorted(entry.name for entry in self._entries.values())

    @property
    def csvs(self) -> list[str]:
        """The names of those that are called a csv, in order."""
        return [name for name in self.names if name.lower().endswith(CSV)]

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._entries

    def read(self, name: str, *, called: str = "") -> bytes:
        """The content of a file. Raises RosterError if it is broken or beyond the limits.

        `called` stands for its name in errors: a name that is free to choose may be a person's.
        """
        entry = self._entries[name.casefold()]
        called = called or name
        content = bytearray()
        try:
            with entry.open() as stream:
                while chunk := stream.read(CHUNK):
                    content += chunk
                    self._read += len(chunk)
                    self._check(called, len(content), entry.packed)
        except BROKEN as error:
            raise RosterError(
                f"{called} cannot be read: the file is damaged or locked; export it again"
            ) from error
        return bytes(content)

    def _check(self, name: str, size: int, packed: int | None) -> None:
        limits = self._limits
        if size > limits.file or self._read > limits.total:
            whole = "the roster" if self._read > limits.total else name
            most = limits.total if self._read > limits.total else limits.file
            raise RosterError(f"{whole} is larger than {most // MIB} MiB: import it in parts")
        if packed is not None and size > max(limits.ratio_from, limits.ratio * packed):
            raise RosterError(
                f"{name} unpacks to more than {limits.ratio} times its size: not a roster"
            )


@contextmanager
def open_files(path: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[RosterFiles]:
    """The roster's files, as long as the block runs. Raises RosterError."""
    if path.is_dir():
        yield _folder(path, limits)
        return
    if not path.exists():
        raise RosterError(f"{path} does not exist: {REMEDY}")
    if not path.is_file():  # a device or a pipe may have no end, and a zip is read from its end
        raise RosterError(
            f"{path} is no file but a device or a pipe: give the folder or zip of an export"
        )
    if path.name.lower().endswith(CSV):
        only = _Entry(path.name, _opener(os.fspath(path)), None)
        yield RosterFiles([only], limits, is_single=True)
        return
    with _archive(path) as archive:
        yield RosterFiles(_members(archive, limits), limits)


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except BROKEN as error:
        raise RosterError(
            f"{path} is neither a folder nor a readable zip, and no .csv: {REMEDY}"
        ) from error


def _folder(path: Path, limits: Limits) -> RosterFiles:
    entries = []
    try:
        found = sorted(os.scandir(path), key=lambda entry: entry.name)
    except OSError as error:
        raise RosterError(f"{path} cannot be opened: check its permissions") from error
    _check_count(len(found), limits)
    for item in found:
        plain = item.is_file(follow_symlinks=False)
        if not plain and item.name.lower().endswith(CSV):
            kind = "a symbolic link" if item.is_symlink() else "a folder, a device or a pipe"
            raise RosterError(f"the folder holds {kind} for a csv: put the file itself there")
        if plain and not JUNK.search(item.name):
            entries.append(_Entry(item.name, _opener(item.path), None))
    return RosterFiles(entries, limits)


def _opener(path: str) -> Callable[[], IO[bytes]]:
    return lambda: Path(path).open("rb")


def _members(archive: zipfile.ZipFile, limits: Limits) -> list[_Entry]:
    """The files at the top of the zip, or inside the one folder that holds everything."""
    infos = archive.infolist()
    _check_count(len(infos), limits)
    for number, info in enumerate(infos, start=1):
        if fault := problem(info):
            raise RosterError(
                f"entry {number} of the zip {fault}: make the zip again from plain files"
            )
    files = [i for i in infos if not i.is_dir() and not JUNK.search(i.filename)]
    tops = {info.filename.partition("/")[0] for info in files}
    inside = len(tops) == 1 and all("/" in info.filename for info in files)
    cut = len(tops.pop()) + 1 if inside else 0
    return [
        _Entry(info.filename[cut:], partial(archive.open, info), info.compress_size)
        for info in files
        if "/" not in info.filename[cut:]
    ]


def _check_count(count: int, limits: Limits) -> None:
    if count > limits.entries:
        raise RosterError(
            f"the roster holds {count} entries, more than {limits.entries}: not a roster"
        )
