"""Installations in the states in which people make mistakes."""

import shutil
from pathlib import Path

import pytest

from backend.settings import Settings
from tests import databases
from tests.backend.cli.installation import Installation, add_people, sign_for_both


@pytest.fixture(scope="session")
def unsigned_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite file with a rollout and accounts; copy it, never write to it."""
    file = tmp_path_factory.mktemp("unsigned") / "canvass.sqlite"
    shutil.copy(sqlite_template, file)
    add_people(Installation(databases.sqlite_settings(file), file.parent))
    return file


@pytest.fixture(scope="session")
def signed_template(unsigned_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite file with a signed rollout; copy it, never write to it."""
    file = tmp_path_factory.mktemp("signed") / "canvass.sqlite"
    shutil.copy(unsigned_template, file)
    sign_for_both(Installation(databases.sqlite_settings(file), file.parent))
    return file


@pytest.fixture
def unsigned(unsigned_template: Path, tmp_path: Path) -> Installation:
    """Give an installation with a rollout that nobody has signed."""
    file = tmp_path / "canvass.sqlite"
    shutil.copy(unsigned_template, file)
    return Installation(databases.sqlite_settings(file), tmp_path)


@pytest.fixture
def signed(signed_template: Path, tmp_path: Path) -> Installation:
    """Give an installation whose agreement both sides have signed; no wave is open yet."""
    file = tmp_path / "canvass.sqlite"
    shutil.copy(signed_template, file)
    return Installation(databases.sqlite_settings(file), tmp_path)


@pytest.fixture
def opened(signed: Installation) -> Installation:
    """Give an installation whose first wave is open."""
    signed.done("wave", "open", "crane-1")
    return signed


@pytest.fixture
def anywhere(database_settings: Settings, tmp_path: Path) -> Installation:
    """Give a signed installation with an open wave, once for each engine."""
    made = Installation(database_settings, tmp_path)
    add_people(made)
    sign_for_both(made)
    made.done("wave", "open", "crane-1")
    return made
