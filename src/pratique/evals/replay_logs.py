"""Logs of results by sample: a column `item`, and one column a model."""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pratique.errors import Malformed, NotFound

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scale:
    """What the scores of a log can be."""

    low: float
    """Smallest possible score, in the log's unit."""

    high: float
    """Largest possible score, in the log's unit."""

    lower_is_better: bool = False
    """True for penalties: then `low` is the best score."""

    def share(self, score: float) -> float:
        """Return *score* as a share of the scale, 1 the best."""
        share = (score - self.low) / (self.high - self.low)
        return 1.0 - share if self.lower_is_better else share


@dataclass(frozen=True, slots=True)
class Log:
    """Results of several models on the same items."""

    path: Path
    """The file they are from."""

    models: tuple[str, ...]
    """Names, in the order of the columns."""

    scores: Floats
    """Items by models, as shares of the scale, 1 the best; not a number where not run."""

    clusters: NDArray[np.intp] | None = None
    """Number of each item's cluster; None where every item stands for itself."""
    columns: tuple[str, ...] = ()
    """Every column of the file, models or not; empty where it is from no file."""


def read_scale(text: str, lower_is_better: bool) -> Scale:
    """Return the scale that `LOW:HIGH` states."""
    low, colon, high = text.partition(":")
    try:
        scale = Scale(float(low), float(high), lower_is_better)
    except ValueError:
        scale = Scale(math.nan, math.nan)
    if not (colon and scale.low < scale.high and math.isfinite(scale.high - scale.low)):
        raise Malformed(f"scale `{text}` is not LOW:HIGH", hint="state it as `0:1` or `0:25`")
    return scale


def read_log(path: Path, scale: Scale, skip: tuple[str, ...] = (), cluster: str = "") -> Log:
    """Return the log in *path*; every cell that cannot be a score is refused with its place.

    Columns in *skip* are no models; a log need not have them all. *cluster* is the column that says
    which items share a source; an item with an empty cell there stands for itself.
    """
    if not path.is_file():
        raise NotFound(f"no log `{path}`", hint="name a CSV file with a column `item`")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        columns = next(reader, [])
        _check_columns(path, columns, skip, cluster)
        skip = (*skip, cluster)
        taken = [n for n, name in enumerate(columns) if name != "item" and name not in skip]
        key = columns.index("item")
        seen: dict[str, int] = {}
        rows: list[list[float]] = []
        shared: list[tuple[str, str]] = []
        for cells in reader:
            line = reader.line_num
            if len(cells) != len(columns):
                raise Malformed(
                    f"{len(cells)} cells under {len(columns)} columns",
                    hint="give every row a cell for each column, empty where not run",
                    path=path,
                    line=line,
                )
            if cells[key] in seen:
                raise Malformed(
                    f"item `{cells[key]}` is already in line {seen[cells[key]]}",
                    hint="an item has one row; put repeats together as their mean",
                    path=path,
                    line=line,
                )
            seen[cells[key]] = line
            if cluster:
                named = cells[columns.index(cluster)].strip()
                shared.append((named, "") if named else ("", cells[key]))
            rows.append([_score(cells[n], columns[n], path, line, scale) for n in taken])
    if len(rows) < 2:
        raise Malformed(f"{len(rows)} items", hint="a log has two items or more", path=path)
    models = tuple(columns[n] for n in taken)
    return Log(
        path,
        models,
        np.array(rows, dtype=np.float64),
        _numbered(shared, path, cluster),
        tuple(columns),
    )


def _numbered(shared: list[tuple[str, str]], path: Path, cluster: str) -> NDArray[np.intp] | None:
    """Return the number of each item's cluster, or None without a column of them."""
    if not cluster:
        return None
    numbers = {name: n for n, name in enumerate(dict.fromkeys(shared))}
    if len(numbers) < 2:
        raise Malformed(
            f"all items share one source in column `{cluster}`",
            hint="clusters are what is drawn: a decision takes two or more",
            path=path,
        )
    return np.array([numbers[name] for name in shared], dtype=np.intp)


def _check_columns(path: Path, columns: list[str], skip: tuple[str, ...], cluster: str) -> None:
    if "item" not in columns:
        raise Malformed("no column `item`", hint="name the column of the items `item`", path=path)
    twice = {name for name in columns if columns.count(name) > 1}
    if twice:
        raise Malformed(
            f"two columns `{min(twice)}`", hint="give every model its own name", path=path
        )
    if cluster and cluster not in columns:
        raise Malformed(
            f"no column `{cluster}`", hint=f"columns: {', '.join(columns[:20])}", path=path
        )
    models = len(set(columns) - {"item", cluster, *skip})
    if models < 1:
        raise Malformed("no model's column is left", hint="skip fewer columns", path=path)


def _score(cell: str, column: str, path: Path, line: int, scale: Scale) -> float:
    """Return a cell as a share of the scale; not a number where it is empty."""
    if not cell.strip():
        return math.nan
    try:
        score = float(cell)
    except ValueError:
        score = math.nan
    if math.isnan(score):
        raise Malformed(
            f"`{cell}` in column `{column}` is no number",
            hint=f"if `{column}` is no model, leave it out with --skip",
            path=path,
            line=line,
        )
    if not scale.low <= score <= scale.high:
        raise Malformed(
            f"{cell} in column `{column}` is outside the scale {scale.low:g}:{scale.high:g}",
            hint=f"state the scale of the scores, or leave `{column}` out with --skip",
            path=path,
            line=line,
        )
    return min(1.0, max(0.0, scale.share(score)))
