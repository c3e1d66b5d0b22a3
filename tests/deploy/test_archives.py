"""What is deployed: the same bytes from the same sources, and nothing foreign among them."""

import ast
import compileall
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path, PurePosixPath
from zipfile import ZIP_STORED, ZipFile

import pytest

from infra.packaging import ROOT, PackagingError, build

NAMES = ("collect", "enroll", "form_intake", "sis_webhook", "wake")
REQUIRED = re.compile(r"^([a-z0-9._-]+)==", re.MULTILINE)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The archives of this checkout, by name."""
    return {each.name: each for each in build(ROOT, tmp_path_factory.mktemp("built"))}


@pytest.fixture
def checkout(tmp_path):
    """A small checkout with one function."""
    files = {
        "functions/requirements.txt": "flask==1\n",
        "functions/hello/main.py": "def hello(request):\n    return 'hello'\n",
        "shared/enrollment/__init__.py": "",
        "shared/enrollment/cli/__init__.py": "import typer\n",
        "shared/enrollment/__pycache__/x.pyc": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def copied(target):
    """This checkout's sources again: other times, other permissions, made in another order."""
    sources = [*ROOT.glob("functions/**/*"), *ROOT.glob("shared/enrollment/**/*")]
    for path in sorted(sources, reverse=True):
        if path.is_file():
            copy = target / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
            copy.chmod(0o600)
            os.utime(copy, (1_000_000_000, 1_000_000_000))
    return target


def test_every_function_is_packed(built):
    assert set(built) == set(NAMES)


def test_the_same_sources_make_the_same_bytes(tmp_path):
    tree = copied(tmp_path / "tree")  # whose files may change meanwhile, in the checkout
    before = os.umask(0o077)
    try:
        again = build(copied(tmp_path / "other"), tmp_path / "second")
    finally:
        os.umask(before)

    first = build(tree, tmp_path / "first")

    assert [each.sha256 for each in again] == [each.sha256 for each in first]


def test_a_changed_source_makes_other_bytes(checkout, tmp_path):
    (first,) = build(checkout, tmp_path / "first")
    (checkout / "shared/enrollment/__init__.py").write_text("changed = True\n")
    (second,) = build(checkout, tmp_path / "second")

    assert first.sha256 != second.sha256


def test_it_holds_the_door_the_package_and_the_requirements_and_nothing_else(checkout, tmp_path):
    (archive,) = build(checkout, tmp_path / "built")

    with ZipFile(archive.path) as opened:
        assert opened.namelist() == ["enrollment/__init__.py", "main.py", "requirements.txt"]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_foreign_is_inside(built, name):
    with ZipFile(built[name].path) as opened:
        entries = opened.infolist()

    names = [PurePosixPath(each.filename) for each in entries]
    assert PurePosixPath("main.py") in names
    assert PurePosixPath("requirements.txt") in names
    assert PurePosixPath("enrollment/request.schema.json") in names
    assert PurePosixPath("enrollment/openapi.json") in names
    assert PurePosixPath("enrollment/openapi_forms.json") in names
    assert {each.parts[0] for each in names} == {"enrollment", "main.py", "requirements.txt"}
    assert not [each for each in names if {"__pycache__", "cli", "tests"} & set(each.parts)]
    assert {each.suffix for each in names} == {".py", ".json", ".txt", ".html", ".css"}
    assert {each.compress_type for each in entries} == {ZIP_STORED}
    assert {each.external_attr >> 16 for each in entries} == {0o100644}


@pytest.mark.parametrize("name", NAMES)
def test_it_compiles_as_the_build_will_do(built, name, tmp_path):
    with ZipFile(built[name].path) as opened:
        opened.extractall(tmp_path)

    assert compileall.compile_dir(tmp_path, quiet=1, force=True)


def test_the_requirements_name_no_index(built):
    with ZipFile(built["enroll"].path) as opened:
        lines = opened.read("requirements.txt").decode().splitlines()

    assert [line for line in lines if line.startswith("-") or "://" in line] == []
    assert any(line.startswith("functions-framework==") for line in lines)  # the build looks for it


def test_whatever_is_imported_is_required(built):
    with ZipFile(built["enroll"].path) as opened:
        required = REQUIRED.findall(opened.read("requirements.txt").decode())
        imported = {
            module
            for name in opened.namelist()
            if name.endswith(".py")
            for module in imports(opened.read(name))
        }

    there = modules(required)
    foreign = {each for each in imported if each.split(".")[0] not in sys.stdlib_module_names}
    assert {each for each in foreign if each.split(".")[0] != "enrollment"} - there == set()
    assert "google.cloud.firestore" not in modules(["flask"])  # or nothing could be missing


def imports(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module


def modules(distributions):
    """Every module that they bring; those that this system does not need are not installed."""
    found = set()
    for name in distributions:
        try:
            files = distribution(name).files or []
        except ModuleNotFoundError:
            continue
        for file in files:
            parts = file.with_suffix("").parts
            if file.suffix == ".py":
                found.add(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def test_what_is_neither_source_nor_data_is_named(checkout, tmp_path):
    (checkout / "shared/enrollment/pupils.xlsx").write_text("")

    with pytest.raises(PackagingError, match=r"pupils\.xlsx is neither source nor data"):
        build(checkout, tmp_path / "built")


def test_a_door_that_is_not_named_like_its_folder_is_named(checkout, tmp_path):
    (checkout / "functions/hello/main.py").write_text("def greet(request): ...\n")

    with pytest.raises(PackagingError, match="has no function hello"):
        build(checkout, tmp_path / "built")


def test_the_command_says_what_it_has_built(tmp_path):
    command = [sys.executable, "-m", "infra.packaging", "--json", "--to", tmp_path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    for each in json.loads(done.stdout)["archives"]:
        content = Path(each["path"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (
            each["bytes"],
            each["sha256"],
        )


def test_help_has_examples():
    command = [ROOT / "infra/package", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert "infra/package --json" in done.stdout
