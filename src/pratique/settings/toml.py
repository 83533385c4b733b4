"""Typed TOML files: one clear error with file, line and the nearest known name."""

import difflib
import re
import tomllib
import types
import typing
from pathlib import Path
from typing import TypeVar

import msgspec

from pratique.errors import Malformed, NotFound

T = TypeVar("T")

MAX_BYTES = 1_000_000
"""A settings file larger than this is refused before it is read."""

_UNKNOWN = re.compile(r"unknown field `(?P<key>[^`]+)`(?: - at `(?P<at>[^`]+)`)?")
_PLACE = re.compile(r"(?P<what>.*?) - at `(?P<at>[^`]+)`")
_STEP = re.compile(r"\.(\w[\w-]*)|\[(\d+|\.\.\.)\]")


def read_toml(path: Path, kind: type[T]) -> T:
    """Return the file at *path* as a *kind*, a msgspec record.

    Raises:
        NotFound: there is no such file.
        Malformed: it is no TOML, too large, or has an unknown key, a missing key or a wrong type.
    """
    return parse_toml(_text(path), kind, path)


def parse_toml(text: str, kind: type[T], path: Path) -> T:
    """Return *text*, which came from *path*, as a *kind* (see `read_toml`)."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else None
        raise Malformed(f"not TOML: {error}", path=path, line=line) from None
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise _explained(str(error), text, kind, path) from None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Malformed(f"larger than {MAX_BYTES} bytes", path=path)
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFound(
            f"no file `{path}`", hint="`pratique init DIR` writes a workspace with every file"
        ) from None
    except UnicodeDecodeError:
        raise Malformed("not UTF-8 text", path=path, hint="save the file as UTF-8") from None


def _explained(message: str, text: str, kind: object, path: Path) -> Malformed:
    """Turn msgspec's *message* into an error with the line and, for an unknown key, the nearest."""
    unknown = _UNKNOWN.search(message)
    if unknown:
        steps = _steps(unknown["at"] or "")
        near = difflib.get_close_matches(unknown["key"], _keys(kind, steps), n=1, cutoff=0.5)
        known = ", ".join(f"`{key}`" for key in sorted(_keys(kind, steps)))
        hint = f"did you mean `{near[0]}`?" if near else f"known here: {known}"
        line = _line(text, [*steps, unknown["key"]])
        return Malformed(f"unknown key `{unknown['key']}`", hint=hint, path=path, line=line)
    place = _PLACE.search(message)
    if place:
        steps = _steps(place["at"])
        name = ".".join(str(step) for step in steps)
        where = f" at `{name}`" if name else ""
        what = _plain(place["what"])
        hint = _remedy(what, _at(kind, steps))
        return Malformed(what + where, hint=hint, path=path, line=_line(text, steps))
    return Malformed(_plain(message), path=path)


def _remedy(what: str, kind: object) -> str:
    """Return how a value of *kind* is written, where *what* is wrong of it leaves that open."""
    if what.startswith("Invalid enum value"):
        choices = [
            str(one)
            for option in _options(kind)
            if typing.get_origin(option) is typing.Literal
            for one in typing.get_args(option)
        ]
        return f"one of {', '.join(f'`{one}`' for one in choices)}" if choices else ""
    if "`datetime" in what or "RFC3339 encoded datetime" in what:
        return "write a moment with its zone and without quotes, as 2027-03-31T09:00:00Z"
    if "`date" in what or "RFC3339 encoded date" in what:
        return "write a day without quotes, as 2027-03-31"
    if what.startswith("expected `array`"):
        return 'write a list, as ["…"]'
    return ""


def _at(kind: object, steps: list[str | int]) -> object:
    for step in steps:
        kind = _inside(kind, step)
    return kind


def _plain(message: str) -> str:
    return message.replace("Object missing required field", "missing key").replace(
        "Expected", "expected"
    )


def _steps(at: str) -> list[str | int]:
    """Split msgspec's `$.a[0].b` into its steps."""
    found = _STEP.findall(at)
    return [name if name else (int(index) if index.isdigit() else 0) for name, index in found]


def _keys(kind: object, steps: list[str | int]) -> list[str]:
    """Return the keys known at *steps* below *kind*; nothing where the type is not a record."""
    for step in steps:
        kind = _inside(kind, step)
    for option in _options(kind):
        if isinstance(option, type) and issubclass(option, msgspec.Struct):
            return list(option.__struct_encode_fields__)
    return []


def _options(kind: object) -> tuple[object, ...]:
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return typing.get_args(kind)
    return (kind,)


def _inside(kind: object, step: str | int) -> object:
    for option in _options(kind):
        if isinstance(option, type) and issubclass(option, msgspec.Struct):
            for field in msgspec.structs.fields(option):
                if field.encode_name == step:
                    return field.type
        arguments = [a for a in typing.get_args(option) if a is not Ellipsis]
        if arguments:
            return arguments[-1]  # of a list, of a tuple or of a mapping's values
    return None


def _line(text: str, steps: list[str | int]) -> int | None:
    """Return the line on which the last named step most likely stands, or None.

    tomllib keeps no positions, so the key is looked for below its table's header.
    """
    if not any(isinstance(step, str) for step in steps):
        return None
    lines = text.splitlines()
    start = 0
    last = max(n for n, step in enumerate(steps) if isinstance(step, str))
    for number, name in enumerate(steps[:last]):
        following = steps[number + 1]
        if isinstance(name, str):
            nth = following if isinstance(following, int) else 0
            start = _header(lines, start, name, nth)
    key = re.compile(rf"(^\s*|[{{,]\s*|\[.*)\"?{re.escape(str(steps[last]))}\"?\s*[=.\]]")
    found = next((n for n in range(start, len(lines)) if key.search(lines[n])), None)
    return None if found is None else found + 1


def _header(lines: list[str], start: int, name: str, nth: int) -> int:
    """Return the line of the *nth* table or key called *name* from *start* on, or *start*."""
    header = re.compile(rf"^\s*\[+.*\b{re.escape(name)}\b.*\]+|^\s*\"?{re.escape(name)}\"?\s*=")
    found = [n for n in range(start, len(lines)) if header.match(lines[n])]
    return found[min(nth, len(found) - 1)] if found else start
