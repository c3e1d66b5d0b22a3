"""The deployment is well-formed and wired as it should be; nothing here reaches Google.

The provider is the stand-in of infra/provider_schema; with --all also the real one, where
Terraform's registry answers.
"""

import subprocess
import sys
from dataclasses import replace

import pytest

from infra.packaging import ROOT


def test_it_is_formatted(module):
    status, said = module.terraform("fmt", "-check", "-recursive")
    assert status == 0, said


def test_it_is_valid(module):
    status, said = module.validate()
    assert status == 0, said
    assert "The configuration is valid." in said


def test_it_is_wired(module):
    status, said = module.test()
    assert status == 0, said
    assert "0 failed" in said


def test_the_real_provider_finds_the_same(module, request):
    if not request.config.getoption("--all"):
        pytest.skip("asks Terraform's registry: with --all")
    environment = {k: v for k, v in module.environment.items() if k != "TF_REATTACH_PROVIDERS"}
    real = replace(module, environment=environment)
    status, said = real.init()
    if status != 0:
        pytest.skip(f"Terraform's registry does not answer: {said[:200]}")

    for check in (real.validate, real.test):
        status, said = check()
        assert status == 0, said


def test_the_committed_schema_is_the_providers(request):
    if not request.config.getoption("--all"):
        pytest.skip("downloads 67 MB: with --all")
    check = [sys.executable, "-m", "infra.provider_schema", "--check"]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
