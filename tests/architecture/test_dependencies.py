"""Dependencies are named with a reason, and their licences fit ours."""

import re
import tomllib
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
FITTING = re.compile(
    r"MIT|BSD|Apache|ISC|MPL|Mozilla|Python Software Foundation|PSF|0BSD|Unlicense|HPND|Zlib"
    r"|CNRI|Public Domain",
    re.IGNORECASE,
)
# Offered under several licences to choose from; we take the one named here.
OFFERED_UNDER_SEVERAL = {"pyphen": "MPL-1.1"}
STRONG_COPYLEFT = re.compile(r"(?<!L)\bA?GPL|Affero|General Public License", re.IGNORECASE)


def _declared() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {
        "run": project["project"]["dependencies"],
        "dev": project["dependency-groups"]["dev"],
    }


def _closure(requirements: list[str]) -> dict[str, Distribution]:
    """Every distribution the product pulls in on this machine."""
    found: dict[str, Distribution] = {}
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        requirement = waiting.pop()
        extras = requirement.extras or {""}
        if requirement.marker and not any(
            requirement.marker.evaluate({"extra": extra}) for extra in extras
        ):
            continue
        package = distribution(requirement.name)
        if package.name not in found:
            found[package.name] = package
            waiting += [Requirement(text) for text in package.requires or []]
    return found


def _licence(package: Distribution) -> str:
    metadata = package.metadata
    classifiers = [c for c in metadata.get_all("Classifier") or [] if c.startswith("License")]
    expression = metadata.get_all("License-Expression") or []
    free_text = [text.splitlines()[0] for text in metadata.get_all("License") or [] if text]
    return " / ".join([*expression, *classifiers, *free_text])


@pytest.mark.parametrize("group", ["run", "dev"])
def test_every_dependency_is_named_with_its_reason(group: str) -> None:
    """A declared dependency without a line in docs/dependencies.md is not accepted."""
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    words = set(re.findall(r"[\w-]+", text))
    missing = [name for r in _declared()[group] if (name := Requirement(r).name) not in words]
    assert not missing


def test_every_licence_fits_ours() -> None:
    """Nothing the product needs is under a licence that would change ours."""
    unfit = {
        name: licence
        for name, package in _closure(_declared()["run"]).items()
        if name not in OFFERED_UNDER_SEVERAL
        and (not FITTING.search(licence := _licence(package)) or STRONG_COPYLEFT.search(licence))
    }
    assert not unfit


def test_the_lock_file_pins_hashes_and_names_no_host() -> None:
    """The lock file holds hashes for every package and no registry address."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)
    assert "://" not in lock
    assert lock.count("--hash=sha256:") >= len(pins) > 50
    declared = {Requirement(r).name for group in _declared().values() for r in group}
    assert declared <= set(pins)
