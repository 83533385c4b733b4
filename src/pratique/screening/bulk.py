"""Screening whole files: JSONL or Parquet in, JSONL or Parquet out, in bounded memory."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import BinaryIO, Protocol

import msgspec

from pratique.errors import Malformed, NotFound, Unavailable
from pratique.screening.results import Line, Result

FORMS = (".jsonl", ".parquet")
"""Ends of the names of files that hold many texts."""

LONGEST = 16_000_000
"""Bytes of a line, at most."""

BATCH = 1024
"""Rows of a Parquet file that are held at once."""

_SHAPE = 'each line is `{"id": …, "text": …}`'


class Sink(Protocol):
    """Where results go."""

    def write(self, result: Result) -> None:
        """Write one result."""
        ...


def read_lines(path: Path) -> Iterator[Line]:
    """Yield the texts of *path*, JSONL or Parquet with the columns `id` and `text`.

    Raises:
        NotFound: There is no such file.
        Malformed: A line is broken, or a column is missing; it is named.
        Unavailable: Parquet is not installed.
    """
    if not path.is_file():
        raise NotFound(f"there is no file {path}", hint="give a .jsonl or .parquet file")
    return _parquet(path) if path.suffix.lower() == ".parquet" else _jsonl(path)


@contextmanager
def results_to(path: Path | None, out: BinaryIO) -> Iterator[Sink]:
    """Open *path*, JSONL or Parquet by its name, for results; *out* where it is None.

    A file is there when all of it is written: what fails leaves none.

    Raises:
        Malformed: The name ends in neither.
        Unavailable: Parquet is not installed.
    """
    if path is None:
        yield _Lines(out)
        return
    if path.suffix.lower() not in FORMS:
        raise Malformed(
            f"`{path.suffix}` is no form of results", path=path, hint="use .jsonl or .parquet"
        )
    draft = path.with_name(f".{path.name}.new")
    try:
        if path.suffix.lower() == ".parquet":
            rows = _Rows(draft)
            yield rows
            rows.close()
        else:
            with draft.open("wb") as file:
                yield _Lines(file)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


class _Lines:
    """Results as lines of JSON."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, result: Result) -> None:
        self._file.write(result.line().encode() + b"\n")


class _Rows:
    """Results as rows of a Parquet file; every id is text."""

    def __init__(self, path: Path) -> None:
        self._arrow, self._parquet = _pyarrow()
        whole = self._arrow.int64()
        hit = {
            "rule": self._arrow.string(),
            "view": self._arrow.string(),
            "start": whole,
            "end": whole,
        }
        fields = {
            "id": self._arrow.string(),
            "action": self._arrow.string(),
            "hits": self._arrow.list_(self._arrow.struct(list(hit.items()))),
        }
        self._schema = self._arrow.schema(list(fields.items()))
        self._writer = self._parquet.ParquetWriter(str(path), self._schema)
        self._rows: list[Mapping[str, object]] = []

    def write(self, result: Result) -> None:
        self._rows.append(msgspec.to_builtins(result) | {"id": str(result.id)})
        if len(self._rows) >= 8 * BATCH:
            self._flush()

    def close(self) -> None:
        """Write what is left."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
            self._rows.clear()


def _jsonl(path: Path) -> Iterator[Line]:
    with path.open("rb") as file:
        for number, line in enumerate(_bounded(file, path), 1):
            if line.strip():
                try:
                    yield msgspec.json.decode(line, type=Line)
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    raise Malformed(str(error), path=path, line=number, hint=_SHAPE) from error


def _bounded(file: BinaryIO, path: Path) -> Iterable[bytes]:
    number = 0
    while line := file.readline(LONGEST + 1):
        number += 1
        if len(line) > LONGEST:
            raise Malformed(
                f"longer than {LONGEST:,} bytes", path=path, line=number, hint="part it"
            )
        yield line


def _parquet(path: Path) -> Iterator[Line]:
    arrow, parquet = _pyarrow()
    try:
        file = parquet.ParquetFile(str(path))
    except arrow.ArrowInvalid as error:
        raise Malformed(f"this is no Parquet file: {error}", path=path) from error
    with file:
        missing = [name for name in ("id", "text") if name not in file.schema_arrow.names]
        if missing:
            raise Malformed(
                f"there is no column `{missing[0]}`", path=path, hint="columns are `id` and `text`"
            )
        number = 0
        for batch in file.iter_batches(batch_size=BATCH, columns=["id", "text"]):
            for row in batch.to_pylist():
                number += 1
                try:
                    yield msgspec.convert(row, Line)
                except msgspec.ValidationError as error:
                    raise Malformed(str(error), path=path, line=number, hint=_SHAPE) from error


def _pyarrow() -> tuple[ModuleType, ModuleType]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise Unavailable(
            "Parquet needs the package `pyarrow`",
            hint="`pip install 'pratique[parquet]'`, or use JSONL",
        ) from error
    return pyarrow, pyarrow.parquet
