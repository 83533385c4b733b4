"""A data set: samples read from a folder that an operator has, under the set's own licence.

Nothing of a set comes with the product. A broken row is an error that names file and line. A row
that cannot be a sample by its nature is left out, counted, and the reason told.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from pratique.errors import Malformed
from pratique.evals.scorers import SCORERS
from pratique.evals.suites import Sample

AGAIN = "asks the same as an earlier row"
"""Why a row is left out whose input was met before: it would weigh twice."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a set's files: a sample, or why it is none."""

    path: Path
    """File that it stands in."""
    line: int | None = None
    """Line that it stands on; None in files that were checked as one document."""
    sample: Sample | None = None
    """What was made of it."""
    left_out: str = ""
    """Why it cannot be a sample; empty where it is one."""


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """Rows that cannot be samples, for one reason."""

    why: str
    """The reason."""
    rows: int
    """How many they are."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a set's files came to: every row of them is counted in one of the two."""

    samples: tuple[Sample, ...]
    """The samples, in the files' order."""
    left_out: tuple[LeftOut, ...]
    """The other rows, by reason."""

    @property
    def rows(self) -> int:
        """Number of rows that the files have."""
        return len(self.samples) + sum(one.rows for one in self.left_out)


class Dataset(msgspec.Struct, frozen=True, kw_only=True):
    """A data set, or one way to use it."""

    id: str
    """Name; every sample's id begins with it."""
    about: str
    """What it measures, in one sentence."""
    licence: str
    """Licence of the data."""
    feature: str
    """Feature that it measures."""
    scorer: str
    """What compares an answer with its target: a name in `SCORERS`."""
    locale: str
    """Locale of the samples."""
    folder: str
    """Name of its folder in the operator's folder of data sets."""
    rows: Callable[[str, Path], Iterator[Row]]
    """Reads the set's folder: its id and the folder in, each row of the files out."""

    def load(self, folder: Path) -> Reading:
        """Return what the set comes to; *folder* is the operator's, with one folder a set.

        Raises:
            NotFound: a file of the set is missing.
            Malformed: a row is broken; the error names file and line.
        """
        samples: dict[bytes, Sample] = {}
        left_out: Counter[str] = Counter()
        for row in self.rows(self.id, folder / self.folder):
            if row.sample is None:
                left_out[row.left_out] += 1
                continue
            key = msgspec.json.encode(row.sample.input, order="sorted")
            if key in samples:
                left_out[AGAIN] += 1
                continue
            self._require_fitting(row.sample, row)
            samples[key] = row.sample
        reasons = (LeftOut(why=why, rows=rows) for why, rows in sorted(left_out.items()))
        return Reading(samples=tuple(samples.values()), left_out=tuple(reasons))

    def read(self, folder: Path) -> tuple[Sample, ...]:
        """Return the samples; see `load`."""
        return self.load(folder).samples

    def left_out(self, folder: Path) -> tuple[LeftOut, ...]:
        """Return how many rows are no samples, and why; see `load`."""
        return self.load(folder).left_out

    def _require_fitting(self, sample: Sample, row: Row) -> None:
        lack = SCORERS[self.scorer].fits(sample.target)
        if lack:
            message = f"the target does not fit scorer `{self.scorer}`: {lack}"
            raise Malformed(message, path=row.path, line=row.line)
