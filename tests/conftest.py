"""Fixtures for every test: a database of its own, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from backend.db.engine import CanvassEngine, open_database
from backend.settings import Settings
from tests import databases

SQLITE = "sqlite"
POSTGRES = "postgres"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an empty, migrated SQLite file; copy it, never write to it."""
    return databases.make_template(tmp_path_factory.mktemp("template") / "canvass.sqlite")


@pytest.fixture(scope="session")
def cluster() -> Iterator[databases.Cluster]:
    """Give a PostgreSQL server, started once in each test process."""
    if databases.find_postgres() is None:
        pytest.skip("no PostgreSQL server programs found: apt-get install postgresql")
    with databases.running_cluster() as running:
        yield running


@pytest.fixture
def sqlite_settings(sqlite_template: Path, tmp_path: Path) -> Settings:
    """Give settings with an empty SQLite database."""
    file = tmp_path / "canvass.sqlite"
    shutil.copy(sqlite_template, file)
    return databases.sqlite_settings(file)


@pytest.fixture
async def postgres_settings(cluster: databases.Cluster, tmp_path: Path) -> Settings:
    """Give settings with an empty PostgreSQL database."""
    await databases.empty(cluster)
    return databases.settings_for(cluster.address(), tmp_path)


@pytest.fixture(params=[SQLITE, pytest.param(POSTGRES, marks=pytest.mark.postgres)])
def database_settings(request: pytest.FixtureRequest) -> Settings:
    """Give settings with an empty database, once for each engine."""
    settings: Settings = request.getfixturevalue(f"{request.param}_settings")
    return settings


@pytest.fixture
async def database(database_settings: Settings) -> AsyncIterator[CanvassEngine]:
    """Give an open, empty, migrated database, once for each engine."""
    async with open_database(database_settings) as engine:
        yield engine


@pytest.fixture
async def sqlite(sqlite_settings: Settings) -> AsyncIterator[CanvassEngine]:
    """Give an open, empty SQLite database, for what does not depend on the engine."""
    async with open_database(sqlite_settings) as engine:
        yield engine


@pytest.fixture
async def postgres(postgres_settings: Settings) -> AsyncIterator[CanvassEngine]:
    """Give an open, empty PostgreSQL database; mark such tests with ``postgres``."""
    async with open_database(postgres_settings) as engine:
        yield engine
