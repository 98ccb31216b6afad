"""Papers signed and checked per second on each library, and sealed ballots opened per second.

Run with ``python -m benchmarks.papers``. Two threads sign at the same time, since OpenSSL lets go
of the interpreter; ballots are opened in processes, as the count opens them.
"""

import argparse
import functools
import hashlib
import os
import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor

from backend.ballots.backends import open_private_key, self_test
from backend.ballots.catalogue import Catalogue
from backend.ballots.holders import HolderKey
from backend.ballots.sealing import (
    Contents,
    HalfOpenBallot,
    OpenBallot,
    Opened,
    SealedBallot,
    open_inner,
    open_outer,
    seal,
    together,
    without_copies,
)
from backend.ballots.signed_papers import check_paper, request_paper
from backend.ballots.signing import BACKENDS, make_private_key, sign_blinded
from tests.backend.ballots.wave_keys import a_catalogue, hr, key_id, paper_keys, union

ANSWERS = bytes(range(20))
SHARD = 5000


def per_second(act: Callable[[], object], seconds: float, threads: int = 1) -> float:
    """Repeat an act for some seconds in so many threads; give how often it was done a second."""
    begun = time.perf_counter()

    def repeat() -> int:
        done = 0
        while time.perf_counter() - begun < seconds:
            act()
            done += 1
        return done

    with ThreadPoolExecutor(threads) as pool:
        done = sum(pool.map(lambda _: repeat(), range(threads)))
    return done / (time.perf_counter() - begun)


def measure_papers(seconds: float) -> None:
    """Print how fast papers are made, signed and checked."""
    catalogue = a_catalogue()
    entry, der = catalogue.papers[0], paper_keys()[0].private
    request = request_paper(entry)
    row("key made, 2048 bit", per_second(make_private_key, seconds), "keys")
    row("paper asked for", per_second(lambda: request_paper(entry), seconds), "papers")
    for name in BACKENDS:
        row(f"self-test, {name}", per_second(functools.partial(self_test, name), seconds), "runs")
        key = open_private_key(der, name)
        for threads in (1, 2):
            sign = functools.partial(sign_blinded, key, request.blinded)
            rate = per_second(sign, seconds, threads)
            row(f"paper signed, {name}, {threads} thread{'s'[: threads - 1]}", rate, "papers")
    reply = sign_blinded(open_private_key(der), request.blinded)
    paper = request.finish(reply)
    assert check_paper(catalogue, paper) is entry
    row("paper finished", per_second(lambda: request.finish(reply), seconds), "papers")
    row("paper checked", per_second(lambda: check_paper(catalogue, paper), seconds), "papers")


def measure_ballots(number: int) -> None:
    """Print how fast ballots are sealed, and opened with both keys on all cores."""
    catalogue, id_ = a_catalogue(), key_id()
    with ProcessPoolExecutor() as pool:
        begun = time.perf_counter()
        sealing = functools.partial(_sealed_shard, catalogue, id_)
        starts = range(0, number, SHARD)
        sizes = [min(SHARD, number - start) for start in starts]
        shards = list(pool.map(sealing, starts, sizes))
        row("sealed twice, all cores", number / (time.perf_counter() - begun), "ballots")
        begun = time.perf_counter()
        half = _outer(pool, catalogue, hr(), shards)
        outer_seconds = time.perf_counter() - begun
        row("outer seal opened, all cores", number / outer_seconds, "ballots")
        begun = time.perf_counter()
        single = without_copies(half.ballots)
        parts = [single.ballots[start : start + SHARD] for start in starts]
        whole = together(list(pool.map(functools.partial(open_inner, union(), catalogue), parts)))
        inner_seconds = time.perf_counter() - begun
        row("inner seal opened, all cores", number / inner_seconds, "ballots")
    assert whole.ballots == (OpenBallot(id_, Contents(ANSWERS)),) * number
    assert not half.spoilt
    assert not whole.spoilt
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{number:,} ballots opened in {outer_seconds + inner_seconds:.1f} s on {os.cpu_count()} "
        f"cores; {len(shards[0][0].sealed)} bytes each; {memory:,.0f} MB in the main process"
    )


def row(what: str, rate: float, unit: str = "papers") -> None:
    """Print one figure."""
    print(f"{what:40}{rate:12,.1f} {unit}/s")


def _sealed_shard(catalogue: Catalogue, id_: bytes, start: int, size: int) -> list[SealedBallot]:
    nullifiers = [hashlib.sha256(b"%d" % n).digest() for n in range(start, start + size)]
    said = Contents(ANSWERS)
    return [SealedBallot(id_, n, seal(catalogue, said, id_, n)) for n in nullifiers]


def _outer(
    pool: Executor, catalogue: Catalogue, key: HolderKey, shards: Sequence[Sequence[SealedBallot]]
) -> Opened[HalfOpenBallot]:
    return together(list(pool.map(functools.partial(open_outer, key, catalogue), shards)))


def main() -> None:
    """Measure papers, then ballots."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--ballots", type=int, default=20_000)
    options = parser.parse_args()
    measure_papers(options.seconds)
    measure_ballots(options.ballots)


if __name__ == "__main__":
    main()
