"""Reading the text of a picture inside the process."""

import asyncio
import math
import threading
from collections.abc import Sequence
from typing import Final

import msgspec
from PIL import Image

from pratique.partners.ocr.engine import Engine, engine
from pratique.partners.ocr.order import in_rows
from pratique.partners.ocr.page import (
    TALL,
    Pixels,
    Quad,
    cut_out,
    framed,
    on_picture,
    size_of,
    turned,
)
from pratique.partners.pictures import LONGEST_SIDE, header, pixels
from pratique.privacy import Sensitive

SURE_ENOUGH: Final = 0.5
"""Below it a line is mostly a pattern or a logo."""
SURE: Final = 0.95
"""From here on nobody asks whether a page is upside down."""
MOST_SIDE: Final = 2048
SHORT_SIDE: Final = 1080
"""A long picture keeps as much of its short side: a scrolled screenshot would shrink to nothing."""
MOST_LINES: Final = 400
"""Of a page that has more, the largest are read."""
PROBES: Final = 4

_ONE_AT_A_TIME = threading.Lock()


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of text in a picture."""

    text: Sensitive[str]
    """What it says."""
    confidence: float
    """How sure the reader is, 0 to 1."""
    box: tuple[tuple[float, float], ...]
    """Its four corners in pixels of the picture at `reading_size`, from its first letter's upper left."""
    row: int
    """Number of its row, from 0; what stands side by side shares one."""


def read_lines(data: bytes) -> tuple[Line, ...]:
    """Return the lines of text in the picture *data*, in reading order; empty where there is none.

    Text may stand upside down or on its side, and Chinese may run down the page. Calls from several
    threads queue.

    Raises:
        Malformed: as of `sound_picture`.
        Unavailable: the reader is not installed.
        Tampered: a network is not the one that was chosen.
    """
    picture = pixels(data, reading_size(data))
    with _ONE_AT_A_TIME:
        return _lines(engine(), picture)


def reading_size(data: bytes) -> int:
    """Return the longest side at which the picture *data* is read.

    Raises:
        Malformed: as of `sound_picture`.
    """
    found = header(data)
    sides = sorted((found.width, found.height))
    return min(LONGEST_SIDE, max(MOST_SIDE, SHORT_SIDE * sides[1] // sides[0]))


async def read(data: bytes) -> tuple[Line, ...]:
    """Return `read_lines` of *data*, without holding up the event loop."""
    return await asyncio.to_thread(read_lines, data)


def recognised(lines: Sequence[Line]) -> str:
    """Return the text of *lines*: one row a line, two spaces between what stands side by side."""
    rows: dict[int, list[str]] = {}
    for line in lines:
        rows.setdefault(line.row, []).append(line.text.reveal())
    return "\n".join("  ".join(row) for row in rows.values())


def _lines(reader: Engine, picture: Image.Image) -> tuple[Line, ...]:
    page = framed(picture)
    quads = reader.find(page)
    quarters = 0
    if _lying(quads):
        quarters, page = 1, turned(page, 1)
        quads = reader.find(page)
    known = _probed(reader, page, quads)
    if known is None:
        quarters, page = quarters + 2, turned(page, 2)
        quads, known = reader.find(page), {}
    if len(quads) > MOST_LINES:
        largest = sorted(quads, key=lambda quad: -math.prod(size_of(quad)))
        quads, known = largest[:MOST_LINES], {}
    said = [
        known[index] if index in known else reader.read(cut_out(page, quad))
        for index, quad in enumerate(quads)
    ]
    kept = [index for index, (text, sure) in enumerate(said) if text and sure >= SURE_ENOUGH]
    order = in_rows([quads[index] for index in kept])
    return tuple(
        Line(
            text=Sensitive(said[index][0]),
            confidence=said[index][1],
            box=on_picture(quads[index], quarters, picture.size),
            row=row,
        )
        for row, members in enumerate(order)
        for index in (kept[member] for member in members)
    )


def _lying(quads: Sequence[Quad]) -> bool:
    """Say whether most of the text runs up or down the page."""
    tall = wide = 0.0
    for width, height in map(size_of, quads):
        tall += height if height >= TALL * width else 0.0
        wide += width if width >= TALL * height else 0.0
    return tall > wide


def _probed(
    reader: Engine, page: Pixels, quads: Sequence[Quad]
) -> dict[int, tuple[str, float]] | None:
    """Return what the longest lines say; None where they read better from the other side."""
    longest = sorted(range(len(quads)), key=lambda index: -size_of(quads[index])[0])[:PROBES]
    cuts = {index: cut_out(page, quads[index]) for index in longest}
    said = {index: reader.read(cut) for index, cut in cuts.items()}
    upright = sum(sure for _, sure in said.values())
    if upright >= SURE * len(cuts):
        return said
    other = sum(reader.read(turned(cut, 2))[1] for cut in cuts.values())
    return None if other > upright else said
