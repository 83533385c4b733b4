"""Measuring on one suite or data set: figures without a bar, for a look at candidates."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from pratique.assessment.candidates import Offer, market_label_policy, read_packs
from pratique.errors import Malformed, NotFound
from pratique.evals.cells import Cell, cell_of
from pratique.evals.runs import Run
from pratique.evals.scorers import SCORERS
from pratique.evals.suites import Suite, SuiteFile, locales_of, read_suite, suites_of
from pratique.evals.suites import packaged as packaged_suites
from pratique.evals.trends import Trend, trends
from pratique.features.packs import Pack, find_packs
from pratique.features.packs import packaged as packaged_features
from pratique.partners.pool import Pool
from pratique.serving.guard import Guard, starter_guard
from pratique.serving.safeguards import guarded
from pratique.serving.variant import variant_of
from pratique.store.canonical import canonical, digest
from pratique.workspace.opened import Opened

_NORMAL = 1.959963984540054
"""Quantile of the normal distribution for 95 %."""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """One candidate on one suite: a share with its count and interval, and the field's metrics."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    suite: str
    """Suite or data set."""
    candidate: str
    """`partner/model`."""
    passed: float
    """Share of the drawn samples on which every check held and the target was met."""
    low: float
    """Lower end of its 95 % interval (Wilson 1927), for a number of samples fixed beforehand; where
    some share sources, for as many as they are worth (Miller 2024: errors by cluster)."""
    high: float
    """Upper end."""
    samples: int
    """Samples drawn, all outcomes included."""
    clusters: int | msgspec.UnsetType = msgspec.UNSET
    """Clusters that they came in; absent where every sample stands for itself."""
    of: int
    """Samples that there are."""
    calls: int
    """Calls made for them."""
    trends: tuple[Trend, ...]
    """The field's own metrics."""
    seconds_per_call: float
    """Mean time of a call here."""
    run_id: str
    """Run that it came from."""


class First:
    """Allocator that draws the first so many samples of every cell, whatever was kept of later ones."""

    def __init__(self, samples: int) -> None:
        self._samples = samples

    def pick(self, cells: Sequence[Cell]) -> Cell | None:
        """Return the first cell of which too few samples were drawn, or None."""
        return next((cell for cell in cells if cell.left and cell.draw() < self._samples), None)

    def observe(self, cell: Cell, passed: bool) -> None:
        """Take in a result: nothing follows from it."""


def suite_named(opened: Opened, name: str, data: Path | None) -> tuple[Suite, ...]:
    """Return the suite called *name* in each of its locales, or the data set of that name in *data*.

    Raises:
        NotFound: there is none, or its folder is not there.
        Malformed: a row is broken; the error names file and line.
    """
    if data is not None:
        return (_dataset(name, data),)
    folders = opened.workspace.content("suites", packaged_suites())
    for feature in _features(opened):
        if name in suites_of(folders, feature):
            pack = _pack(opened, feature)
            return tuple(
                read_suite(folders, name, locale, pack.input_schema)
                for locale in locales_of(folders, name, pack.locales)
            )
    from pratique.evals.datasets import DATASETS

    if name in DATASETS:
        raise NotFound(
            f"`{name}` is a data set, which does not come with the product",
            hint="`--data DIR` names the folder that holds one folder a data set",
        )
    hint = f"`pratique feature list` shows the suites; with `--data DIR`: {', '.join(DATASETS)}"
    raise NotFound(f"no suite `{name}`", hint=hint)


async def measure(
    opened: Opened,
    offered: Offer,
    suites: Sequence[Suite],
    samples: int,
    seed: int,
    progress: Callable[[Sequence[Cell]], None],
    guard: Guard | None = None,
) -> tuple[Measured, ...]:
    """Draw *samples* of each of *suites* for every candidate of *offered*, and say what came of them.

    Results are kept as they arrive; the same suite, seed and variant go on where they stopped.
    Requests and answers are screened by *guard*, else by the starter pack.
    """
    policy = market_label_policy(opened.workspace, offered.market)
    cells = [
        cell_of(
            variant_of(
                _pack(opened, suite.file.feature),
                one,
                offered.market.id,
                suite.locale,
                policy,
                offered.safeguards,
            ),
            suite,
            seed,
        )
        for suite in suites
        for one in offered.candidates
    ]
    pool = Pool(
        offered.partners,
        offered.market.id,
        accesses=opened.workspace.configuration.partners,
        folder=opened.workspace.folder,
    )
    run = Run(
        database=opened.database,
        models={one.name: pool.connected(one) for one in offered.candidates},
        allocator=First(samples),
        clock=opened.clock,
        deadline=opened.workspace.configuration.serve.deadline_seconds,
        progress=progress,
        guard=guarded(guard or starter_guard(), pool, offered.safeguards),
    )
    try:
        await run.finish(cells)
    finally:
        await pool.close()
    return tuple(_measured(_first(cell, samples)) for cell in cells)


def _first(cell: Cell, samples: int) -> Cell:
    """Return *cell* with its first *samples* only: how many more were kept may follow from results."""
    kept = {at: result for at, result in sorted(cell.results.items()) if at < samples}
    return replace(cell, results=kept)


def _measured(cell: Cell) -> Measured:
    results = list(cell.results.values())
    passed, count = sum(one.passed for one in results), len(results)
    clusters: dict[tuple[str, str], list[bool]] = {}
    for at, one in cell.results.items():
        clusters.setdefault(cell.order[at].source, []).append(one.passed)
    worth = samples_worth(list(clusters.values()))
    low, high = wilson(passed * worth / count, worth)
    return Measured(
        feature=cell.key.feature,
        locale=cell.key.locale,
        suite=cell.suite.id,
        candidate=cell.key.candidate,
        passed=passed / count,
        low=low,
        high=high,
        samples=count,
        clusters=len(clusters) if cell.clusters else msgspec.UNSET,
        of=len(cell.order),
        calls=sum(one.asked for one in results),
        trends=trends(cell),
        seconds_per_call=sum(one.seconds for one in results) / count,
        run_id=cell.key.id,
    )


def samples_worth(clusters: Sequence[Sequence[bool]]) -> float:
    """Return how many samples of their own say as much as those in *clusters*; no more than they are.

    By the variance of the share over clusters beside that over samples (Miller 2024, arXiv
    2411.00640; Kish 1965). Where all passed or none did, a cluster is worth one sample.
    """
    count, samples = len(clusters), sum(len(one) for one in clusters)
    if count == samples:
        return float(samples)
    share = sum(sum(one) for one in clusters) / samples
    if share in (0.0, 1.0) or count < 2:
        return float(count)
    apart = sum((sum(one) - share * len(one)) ** 2 for one in clusters)
    variance = apart * count / (count - 1) / samples**2
    return min(samples, share * (1 - share) / variance) if variance else float(samples)


def wilson(passed: float, count: float) -> tuple[float, float]:
    """Return the 95 % interval of a share of *passed* among *count* > 0 (Wilson 1927)."""
    share, square = passed / count, _NORMAL * _NORMAL
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = (
        _NORMAL
        * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
        / (1 + square / count)
    )
    # At 0 and 1 an end is the share itself, which rounding may miss.
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))


def _dataset(name: str, data: Path) -> Suite:
    from pratique.evals.datasets import DATASETS  # loaded by those who have one

    found = DATASETS.get(name)
    if found is None:
        raise NotFound(f"no data set `{name}`", hint=f"known: {', '.join(DATASETS)}")
    samples = found.read(data)
    if not samples:
        raise Malformed(f"`{name}` has no samples", path=data / found.folder)
    file = SuiteFile(
        feature=found.feature,
        scorer=found.scorer,
        revision=SCORERS[found.scorer].revision,
        origin=f"{found.about} Licence: {found.licence}",
    )
    sealed = digest(canonical([msgspec.to_builtins(file), msgspec.to_builtins(samples)]))
    return Suite(id=name, file=file, locale=found.locale, samples=samples, digest=sealed)


def _features(opened: Opened) -> list[str]:
    return list(find_packs(opened.workspace.content("features", packaged_features())))


def _pack(opened: Opened, feature: str) -> Pack:
    (pack,) = read_packs(opened.workspace, [feature])
    return pack
