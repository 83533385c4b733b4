"""Pictures of samples: files beside a suite, put into the requests that they belong to."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from pratique.errors import Malformed
from pratique.evals.scorers.target import Event

MOST_BYTES = 8 * 1024 * 1024
"""A file larger than this is no sample."""
_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


class Pictured(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One picture that was rendered, with what stands in it: a line of `pictures.jsonl`."""

    id: str
    """Name of the picture."""
    file: str
    """Its file, beside the list."""
    kind: str
    """What it looks like: a poster, a ticket, a chat."""
    locale: str
    """Locale of its text."""
    lines: tuple[str, ...]
    """Its lines, from top to bottom."""
    events: tuple[Event, ...]
    """The events in it."""
    category: tuple[str, ...]
    """The categories that are right for it."""
    today: str
    """The day on which it is looked at."""
    conditions: tuple[str, ...]
    """What makes it hard to read."""


def pictured(folder: Path) -> Iterator[tuple[int, Pictured]]:
    """Yield each picture that the list in *folder* names, with its line.

    Raises:
        Malformed: a line is broken; the error names file and line.
    """
    path = folder / "pictures.jsonl"
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            yield number, msgspec.json.decode(line, type=Pictured)
        except msgspec.DecodeError as error:
            raise Malformed(f"not a picture: {error}", path=path, line=number) from None


def image_of(path: Path) -> dict[str, str]:
    """Return the picture at *path* as a request holds it.

    Raises:
        Malformed: there is no such file, it is too large, or its name says no known type.
    """
    if path.suffix not in _TYPES or not path.is_file() or path.stat().st_size > MOST_BYTES:
        raise Malformed(
            f"`{path.name}` is no picture of at most {MOST_BYTES} bytes", path=path.parent
        )
    return {"media_type": _TYPES[path.suffix], "data": b64encode(path.read_bytes()).decode()}


def with_picture(given: Mapping[str, object], folder: Path) -> Mapping[str, object]:
    """Return the input of a sample with the file that it names in the place of the name.

    Raises:
        Malformed: the file is none (see `image_of`).
    """
    image = given.get("image")
    if not isinstance(image, Mapping) or "file" not in image:
        return given
    return {**given, "image": image_of(folder / str(image["file"]))}
