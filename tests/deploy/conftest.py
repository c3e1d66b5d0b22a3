"""A copy of the Terraform module, to run and to spoil; the provider is the stand-in."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.packaging import ROOT
from infra.provider_schema.standin import standing_in

INSTALL = "install Terraform 1.9 or newer: https://developer.hashicorp.com/terraform/install"


@dataclass
class Module:
    folder: Path
    environment: dict[str, str]

    def terraform(self, *arguments):
        """Its status and what it prints, as one line: where it breaks lines is no matter here."""
        done = subprocess.run(
            ["terraform", f"-chdir={self.folder}", *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, " ".join(done.stdout.split())

    def init(self):
        return self.terraform("init", "-backend=false", "-no-color")

    def validate(self):
        self.init()
        return self.terraform("validate", "-no-color")

    def test(self, *arguments):
        self.init()
        return self.terraform("test", "-no-color", *arguments)

    def spoil(self, file, old, new, after=""):
        """Replace the first `old` that comes after a text."""
        path = self.folder / file
        text = path.read_text()
        at = text.index(old, text.index(after))
        path.write_text(text[:at] + new + text[at + len(old) :])

    def spoil_topology(self, change):
        path = self.folder.parent / "infra/topology.json"
        topology = json.loads(path.read_text())
        change(topology)
        path.write_text(json.dumps(topology))


@pytest.fixture(scope="session")
def provider():
    """What terraform needs to find the stand-in; without terraform, CI fails and a person skips."""
    if shutil.which("terraform") is None:
        if os.environ.get("CI"):
            pytest.fail(f"there is no terraform on PATH: {INSTALL}")
        pytest.skip(f"there is no terraform on PATH: {INSTALL}")
    with standing_in() as environment:
        yield environment


@pytest.fixture
def module(provider, tmp_path):
    unwanted = shutil.ignore_patterns(".terraform*", "*.tfvars", "*.tfstate*")
    shutil.copytree(ROOT / "terraform", tmp_path / "terraform", ignore=unwanted)
    (tmp_path / "infra").mkdir()
    shutil.copy(ROOT / "infra/topology.json", tmp_path / "infra")
    (tmp_path / ".build").mkdir()
    for name in ("collect", "enroll", "form_intake", "sis_webhook", "wake"):
        (tmp_path / ".build" / f"{name}.zip").write_text(name)
    return Module(tmp_path / "terraform", provider)
