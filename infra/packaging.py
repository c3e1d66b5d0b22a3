"""Builds the archives that are deployed, one for each folder of functions/.

Each holds the function's own files at its root, the package `enrollment` beside them, and the
pinned requirements. The same sources make the same bytes on every machine, so that terraform
deploys what has changed and nothing else: times, permissions and order are fixed, and nothing is
compressed, because two versions of zlib compress differently.
"""

import argparse
import ast
import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from zipfile import ZIP_STORED, ZipFile, ZipInfo

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / ".build"
KEPT = {".py", ".json", ".html", ".css"}  # sources, and the data that they read
PASSED_OVER = {"__pycache__"}
LEFT_OUT = {"cli"}  # the operator's command: no function imports it, and its packages are not there
EARLIEST = (1980, 1, 1, 0, 0, 0)
UNIX = 3
FILE_FOR_ALL_TO_READ = 0o100644 << 16
EXAMPLES = """\
examples:
  infra/package               build .build/enroll.zip and the others, before terraform plan
  infra/package --to FOLDER   build them elsewhere
  infra/package --json        {"archives": [{"name": …, "path": …, "bytes": …, "sha256": …}, …]}
"""


class PackagingError(Exception):
    """The sources are not as an archive needs them; the message says which and what to do."""


@dataclass(frozen=True)
class Archive:
    """A built archive."""

    name: str
    path: str
    bytes: int
    sha256: str


def build(root: Path, target: Path) -> list[Archive]:
    """Build an archive of each function of a checkout. Raises PackagingError."""
    entries = sorted(root.glob("functions/*/main.py"))
    if not entries:
        raise PackagingError(f"{root / 'functions'} has no function: each is NAME/main.py")
    target.mkdir(parents=True, exist_ok=True)
    return [_build_one(root, entry.parent, target) for entry in entries]


def _build_one(root: Path, function: Path, target: Path) -> Archive:
    name = function.name
    _check_entry(function / "main.py", name)
    path, unfinished = target / f"{name}.zip", target / f"{name}.zip.unfinished"
    with ZipFile(unfinished, "w", ZIP_STORED) as archive:
        for inside, source in sorted(_contents(root, function).items()):
            info = ZipInfo(inside, EARLIEST)
            info.create_system = UNIX
            info.external_attr = FILE_FOR_ALL_TO_READ
            archive.writestr(info, source.read_bytes())
    unfinished.replace(path)
    whole = path.read_bytes()
    return Archive(name, str(path), len(whole), hashlib.sha256(whole).hexdigest())


def _contents(root: Path, function: Path) -> dict[str, Path]:
    """What stands in the archive, by its name there."""
    found = {"requirements.txt": root / "functions/requirements.txt"}
    for folder, inside in ((function, ""), (root / "shared/enrollment", "enrollment")):
        for path in _kept(folder):
            found[str(PurePosixPath(inside, path.relative_to(folder).as_posix()))] = path
    return found


def _kept(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if not path.is_file() or PASSED_OVER.intersection(parts) or parts[0] in LEFT_OUT:
            continue
        if path.suffix not in KEPT or path.name.startswith("."):
            raise PackagingError(
                f"{path} is neither source nor data: remove it, or name its kind in KEPT"
                " (infra/packaging.py)"
            )
        yield path


def _check_entry(main: Path, name: str) -> None:
    defined = {each.name for each in ast.parse(main.read_bytes()).body
               if isinstance(each, ast.FunctionDef)}  # fmt: skip
    if name not in defined:
        raise PackagingError(f"{main} has no function {name}: the entry point is named like it")


def main() -> int:
    """Build, and say what was built."""
    parser = argparse.ArgumentParser(
        prog="infra/package",
        description=(__doc__ or "").partition("\n\n")[0],
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--to", type=Path, default=BUILT, metavar="FOLDER", help="not into .build")
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    options = parser.parse_args()
    try:
        archives = build(ROOT, options.to)
    except PackagingError as error:
        print(f"infra/package: {error}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps({"archives": [asdict(each) for each in archives]}))
        return 0
    for each in archives:
        print(f"{each.name:<12} {each.bytes:>9,} bytes  sha256 {each.sha256}  {each.path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
