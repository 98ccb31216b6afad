"""Settings: read once, checked, and a bad value names its variable."""

from pathlib import Path

import pytest

from backend.errors import SettingsError
from backend.settings import Settings


def test_defaults_need_no_environment() -> None:
    """Without any variable, Canvass runs on SQLite in its data directory, on loopback only."""
    settings = Settings.from_env({})
    assert settings.database == "sqlite:///canvass-data/canvass.sqlite"
    assert settings.data == Path("canvass-data")
    assert (settings.booth_host, settings.office_host) == ("127.0.0.1", "127.0.0.1")
    assert (settings.booth_port, settings.office_port) == (8001, 8002)
    assert settings.booth_address == "http://127.0.0.1:8001"
    assert settings.secure_cookies is False


def test_every_variable_is_read() -> None:
    """Each setting comes from its own variable."""
    settings = Settings.from_env(
        {
            "CANVASS_DATABASE": "postgresql://canvass@db.city.gov:5433/canvass",
            "CANVASS_DATA": "/var/lib/canvass",
            "CANVASS_BOOTH_HOST": "0.0.0.0",  # noqa: S104  what a town with one server would set
            "CANVASS_BOOTH_PORT": "81",
            "CANVASS_OFFICE_HOST": "10.0.0.5",
            "CANVASS_OFFICE_PORT": "82",
            "CANVASS_SECURE_COOKIES": "yes",
            "CANVASS_BOOTH_ADDRESS": "https://pulse.city.gov/",
        }
    )
    assert settings == Settings(
        database="postgresql://canvass@db.city.gov:5433/canvass",
        data=Path("/var/lib/canvass"),
        booth_host="0.0.0.0",  # noqa: S104  as above
        booth_port=81,
        office_host="10.0.0.5",
        office_port=82,
        secure_cookies=True,
        booth_address="https://pulse.city.gov",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CANVASS_DATABASE", "mysql://root@host/canvass"),
        ("CANVASS_DATABASE", "sqlite:///"),
        ("CANVASS_DATABASE", "postgresql://user@host"),
        ("CANVASS_DATABASE", "postgresql://user@host:many/canvass"),
        ("CANVASS_BOOTH_PORT", "eighty"),
        ("CANVASS_BOOTH_PORT", "0"),
        ("CANVASS_OFFICE_PORT", "65536"),
        ("CANVASS_OFFICE_PORT", "\uff18\uff10\uff10\uff12"),
        ("CANVASS_OFFICE_PORT", "8001"),
        ("CANVASS_BOOTH_HOST", "http://pulse"),
        ("CANVASS_SECURE_COOKIES", "perhaps"),
        ("CANVASS_BOOTH_ADDRESS", "pulse.city.gov"),
    ],
)
def test_a_bad_value_names_its_variable(name: str, value: str) -> None:
    """A value that cannot be used is refused with the name of its variable."""
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({name: value})


def test_a_password_never_shows() -> None:
    """Neither a print of the settings nor an error repeats the database address."""
    address = "postgresql://canvass:hunter2@host"
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"CANVASS_DATABASE": address})
    assert "hunter2" not in str(caught.value)
    settings = Settings.from_env({"CANVASS_DATABASE": address + "/canvass"})
    assert "hunter2" not in repr(settings)
