"""The script's README and manifest say what the script does."""

import json
import re

from enrollment.sources.declared import parse_declared
from tests.infra.apps_script.school_form import CODE

FOLDER = CODE.parent
TEXT = (FOLDER / "README.md").read_text(encoding="utf-8")
SCRIPT = CODE.read_text(encoding="utf-8")


def test_its_declaration_is_one_that_the_service_reads():
    (text,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)

    declared = parse_declared(text)

    assert list(declared.sources) == ["office-form"]


def test_it_names_every_setting_that_the_script_reads():
    read = set(re.findall(r"\bgiven\.([A-Z_]+)\b", SCRIPT))

    assert "SECRET" in read
    assert {name for name in read if f"`{name}`" not in TEXT} == set()


def test_it_names_every_entry_of_the_menu():
    entries = re.findall(r"\.addItem\('([^']+)'", SCRIPT)

    assert len(entries) == 4
    assert [each for each in entries if f"*{each}*" not in TEXT and f"**{each}**" not in TEXT] == []


def test_what_is_sent_is_what_it_shows(form, receiver):
    (shown,) = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)

    form.submit("d:MATH-101-3")

    (sent,) = receiver.accepted
    assert sent.keys() == json.loads(shown).keys()
    assert sent["origin"].keys() == json.loads(shown)["origin"].keys()


def test_the_manifest_asks_for_no_more_than_the_script_uses():
    manifest = json.loads((FOLDER / "appsscript.json").read_text(encoding="utf-8"))
    uses = {
        "forms.currentonly": "FormApp.",
        "script.external_request": "UrlFetchApp.",
        "script.scriptapp": "ScriptApp.",
        "script.send_mail": "MailApp.",
        "userinfo.email": "Session.getEffectiveUser",
    }

    asked = [scope.rpartition("/")[2] for scope in manifest["oauthScopes"]]

    assert asked == list(uses)
    assert [scope for scope, call in uses.items() if call not in SCRIPT] == []
    assert manifest["runtimeVersion"] == "V8"
