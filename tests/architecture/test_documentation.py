"""The documentation names every command, setting, role and make target."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from backend.cli import canvass
from backend.store.accounts import Role

ROOT = Path(__file__).parents[2]
DOCS = {file.name: file.read_text(encoding="utf-8") for file in (ROOT / "docs").glob("*.md")}
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _commands(command: click.Command, name: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for child_name in command.list_commands(context):
            child = command.get_command(context, child_name)
            assert child is not None
            yield from _commands(child, f"{name} {child_name}")
    else:
        yield name


@pytest.mark.parametrize("command", sorted(_commands(canvass, "canvass")))
def test_every_command_is_documented(command: str) -> None:
    """docs/commands.md shows each command as it is typed."""
    assert command in DOCS["commands.md"]


def test_every_setting_is_documented() -> None:
    """docs/operating.md lists each environment variable the settings read."""
    source = (ROOT / "backend/settings.py").read_text(encoding="utf-8")
    missing = [n for n in set(re.findall(r"CANVASS_\w+", source)) if n not in DOCS["operating.md"]]
    assert not missing


def test_every_role_is_documented() -> None:
    """docs/operating.md says what each role may do."""
    missing = [role.value for role in Role if f"`{role.value}`" not in DOCS["operating.md"]]
    assert not missing


def test_every_make_target_says_what_it_does() -> None:
    """`make help` can list every target, and the README names the two that matter."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    described = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert set(phony.group(1).split()) == described
    assert "make demo" in README
    assert "make test" in README


def test_no_file_names_a_registry_or_a_path_of_a_machine() -> None:
    """The project speaks of itself alone."""
    patterns = re.compile(r"--(extra-)?index-url|registry\.npmjs|pypi\.org/simple|/home/\w+/")
    texts = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "Makefile", ROOT / ".ci/run"]
    found = [f.name for f in texts if patterns.search(f.read_text(encoding="utf-8"))]
    assert not found
