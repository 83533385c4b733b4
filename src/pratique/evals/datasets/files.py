"""Files of data sets: read whole, bounded, and with the line of whatever is broken."""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from pratique.errors import Malformed, NotFound

T = TypeVar("T")
Step = str | int

MAX_BYTES = 32 * 1024 * 1024
"""A file larger than this is refused before it is read: every sample is held in memory."""

_BYTE = re.compile(r"\(byte (\d+)\)|position (\d+)")
_PLACE = re.compile(r"(?P<what>.*?) - at `\$(?P<at>[^`]*)`")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class Document(Generic[T]):
    """A JSON file read as one record, which knows where each part of it stands."""

    path: Path
    """The file."""
    text: str
    """What it holds."""
    value: T
    """The record."""

    def malformed(self, message: str, *steps: Step) -> Malformed:
        """Return the error that *message* holds of what stands at *steps*, with its line."""
        return Malformed(message, path=self.path, line=_line_at(self.text, steps))


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line of *path*; only a line feed ends one.

    Raises:
        NotFound: there is no such file.
        Malformed: it is too large, not UTF-8, empty, or has an empty line.
    """
    whole = _text(path).removesuffix("\n")
    if not whole:
        raise Malformed("the file is empty", path=path, line=1)
    for number, line in enumerate(whole.split("\n"), 1):
        if not line.strip():
            raise Malformed("an empty line", path=path, line=number)
        yield number, line.removesuffix("\r")


def table(path: Path, least: int, most: int | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield number and columns of each line of the tab-separated *path*, spaces at their ends gone.

    Raises:
        NotFound, Malformed: as `lines`; also a line with fewer than *least* or more than *most*
            columns, or with an empty one.
    """
    for number, line in lines(path):
        columns = [column.strip() for column in line.split("\t")]
        if len(columns) < least or (most is not None and len(columns) > most):
            wanted = f"{least}" if least == most else f"at least {least}"
            raise Malformed(f"{len(columns)} columns, not {wanted}", path=path, line=number)
        if "" in columns:
            raise Malformed(f"column {columns.index('') + 1} is empty", path=path, line=number)
        yield number, columns


def records(path: Path, kind: type[T]) -> Iterator[tuple[int, T]]:
    """Yield number and record of each line of *path*, which holds one JSON object a line.

    Raises:
        NotFound, Malformed: as `lines`; also a line that is no such record.
    """
    for number, line in lines(path):
        try:
            record = msgspec.json.decode(line, type=kind)
        except (msgspec.DecodeError, RecursionError) as error:
            message = f"not a row of this set: {_said(error)}"
            raise Malformed(message, path=path, line=number) from None
        yield number, record


def document(path: Path, kind: type[T]) -> Document[T]:
    """Return the JSON file *path* as a record.

    Raises:
        NotFound: there is no such file.
        Malformed: it is too large, not UTF-8, or no such record; the error names the line.
    """
    text = _text(path)
    try:
        return Document(path, text, msgspec.json.decode(text, type=kind))
    except msgspec.ValidationError as error:
        found = _PLACE.search(str(error))
        line = _line_at(text, _steps(found["at"]) if found else ())
        raise Malformed(f"not this set's form: {error}", path=path, line=line) from None
    except (msgspec.DecodeError, RecursionError) as error:
        line = _line_of_byte(text, str(error))
        raise Malformed(f"not JSON: {_said(error)}", path=path, line=line) from None


def require_text(text: str, name: str, path: Path, line: int) -> str:
    """Return *text* without white space at its ends.

    Raises:
        Malformed: nothing is left of it.
    """
    if not text.strip():
        raise Malformed(f"`{name}` is empty", path=path, line=line)
    return text.strip()


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Malformed(f"larger than {MAX_BYTES} bytes", path=path, hint="split the file")
        with path.open("rb") as file:
            found = file.read(MAX_BYTES + 1).removeprefix(codecs.BOM_UTF8)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(
            f"no file `{path}`",
            hint="name the folder that holds one folder a data set; they do not come with the product",
        ) from None
    except IsADirectoryError:
        raise Malformed("a folder, not a file", path=path) from None
    if len(found) > MAX_BYTES:  # it grew meanwhile
        raise Malformed(f"larger than {MAX_BYTES} bytes", path=path, hint="split the file")
    try:
        return found.decode("utf-8")
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        raise Malformed("not UTF-8 text", path=path, line=line) from None


def _said(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _line_of_byte(text: str, message: str) -> int:
    """Return the line that a decoder's *message* speaks of; the last where it names no place."""
    found = _BYTE.search(message)
    data = text.encode("utf-8")
    return data.count(b"\n", 0, int(found[1] or found[2]) if found else len(data)) + 1


def _steps(at: str) -> tuple[Step, ...]:
    return tuple(name or int(index) for name, index in _STEP.findall(at))


def _line_at(text: str, steps: tuple[Step, ...]) -> int:
    """Return the line on which the value at *steps* begins in *text*, which is sound JSON."""
    place = _skipped(text, 0)
    for step in steps:
        try:
            place = _inside(text, place, step)
        except (ValueError, IndexError, RecursionError):
            break
    return text.count("\n", 0, place) + 1


def _inside(text: str, place: int, step: Step) -> int:
    """Return where the value at *step* begins in the object or list that begins at *place*."""
    decoder = json.JSONDecoder()
    index = 0
    while text[place] not in "]}":
        place = _skipped(text, place + 1)  # past the bracket or the comma
        key: object = index
        if isinstance(step, str):
            key, place = decoder.raw_decode(text, place)
            place = _skipped(text, _skipped(text, place) + 1)  # past the colon
        if key == step:
            return place
        place = _skipped(text, decoder.raw_decode(text, place)[1])
        index += 1
    raise IndexError(step)


def _skipped(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place
