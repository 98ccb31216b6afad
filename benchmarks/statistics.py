"""Time, memory and digits of the ordinal models, beside statsmodels and, if installed, R.

Run with ``python -m benchmarks.statistics``. Answers have five categories and come from 30 units in
5 phases. Ours starts from people as well: counting them is part of its time. Each figure comes from
a process of its own; memory is what its peak rose to above the answers it was given (Linux only).
"""

import argparse
import multiprocessing
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.arrays import FloatArray, IntArray
from analysis.methods.mixed import MixedFit, fit_mixed
from analysis.methods.mixed_blocks import Block, block, crossed
from analysis.methods.mixed_effects import effects_against_average, fixed_effects
from analysis.methods.ordinal import OrdinalFit, fit_ordinal
from analysis.methods.ordinal_design import Design, factors
from analysis.methods.ordinal_predictions import combine, delta_limits

CUTS = np.array([-2.0, -0.7, 0.6, 2.0])
CATEGORIES, PHASES, UNITS = 5, 5, 30
KILOBYTE = 1024
R_SCRIPT = """
suppressMessages(library(ordinal))
d <- read.csv(file("stdin")); d <- d[d$n > 0, ]
d$y <- ordered(d$y); d$phase <- factor(d$phase); d$unit <- factor(d$unit)
one <- system.time(f <- clm(y ~ phase + unit, weights = n, data = d))[["elapsed"]]
two <- system.time(g <- clmm(y ~ phase + (1 | unit), weights = n, data = d))[["elapsed"]]
cat(one, as.numeric(logLik(f)), two, as.numeric(logLik(g)), format(coef(f), digits = 17))
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run measured, and the estimates it came to."""

    seconds: float
    cpu: float
    megabytes: float
    log_likelihood: float
    estimate: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class People:
    """Answers person by person."""

    unit: IntArray
    phase: IntArray
    answer: IntArray


def people(size: int) -> People:
    """Draw answers, the same for the same size."""
    rng = np.random.default_rng(size)
    unit, phase = rng.integers(0, UNITS, size), rng.integers(0, PHASES, size)
    attitude = rng.normal(0, 0.5, UNITS)[unit] + 0.15 * phase + rng.logistic(size=size)
    return People(unit, phase, np.digitize(attitude, CUTS).astype(np.int64))


def layout(units: int) -> tuple[Design, Design, Block, Block]:
    """Give the rows of a table: phases, phases and units, units, units by phase."""
    unit = [str(at) for at in np.repeat(np.arange(units), PHASES)]
    phase = [str(at) for at in np.tile(np.arange(PHASES), units)]
    both = factors({"phase": phase, "unit": unit})
    return (
        factors({"phase": phase}),
        both,
        block("unit", unit),
        crossed("unit x phase", unit, phase),
    )


def collapse(answers: People) -> IntArray:
    """Count people into units by phases and categories."""
    cell = (answers.unit * PHASES + answers.phase) * CATEGORIES + answers.answer
    return np.bincount(cell, minlength=UNITS * PHASES * CATEGORIES).reshape(-1, CATEGORIES)


def ours(size: int) -> Figures:
    """Fit phases and units by our cumulative link model."""
    answers, (_, both, _, _) = people(size), layout(UNITS)
    return measured(lambda: _ordinal(collapse(answers), both))


def ours_mixed(size: int) -> Figures:
    """Fit phases, and units by chance, by our mixed model."""
    answers, (phases, _, units, _) = people(size), layout(UNITS)
    return measured(lambda: _mixed(collapse(answers), phases, [units], 1))


def ours_mixed_quadrature(size: int) -> Figures:
    """Fit the same with nine nodes."""
    answers, (phases, _, units, _) = people(size), layout(UNITS)
    return measured(lambda: _mixed(collapse(answers), phases, [units], 9))


def hundred_units(per_cell: int) -> Figures:
    """Fit 100 units by chance."""
    phases, _, units, _ = layout(100)
    counts, _ = draw(100, per_cell, np.random.default_rng(3))
    return measured(lambda: _mixed(counts, phases, [units], 1))


def hundred_units_by_phase(per_cell: int) -> Figures:
    """Fit 100 units and 500 units by phase by chance."""
    phases, _, units, cells = layout(100)
    counts, _ = draw(100, per_cell, np.random.default_rng(3))
    return measured(lambda: _mixed(counts, phases, [units, cells], 1))


def ordered_model(size: int) -> Figures:
    """Fit phases and units by OrderedModel of statsmodels."""
    from statsmodels.miscmodels.ordinal_model import OrderedModel  # noqa: PLC0415 - its memory

    answers = people(size)
    columns = [answers.phase == at for at in range(1, PHASES)]
    columns += [answers.unit == at for at in range(1, UNITS)]
    design = np.stack(columns, axis=1).astype(np.float64)

    def fit() -> tuple[float, FloatArray]:
        result = OrderedModel(answers.answer, design, distr="logit").fit(
            method="bfgs", disp=False, maxiter=500
        )
        effects = np.asarray(result.params)[: design.shape[1]]
        assert np.isfinite(np.asarray(result.bse)).all()
        return float(result.llf), effects

    return measured(fit, times=1)


def measured(fit: Callable[[], tuple[float, FloatArray]], times: int = 5) -> Figures:
    """Give the median time of some fits, and how far memory rises."""
    before = memory("VmRSS", forget=True)
    walls, cpus = [], []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        log_likelihood, estimate = fit()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    rise = memory("VmHWM") - before
    wall, cpu = statistics.median(walls), statistics.median(cpus)
    return Figures(wall, cpu, rise, log_likelihood, tuple(estimate.tolist()))


def memory(line: str, *, forget: bool = False) -> float:
    """Give the megabytes of this process now (VmRSS) or at its peak (VmHWM), as Linux tells."""
    if forget:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return float(status.split(f"{line}:")[1].split()[0]) / KILOBYTE


def apart(run: Callable[[int], Figures], size: int) -> Figures:
    """Measure in a fresh process."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(run, size).result()


def draw(units: int, size: int, rng: np.random.Generator) -> tuple[IntArray, FloatArray]:
    """Draw counts with unit and unit-by-phase effects, and the units' effects."""
    phase, effects = np.tile(np.arange(PHASES), units), rng.normal(0, 0.5, units)
    attitude = 0.15 * phase + np.repeat(effects, PHASES) + rng.normal(0, 0.3, units * PHASES)
    below = 1 / (1 + np.exp(-(CUTS - attitude[:, None])))
    ends = np.zeros((attitude.size, 1))
    return rng.multinomial(size, np.diff(np.hstack([ends, below, ends + 1]))), effects


def coverage(units: int, size: int, runs: int) -> dict[str, float]:
    """Give how often 95 % limits hold the truth when units differ by phase by chance."""
    phases, both, unit, cells = layout(units)
    rng = np.random.default_rng(units + size)
    truth = 0.15 * np.arange(1, PHASES, dtype=np.float64)
    hits: dict[str, list[bool]] = {"phase, mixed": [], "phase, plain": [], "unit, mixed": []}
    for _ in range(runs):
        counts, effects = draw(units, size, rng)
        fit = fit_mixed(counts, phases, [unit, cells])
        plain = fit_ordinal(counts, both)
        assert isinstance(fit, MixedFit)
        contrasts = np.eye(fit.fixed.estimate.size)[CATEGORIES - 1 :]
        hits["phase, mixed"] += held(delta_limits(combine(contrasts, fixed_effects(fit))), truth)
        average = effects_against_average(fit, "unit")
        hits["unit, mixed"] += held(delta_limits(average), effects - float(effects.mean()))
        if isinstance(plain, OrdinalFit):
            phase = slice(CATEGORIES - 1, CATEGORIES - 1 + truth.size)
            reach = 1.96 * plain.standard_error[phase]
            limits = plain.estimate[phase] - reach, plain.estimate[phase] + reach
            hits["phase, plain"] += held(limits, truth)
    return {name: float(np.mean(each)) for name, each in hits.items()}


def held(limits: tuple[FloatArray, FloatArray], truth: FloatArray) -> list[bool]:
    """Say which limits contain the truth."""
    inside: list[bool] = ((limits[0] <= truth) & (truth <= limits[1])).tolist()
    return inside


def with_r(size: int) -> list[float]:
    """Let R fit the same counts: seconds and log-likelihoods of clm and clmm, coefficients."""
    counts = collapse(people(size))
    lines = ["y,phase,unit,n"]
    for (row, category), number in np.ndenumerate(counts):
        lines.append(f"{category},{row % PHASES},{row // PHASES},{number}")
    command = [shutil.which("Rscript") or "Rscript", "-e", R_SCRIPT]
    done = subprocess.run(
        command, input="\n".join(lines), text=True, capture_output=True, check=True
    )
    return [float(each) for each in done.stdout.split()]


def digits(one: FloatArray, other: FloatArray) -> float:
    """Give to how many digits two vectors agree at worst, relative to the largest number."""
    worst = float(np.abs(one - other).max() / np.abs(other).max())
    return float(-np.log10(max(worst, 1e-16)))


def show(name: str, size: int, figures: Figures) -> None:
    """Print one line."""
    print(
        f"{name:34} {size:>9,}  {figures.seconds:8.3f} s  {figures.cpu:8.3f} s CPU  "
        f"{figures.megabytes:7.1f} MB  log-likelihood {figures.log_likelihood:.9f}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rivals", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=300, help="runs of the coverage simulation")
    options = parser.parse_args()
    for size in options.sizes:
        own = apart(ours, size)
        show("cumulative link model", size, own)
        show("mixed, Laplace", size, apart(ours_mixed, size))
        show("mixed, 9 nodes", size, apart(ours_mixed_quadrature, size))
        if size in options.rivals:
            rival = apart(ordered_model, size)
            show("statsmodels OrderedModel", size, rival)
            effects = np.array(own.estimate[CATEGORIES - 1 :])
            print(
                f"    {rival.cpu / own.cpu:,.0f} times the CPU; its likelihood is "
                f"{own.log_likelihood - rival.log_likelihood:.1e} below ours; effects agree to "
                f"{digits(np.array(rival.estimate), effects):.1f} digits"
            )
        if shutil.which("Rscript"):
            clm_seconds, clm, clmm_seconds, clmm, *effects_r = with_r(size)
            agreed = digits(np.array(effects_r), np.array(own.estimate))
            print(f"    R clm on counts {clm_seconds:.3f} s, {clm:.9f}, {agreed:.1f} digits")
            print(f"    R clmm on counts {clmm_seconds:.3f} s, {clmm:.9f}")
    for per_cell in (25, 1000):
        show("100 units", per_cell * 500, apart(hundred_units, per_cell))
        show(
            "100 units, 500 units by phase", per_cell * 500, apart(hundred_units_by_phase, per_cell)
        )
    for units, per_cell in ((12, 25), (30, 10), (30, 25), (30, 100)) if options.runs else ():
        print(f"coverage, {units} units, {per_cell} answers per unit and phase:", end=" ")
        found = coverage(units, per_cell, options.runs)
        print(", ".join(f"{name} {share:.3f}" for name, share in found.items()))


def _ordinal(counts: IntArray, design: Design) -> tuple[float, FloatArray]:
    fit = fit_ordinal(counts, design)
    assert isinstance(fit, OrdinalFit)
    return fit.log_likelihood, fit.estimate


def _mixed(
    counts: IntArray, design: Design, blocks: list[Block], nodes: int
) -> tuple[float, FloatArray]:
    fit = fit_mixed(counts, design, blocks, nodes=nodes)
    assert isinstance(fit, MixedFit)
    assert not fit.at_zero
    return fit.log_likelihood, fit.estimate


if __name__ == "__main__":
    main()
