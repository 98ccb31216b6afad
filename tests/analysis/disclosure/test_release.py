"""What a release contains, and how it is written."""

import json
from collections.abc import Iterator
from dataclasses import replace as replace_inputs
from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from analysis.disclosure.errors import InputsError
from analysis.disclosure.lattice import Lattice
from analysis.disclosure.policy import Policy
from analysis.disclosure.release import (
    EarlierWave,
    Participation,
    Published,
    Reason,
    Suppressed,
    decode_release,
    encode_release,
    make_release,
    release_hash,
)
from analysis.methods.gates import VerdictKind
from analysis.series import Series, SeriesKind
from tests.builders.city import CITY
from tests.builders.release import (
    build_inputs,
    build_release,
    city_releases,
    draw_counts,
    suppressed_release,
)

RELEASES = city_releases(3)
RELEASE = RELEASES[-1]

SMALL_NUMBERS_THAT_COUNT_NOBODY = {
    "schema", "level", "number", "event_weeks", "difference", "low", "high", "score", "spread",
    "minimum", "stop_below", "primary_suppressed", "complementary_suppressed", "k_scores",
    "k_shares", "k_response_rate", "round_counts_to",
}  # fmt: skip


def numbers(value: Any, name: str = "") -> Iterator[tuple[str, int]]:  # noqa: ANN401 - any JSON
    """Walk JSON and give every whole number with the name it stands under."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from numbers(part, key)
    elif isinstance(value, list):
        for part in value:
            yield from numbers(part, name)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield name, value


def test_contains_no_small_number_of_people() -> None:
    """In the JSON, whatever counts people is a head count of ten or more, or a multiple of five."""
    for release in (*RELEASES, suppressed_release()):
        for name, number in numbers(json.loads(encode_release(release))):
            if name == "headcount":
                assert number >= 10
            elif name not in SMALL_NUMBERS_THAT_COUNT_NOBODY:
                assert name in {"answers", "ballots"}
                assert number % 5 == 0
                assert name == "ballots" or number >= 10


def test_reads_back_what_it_wrote() -> None:
    """decode(encode(x)) == x, and writing it again gives the same bytes."""
    for release in RELEASES:
        data = encode_release(release)
        assert decode_release(data) == release
        assert encode_release(decode_release(data)) == data


def test_is_written_with_sorted_keys() -> None:
    """The JSON is canonical: sorted keys, no white space."""
    data = encode_release(RELEASE)
    canonical = json.dumps(
        json.loads(data), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert data.decode() == canonical


def test_refuses_text_that_is_no_release() -> None:
    """Reading something else is an error, not a half-filled release."""
    with pytest.raises(msgspec.ValidationError):
        decode_release(b'{"schema": 1}')


def test_chains_releases_by_hash() -> None:
    """Each release names the hash of the one before it."""
    assert RELEASES[0].previous_hash is None
    assert RELEASES[1].previous_hash == release_hash(RELEASES[0])
    assert release_hash(replace(RELEASES[0], tool="Another")) != RELEASES[1].previous_hash


def test_equal_counts_give_equal_bytes() -> None:
    """Making the same release twice gives the same file."""
    assert encode_release(build_release(seed=7)) == encode_release(build_release(seed=7))


def test_every_pair_of_group_and_series_has_one_result() -> None:
    """Results, participation and verdicts are complete and in the order of the groups."""
    pairs = [(result.group, result.series) for result in RELEASE.results]
    assert pairs == [(g.id, s.id) for g in RELEASE.groups for s in RELEASE.series]
    assert [verdict.group for verdict in RELEASE.verdicts] == [g.id for g in RELEASE.groups]
    assert len(RELEASE.participation) == len(RELEASE.groups)


def test_suppressed_numbers_are_counted() -> None:
    """The two totals say how many scores are withheld for each of the two reasons."""
    reasons = [r.value.reason for r in RELEASE.results if isinstance(r.value, Suppressed)]
    assert RELEASE.primary_suppressed == reasons.count(Reason.TOO_FEW) > 0
    assert RELEASE.complementary_suppressed == reasons.count(Reason.PROTECTS_OTHERS) > 0


def test_a_wave_hardly_anybody_answered_shows_nothing() -> None:
    """Below ten ballots in all, every score is withheld and no verdict is given."""
    release = suppressed_release()
    assert all(isinstance(result.value, Suppressed) for result in release.results)
    assert {verdict.verdict for verdict in release.verdicts} == {VerdictKind.CANNOT_TELL}


def test_shows_what_the_city_was_made_of() -> None:
    """The planted truth is recovered: consultation took the worry away in two departments only."""
    scores = {}
    for group in ("sanitation", "parks"):
        result = RELEASE.find(group, "sv1")
        assert result is not None
        assert isinstance(result.value, Published)
        scores[group] = result.value
    assert scores["sanitation"].low <= 60 <= scores["sanitation"].high
    assert scores["parks"].low <= 34 <= scores["parks"].high


def test_rates_come_from_rounded_ballots() -> None:
    """The response rate can be recomputed from what stands beside it."""
    for each in RELEASE.participation:
        if isinstance(each, Participation):
            assert each.rate == round(each.ballots / each.headcount, 2)
            assert each.ballots <= each.headcount


def test_readers_find_their_way() -> None:
    """Groups, children, results, verdicts and participation are found by id."""
    assert RELEASE.root.id == "city"
    assert RELEASE.group("parks").name == "Parks"
    assert [group.id for group in RELEASE.children("water")] == ["water-mains", "water-meters"]
    assert RELEASE.find("parks", "nothing") is None
    assert RELEASE.verdict("parks").group == "parks"
    assert isinstance(RELEASE.participation_of("parks"), Participation)
    with pytest.raises(KeyError):
        RELEASE.group("nowhere")


@pytest.mark.parametrize(
    ("group", "series"), [("parks", "us1.expect"), ("sanitation", "us1.experience")]
)
def test_the_headline_is_the_wording_most_people_answered(group: str, series: str) -> None:
    """Before first use the expectation speaks for a construct, afterwards the experience."""
    headline = RELEASE.headline(group, "usefulness")
    assert headline is not None
    assert headline.series == series


def test_the_headline_of_a_withheld_group_says_why() -> None:
    """A group without a published core question gives the reason; an unknown construct nothing."""
    headline = RELEASE.headline("sanitation-depot", "surveillance")
    assert headline is not None
    assert headline.value == Suppressed(Reason.TOO_FEW)
    assert RELEASE.headline("parks", "weather") is None


def test_other_rules_make_another_release() -> None:
    """A higher threshold withholds more."""
    strict = build_release(policy=Policy(k_scores=30, k_shares=30))
    assert strict.primary_suppressed > build_release().primary_suppressed


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"headcounts": CITY.headcounts[:-1]}, "Use the wave's cells"),
        ({"groups": build_inputs().groups[:-1]}, "groups are described"),
        ({"lattice": Lattice(("a",), ("A",), (-1,), np.ones((1, 2), np.bool_))}, "the lattice 2"),
        ({"wave": replace(build_inputs().wave, number=0)}, "numbered"),
    ],
)
def test_refuses_inputs_that_do_not_fit(change: dict[str, Any], words: str) -> None:
    """Shapes and wave numbers must agree; the message says what to mend."""
    inputs = build_inputs(wave=2)
    with pytest.raises(InputsError, match=words):
        make_release(replace_inputs(inputs, earlier=_earlier_waves(), **change))


def test_more_ballots_than_people_do_not_stop_a_release() -> None:
    """Newcomers and spare cards: the group has no rate and is named, all else is released."""
    inputs = build_inputs()
    few = CITY.headcounts.copy()
    few[0] = inputs.counts.ballots[0] - 2
    release = make_release(replace_inputs(inputs, headcounts=few))
    group = CITY.cells[0]
    assert release.over_headcount == (group,)
    assert release.participation_of(group) == Suppressed(Reason.UNKNOWN)
    assert release.group(group).headcount == few[0]
    result = release.find(group, "sv1")
    assert result is not None
    assert isinstance(result.value, Published)
    assert isinstance(release.participation_of("city"), Participation)
    assert decode_release(encode_release(release)) == release
    assert "over_headcount" not in json.loads(encode_release(RELEASE))


def test_small_crews_are_not_named_as_over_their_head_count() -> None:
    """That more than all of nine people voted would say that each of them did."""
    inputs = build_inputs()
    release = make_release(replace_inputs(inputs, headcounts=np.ones_like(CITY.headcounts)))
    assert all(release.group(group).headcount >= 10 for group in release.over_headcount)


def test_refuses_to_release_a_choice() -> None:
    """A choice has no score; naming it among the series is an error."""
    inputs = build_inputs()
    counts = draw_counts(CITY, 1, 1)
    choice = Series("js2", SeriesKind.CHOICE, (), 5, (), (), ())
    with pytest.raises(InputsError, match="leave out js2"):
        make_release(
            replace_inputs(
                inputs, counts=replace_inputs(counts, series=(choice, *counts.series[1:]))
            )
        )


def _earlier_waves() -> tuple[EarlierWave, ...]:
    first = build_inputs(wave=1)
    return (EarlierWave(counts=first.counts, release=make_release(first)),)
