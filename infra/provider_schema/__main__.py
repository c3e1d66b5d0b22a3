"""Write google.json anew: `python -m infra.provider_schema`, after terraform/ uses a new type.

`--check` writes nothing and fails if the file is not what it would write; `--wheel PATH` reads a
wheel that is here already. Otherwise pip fetches the pinned one, 67 MB, and it is thrown away.
"""

import argparse
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.provider_schema import ADDRESS, SCHEMA
from infra.provider_schema.bindings import Bindings

ROOT = Path(__file__).resolve().parents[2]
PIN = ROOT / "infra/requirements/provider-schema.txt"
USED = re.compile(r'^(resource|data) "(google_\w+)"', re.MULTILINE)
# The provider's own settings are generated in another way; these are the ones that we give.
PROVIDER = {name: {"type": "string", "optional": True} for name in ("project", "region")}
MAIN_CLASS = re.compile(r"^class (\w+) extends cdktn\.Terraform", re.MULTILINE)


def main() -> int:
    """Write the schema, or compare it; 1 if it differs."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        wheel = options.wheel or _download(Path(folder))
        text = json.dumps(extract(wheel, used_types(ROOT / "terraform")), indent=1) + "\n"
    if not options.check:
        SCHEMA.write_text(text)
        print(f"{SCHEMA.relative_to(ROOT)}: {len(text):,} bytes")
    elif SCHEMA.read_text() != text:
        print(f"{SCHEMA.relative_to(ROOT)} is not what {PIN.name} holds: write it anew with"
              " python -m infra.provider_schema")  # fmt: skip
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.provider_schema", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("--wheel", type=Path, help="the wheel of cdktn-provider-google")
    return parser.parse_args()


def used_types(folder: Path) -> set[tuple[str, str]]:
    """The types of a Terraform module, as (`resource` or `data`, name)."""
    return {found for path in folder.glob("*.tf") for found in USED.findall(path.read_text())}


def extract(wheel: Path, types: set[tuple[str, str]]) -> dict[str, Any]:
    """The schema of these types, in the shape that terraform prints. Raises UnknownShape."""
    folders = {_folder(*each): each for each in types}
    found: dict[str, dict[str, Any]] = {"resource": {}, "data": {}}
    package: dict[str, Any] = {}
    texts: dict[str, dict[str, str]] = {folder: {} for folder in folders}
    for path, text in _texts(wheel, set(folders)):
        if path == "package/package.json":
            package = json.loads(text)
        else:
            _, _, folder, file = path.split("/")
            texts[folder][file] = text
    for folder, (kind, name) in sorted(folders.items()):
        if not texts[folder]:
            raise SystemExit(f"the provider has no {kind} {name}: see terraform/*.tf")
        code = texts[folder]["index.js"]
        (main_class,) = MAIN_CLASS.findall(code)
        block = Bindings.read(code, texts[folder]["index.d.ts"]).block(main_class)
        found[kind][name] = {"version": 0, "block": block}
    return {
        "source": {
            "package": f"{package['name']} {package['version']}",
            "provider": f"hashicorp/google {package['cdktn']['provider']['version']}",
            "licence": f"{package['license']}, https://mozilla.org/MPL/2.0/",
            "repository": package["repository"]["url"],
        },
        "format_version": "1.0",
        "provider_schemas": {
            ADDRESS: {
                "provider": {"version": 0, "block": {"attributes": PROVIDER, "block_types": {}}},
                "resource_schemas": found["resource"],
                "data_source_schemas": found["data"],
            }
        },
    }


def _folder(kind: str, name: str) -> str:
    short = name.removeprefix("google_").replace("_", "-")
    return f"data-google-{short}" if kind == "data" else short


def _texts(wheel: Path, folders: set[str]) -> Iterator[tuple[str, str]]:
    """The package's description, and the generated code in these folders."""
    wanted = {"package/package.json"} | {
        f"package/lib/{folder}/{file}" for folder in folders for file in ("index.js", "index.d.ts")
    }
    with zipfile.ZipFile(wheel) as outer:
        (inner,) = (name for name in outer.namelist() if name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(outer.read(inner))) as package:
            for member in package:
                if member.name in wanted and (file := package.extractfile(member)):
                    yield member.name, file.read().decode().partition("//# sourceMappingURL")[0]


def _download(folder: Path) -> Path:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    subprocess.run([*pip, "--requirement", PIN, "--dest", folder], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


if __name__ == "__main__":
    sys.exit(main())
