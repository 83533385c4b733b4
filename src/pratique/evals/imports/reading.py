"""Reading logs of others: bounded in size and depth, finite numbers only, each refusal with its line."""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

from pratique.errors import Malformed, NotFound, Unavailable

MAX_BYTES = 512 * 1024 * 1024
"""Most bytes of one log, on the disk and unpacked."""

MAX_DEPTH = 100
"""Deepest nesting of one JSON document; the tools' own stay under 30."""

Json = Mapping[str, object]
"""One JSON object."""


def read_bytes(path: Path) -> bytes:
    """Return the bytes of *path*.

    Raises:
        NotFound: it is no file.
        Malformed: it is larger than `MAX_BYTES`.
        Unavailable: it cannot be read.
    """
    if not path.is_file():
        raise NotFound(f"no log `{path}`", hint="name the file that the tool wrote")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unavailable(f"cannot read `{path}`: {error.strerror}") from None
    if len(data) > MAX_BYTES:
        raise Malformed(f"larger than {MAX_BYTES} bytes", path=path, hint="split it by task")
    return data


def document(data: bytes, path: Path, where: str = "", line: int | None = None) -> object:
    """Return the JSON document in *data*, which came from *path* (its member *where*).

    Raises:
        Malformed: it is no JSON, is nested too deeply, names a key twice, or has a number
            that is not finite.
    """
    place = f"`{where}`: " if where else ""
    try:
        text = data.decode("utf-8")
        _require_shallow(text)
        return json.loads(
            text, parse_constant=_no_number, object_pairs_hook=_unique, parse_float=_finite
        )
    except UnicodeDecodeError:
        reason = "is not UTF-8"
    except RecursionError:
        reason = "is nested too deeply"
    except ValueError as error:
        reason = f"is no log: {error}"
    raise Malformed(f"{place}{reason}", path=path, line=line, hint="export it anew with the tool")


def objects(data: bytes, path: Path) -> Iterator[tuple[int, Json]]:
    """Yield each line of a JSONL file with its number; empty lines hold nothing.

    Raises:
        Malformed: a line is no JSON object.
    """
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            yield number, mapping(document(line, path, line=number), "line", path, number)


def mapping(value: object, name: str, path: Path, line: int | None = None) -> Json:
    """Return *value*, called *name*, as an object.

    Raises:
        Malformed: it is none.
    """
    if not isinstance(value, dict):
        raise Malformed(
            f"`{name}` is {_kind(value)}, not an object", path=path, line=line, hint=_HINT
        )
    return value


def sequence(value: object, name: str, path: Path, line: int | None = None) -> list[object]:
    """Return *value*, called *name*, as a list.

    Raises:
        Malformed: it is none.
    """
    if not isinstance(value, list):
        raise Malformed(f"`{name}` is {_kind(value)}, not a list", path=path, line=line, hint=_HINT)
    return value


def name_of(value: object, name: str, path: Path, line: int | None = None) -> str:
    """Return *value*, a text or a whole number called *name*, as text.

    Raises:
        Malformed: it is neither, or empty.
    """
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise Malformed(f"`{name}` is {_kind(value)}, not a name", path=path, line=line, hint=_HINT)
    return str(value)


def number(value: object, name: str, path: Path, line: int | None = None) -> float:
    """Return *value*, called *name*, as a finite number; yes is 1 and no is 0.

    Raises:
        Malformed: it is none.
    """
    if isinstance(value, bool | int | float):
        try:
            found = float(value)
        except OverflowError:
            found = math.inf
        if math.isfinite(found):
            return found
    raise Malformed(f"`{name}` is {_kind(value)}, not a number", path=path, line=line, hint=_HINT)


_HINT = "export it anew with the tool, or name another score with `--metric`"


def _kind(value: object) -> str:
    return "missing" if value is None else f"of type {type(value).__name__}"


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"`{text}` is no number")


def _finite(text: str) -> float:
    found = float(text)
    if not math.isfinite(found):
        raise ValueError(f"`{text[:20]}` is too large a number")
    return found


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"key `{twice[:80]}` stands there twice")
    return found


def _require_shallow(text: str) -> None:
    """Refuse deep nesting before the parser meets it; brackets inside texts do not count."""
    depth = 0
    # Texts are cut out by their quotes; an escaped quote or backslash is no end of one.
    pieces = text.replace("\\\\", "").replace('\\"', "").split('"')[::2]
    for piece in pieces:
        for character in piece:
            if character in "[{":
                depth += 1
                if depth > MAX_DEPTH:
                    raise RecursionError
            elif character in "]}":
                depth -= 1
