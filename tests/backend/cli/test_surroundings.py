"""What the machine refuses: ports, disks, libraries, the database server."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.backend.cli.installation import Installation, is_refused

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounting a disk needs root")


@pytest.fixture
def taken() -> Iterator[int]:
    """Give a port on which another program listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def without_pango(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put broken libraries in front of those that the PDF engine needs."""
    for name in ("libpango-1.0.so.0", "libpango-1.0.so", "libgobject-2.0.so.0"):
        (folder / name).write_text("not a library")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(folder))


@pytest.mark.parametrize("command", ["user list", "init", "wave open crane-1", "serve"])
def test_postgres_that_does_not_answer(signed: Installation, command: str) -> None:
    """A database server that cannot be reached is named with host, port and what to check."""
    address = "postgresql://canvass:secret@127.0.0.1:1/canvass"
    result = signed.run(*command.split(), CANVASS_DATABASE=address, **_free_ports())
    is_refused(result, "127.0.0.1, port 1", "does not answer", "CANVASS_DATABASE")
    assert "secret" not in result.output
    assert "Booth" not in result.output, "nothing is announced that does not run"


@pytest.mark.postgres
def test_postgres_without_the_database(cluster: databases.Cluster, tmp_path: Path) -> None:
    """A server that has no such database says how to make it."""
    made = Installation(databases.settings_for(cluster.address("nothing"), tmp_path), tmp_path)
    is_refused(made.run("init"), "has no such database", "createdb")


@pytest.mark.parametrize("which", ["BOOTH", "OFFICE"])
def test_a_port_in_use(signed: Installation, taken: int, which: str) -> None:
    """`serve` names the port, the setting and another port, and announces nothing before."""
    ports = {**_free_ports(), f"CANVASS_{which}_PORT": str(taken)}
    result = signed.run("serve", **ports)
    is_refused(result, f"127.0.0.1:{taken}", "Address already in use", f"CANVASS_{which}_PORT=")
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("CANVASS_BOOTH_PORT", "80000", ["CANVASS_BOOTH_PORT", "1 to 65535"]),
        ("CANVASS_BOOTH_HOST", "192.0.2.1", ["192.0.2.1", "CANVASS_BOOTH_HOST"]),
        ("CANVASS_DATABASE", "mysql://x/y", ["CANVASS_DATABASE", "sqlite:///"]),
    ],
)
def test_a_wrong_setting(signed: Installation, setting: str, value: str, words: list[str]) -> None:
    """A setting that cannot be used is named with what to write instead."""
    is_refused(signed.run("serve", **{**_free_ports(), setting: value}), *words)


def test_a_file_that_is_no_database(signed: Installation) -> None:
    """Some other file in place of the database is said to be none, and stays as it is."""
    other = signed.file("other.sqlite", "letters to the council\n" * 200)
    is_refused(signed.run("user", "list", CANVASS_DATABASE=f"sqlite:///{other}"), "not a sound")
    assert Path(other).read_text(encoding="utf-8").startswith("letters to the council")


def test_doctor_tells_every_trouble(
    signed: Installation, taken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run names all that is wrong, with the remedy of each, and fails."""
    without_pango(tmp_path, monkeypatch)
    missing = f"sqlite:///{tmp_path}/nowhere/canvass.sqlite"
    ports = {**_free_ports(), "CANVASS_OFFICE_PORT": str(taken)}
    result = signed.run("doctor", CANVASS_DATABASE=missing, **ports)
    is_refused(result, "checks failed")
    told = {line[8:].split(":")[0]: line for line in result.stdout.splitlines()}
    assert told["database"].startswith("FAILED  ")
    assert told["database"].endswith("canvass init")
    assert told["booth port"] == "ok      booth port"
    assert "CANVASS_OFFICE_PORT=" in told["office port"]
    assert told["PDF"].startswith("FAILED  ")
    assert "apt-get install libpango" in told["PDF"]


def test_cards_without_pango_are_not_issued(
    opened: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If cards cannot be printed, none is valid, no file is left, and a second try works."""
    before = opened.kept()
    with monkeypatch.context() as broken:
        without_pango(tmp_path, broken)
        result = opened.run("wave", "cards", "crane-1", "--out", str(tmp_path / "cards"))
        is_refused(result, "needs Pango", "apt-get install")
    assert opened.kept() == before
    assert not (tmp_path / "cards").exists()
    opened.done("wave", "cards", "crane-1", "--out", str(tmp_path / "cards"))


def test_the_demo_without_pango_ends_before_it_starts(
    signed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A demo that could write no briefing says so at once and leaves no folder."""
    without_pango(tmp_path, monkeypatch)
    is_refused(signed.run("demo", "--out", str(tmp_path / "out")), "needs Pango")
    assert not (tmp_path / "out").exists()


@needs_root
def test_a_disk_that_is_read_only(opened: Installation, tmp_path: Path) -> None:
    """A read-only disk is named in one message by whatever would write there."""
    before = opened.kept()
    with databases.small_disk(tmp_path / "disk") as disk:
        databases.remount(disk, "ro")
        place = str(disk / "new")
        is_refused(opened.run("wave", "cards", "crane-1", "--out", place), place, "Read-only")
        is_refused(opened.run("demo", "--out", place), place, "Read-only")
        database = {"CANVASS_DATABASE": f"sqlite:///{place}/canvass.sqlite"}
        is_refused(opened.run("init", **database), place, "Read-only", "CANVASS_DATABASE")
    assert opened.kept() == before


@needs_root
@pytest.mark.parametrize("size", ["16k", "64k"])
def test_a_disk_that_is_full(opened: Installation, tmp_path: Path, size: str) -> None:
    """A full disk is named; cards that do not fit are not issued and leave no file."""
    before = opened.kept()
    with databases.small_disk(tmp_path / "disk", size) as disk:
        cards = opened.run("wave", "cards", "crane-1", "--out", str(disk / "cards"))
        is_refused(cards, str(disk), "No space left", "Free some space")
        assert list(disk.iterdir()) == []
        database = {"CANVASS_DATABASE": f"sqlite:///{disk}/canvass.sqlite"}
        is_refused(opened.run("init", **database), str(disk), "disk")
        is_refused(opened.run("demo", "--out", str(disk / "out")), str(disk), "disk")
    assert opened.kept() == before


def test_the_demo_spares_what_it_did_not_make(signed: Installation, tmp_path: Path) -> None:
    """A file in place of the folder, or foreign releases in it, are left alone."""
    (tmp_path / "file").touch()
    is_refused(signed.run("demo", "--out", str(tmp_path / "file")), "is a file", "--out")
    (tmp_path / "mine" / "releases").mkdir(parents=True)
    (tmp_path / "mine" / "releases" / "album.txt").write_text("dear to me")
    is_refused(signed.run("demo", "--out", str(tmp_path / "mine")), "would be lost", "--out")
    assert (tmp_path / "mine" / "releases" / "album.txt").read_text() == "dear to me"


def _free_ports() -> dict[str, str]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return {
            "CANVASS_BOOTH_PORT": str(one.getsockname()[1]),
            "CANVASS_OFFICE_PORT": str(two.getsockname()[1]),
        }
