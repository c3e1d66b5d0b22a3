"""What `infra/run` takes is what the settings take."""

import pytest

from enrollment.settings import SettingsError, read_settings
from infra.local.options import LEAST, RESERVE, read_options

FAKE = {"administrator": "admin@northside.example", "endpoint": "http://127.0.0.1:8080"}


def test_the_least_quota_is_the_settings_least():
    given = FAKE | {"quota_reserve": RESERVE, "instances": 1}

    assert read_settings(quota=read_options(["--quota", str(LEAST)]).quota, **given)
    with pytest.raises(SettingsError):
        read_settings(quota=LEAST - 1, **given)


@pytest.mark.parametrize("quota", [str(LEAST - 1), "60", "0", "-5", "many"])
def test_a_smaller_quota_is_refused_with_the_numbers(capsys, quota):
    with pytest.raises(SystemExit):
        read_options([f"--quota={quota}"])

    assert f"give at least {LEAST}; of these calls a minute {RESERVE}" in capsys.readouterr().err
