"""Mistakes in a rollout file: each is named with its place and its remedy, and nothing is kept."""

import pytest

from tests.backend.cli.installation import Installation, is_refused
from tests.builders.rollout_file import SMALL_ROLLOUT

# What is replaced in the small rollout, by what, and what the message must say.
MISTAKES = [
    ("headcount = 40", "head_count = 40", ['unit "cranes"', "`head_count`", "`headcount`"]),
    ("[agreement]", "[agreement]\nk_score = 12", ["agreement", "`k_score`", "`k_scores`"]),
    ("stop_below = 30", "stop_belw = 30", ["gate 3", "`stop_below`"]),
    ("on = 2026-01-05", "on = 2026-13-05", ["line 47", "2026-13-05", "like 2026-03-31"]),
    ("on = 2026-01-05", 'on = "5 January"', ["start, entry 1, on", "like 2026-03-31"]),
    ("headcount = 40", 'headcount = "40"', ['unit "cranes", headcount', "a whole number"]),
    ('name = "Yard"\n', "", ['unit "yard"', "`name` is missing"]),
    ('id = "crane"', 'id = "../crane"', ["rollout, id", "letters"]),
    ('organisation = "Harbour Works"', 'organisation = ""', ["organisation", "no name"]),
    ('["en", "ar"]', '["en", "xx"]', ['no "xx"', "en, ar, es"]),
    ('["en", "ar"]', '["en", "en"]', ['"en" stands twice']),
    ('["en", "ar"]', "[]", ["languages: none"]),
    ('"usefulness"', '"usefulnes"', ["gate usefulnes", "No such construct", "usefulness"]),
    ('second_key = "union"', 'second_key = "unon"', ["unon", "union, representative, none"]),
    ("[agreement]", "[agreement]\nk_scores = 3", ["k_scores", "3 is below the floor"]),
    ('parent = "harbour"\nheadcount = 40', "headcount = 40", ["2 units without a parent"]),
    ('"Harbour Works"\n\n[[unit]]', '"H"\nparent = "yard"\n\n[[unit]]', ["its own ancestor"]),
    ('parent = "harbour"\nheadcount = 30', 'parent = "x"\nheadcount = 30', ['"x" is no unit']),
    ('id = "yard"', 'id = "cranes"', ["the id is used twice"]),
    ("headcount = 40", "headcount = 0", ['Unit "cranes": 0 people']),
    ("headcount = 40", "headcount = -4", ['Unit "cranes": -4 people']),
    ('unit = "cranes"', 'unit = "crans"', ['unit "crans"', "no such unit"]),
    ('phase = "steady"', 'phase = "stedy"', ['"stedy"', "no such phase"]),
    ("number = 2", "number = 1", ["wave 1", "used twice"]),
    ("number = 1\n", "number = 3\n", ["wave 3", "in the order of their dates"]),
    ("number = 1\n", "number = 0\n", ["wave 0", "numbered from 1"]),
    ('name = "In use"', 'name = " "', ["wave 2", "give a name"]),
    ('form = "pulse"', 'form = "puls"', ["wave 1", '"puls"', "pulse"]),
    ("2026-04-24", "2026-04-01", ["wave 2", "on a later day than it opens"]),
    ("2026-04-13", "2026-02-02", ["wave 2", "4 weeks", "2026-02-16 or later"]),
]


@pytest.mark.parametrize(("before", "after", "words"), MISTAKES)
def test_a_mistake_is_named_and_nothing_is_kept(
    signed: Installation, before: str, after: str, words: list[str]
) -> None:
    """A rollout file with a mistake says file, place and remedy; what was loaded stays."""
    assert before in SMALL_ROLLOUT
    path = signed.file("crane.toml", SMALL_ROLLOUT.replace(before, after))
    kept = signed.kept()
    is_refused(signed.run("rollout", "load", path), "crane.toml", *words)
    assert signed.kept() == kept


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00binary", ["not UTF-8", "TOML"]),
        (b"", ["`organisation` is missing"]),
        (b"organisation = 'x", ["not valid TOML"]),
    ],
)
def test_a_file_that_is_no_rollout(signed: Installation, content: bytes, words: list[str]) -> None:
    """A binary, empty or broken file is refused in one message."""
    is_refused(signed.run("rollout", "load", signed.file("crane.toml", content)), *words)


def test_every_mistake_is_named_at_once(signed: Installation) -> None:
    """Three mistakes are told in one go, so that nobody loads the file three times."""
    wrong = SMALL_ROLLOUT.replace('"ar"]', '"xx"]').replace("= 40", "= 0").replace(
        'name = "In use"', 'name = ""'
    )  # fmt: skip
    result = signed.run("rollout", "load", signed.file("crane.toml", wrong))
    is_refused(result, "3 problems", '- languages: there is no "xx"')
    is_refused(result, "- wave 2: give a name", '- Unit "cranes": 0')


def test_an_organisation_below_ten_is_refused(signed: Installation) -> None:
    """Seven people cannot be asked without being known, which is said before anything opens."""
    tiny = SMALL_ROLLOUT.replace("= 40", "= 4").replace("headcount = 30", "headcount = 3")
    is_refused(
        signed.run("rollout", "load", signed.file("crane.toml", tiny)), "7 people", "at least 10"
    )


def test_a_unit_below_ten_is_reported_with_its_neighbours(signed: Installation) -> None:
    """A crew of four is no mistake: it is merged, and the message says with whom."""
    small = SMALL_ROLLOUT.replace("= 40", "= 4")
    said = signed.done("rollout", "load", signed.file("crane.toml", small))
    assert "34 people in 1 reporting cell, " in said
    assert "Reported together, since they are small alone: Harbour Works" in said
