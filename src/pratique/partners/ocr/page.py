"""A page under the reader: its margin, its turns, and the lines cut out of it."""

from collections.abc import Iterator
from typing import Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

Pixels: TypeAlias = NDArray[np.uint8]
"""Rows of pixels, blue first."""
Quad: TypeAlias = NDArray[np.float32]
"""Four corners of a line, clockwise from the upper left."""

MARGIN: Final = 24
"""Lines that touch the edge are not found without one."""
TALL: Final = 1.5
"""So many times as high as wide, a line runs down the page."""
LONG: Final = 3.0
"""So many times as high as wide, a page is looked at by windows."""


def framed(picture: Image.Image) -> Pixels:
    """Return *picture* within a margin in the colour of its corners."""
    array = np.asarray(picture)
    corners = np.stack([array[0, 0], array[0, -1], array[-1, 0], array[-1, -1]])
    red, green, blue = (int(value) for value in np.median(corners, axis=0))
    page = ImageOps.expand(picture, MARGIN, fill=(red, green, blue))
    return np.ascontiguousarray(np.asarray(page)[:, :, ::-1])


def turned(page: Pixels, quarters: int) -> Pixels:
    """Return *page* turned to the left by *quarters* of a full turn."""
    return np.ascontiguousarray(np.rot90(page, quarters))


def scaled(page: Pixels, scale: float) -> Pixels:
    """Return *page* larger or smaller."""
    import cv2

    if scale == 1:
        return page
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cast(Pixels, cv2.resize(page, None, fx=scale, fy=scale, interpolation=way))


def narrowed(cut: Pixels, width: int) -> Pixels:
    """Return *cut* at another width."""
    import cv2

    return cast(Pixels, cv2.resize(cut, (width, cut.shape[0]), interpolation=cv2.INTER_AREA))


def windows(page: Pixels) -> Iterator[tuple[range, Pixels]]:
    """Yield the rows and pixels of windows that cover *page* and overlap; one, unless it is long."""
    height, width = page.shape[:2]
    if height <= LONG * width:
        yield range(height), page
        return
    step, size = round(1.5 * width), 2 * width
    for top in range(0, max(1, height - size + step), step):
        rows = range(top, min(height, top + size))
        yield rows, page[rows.start : rows.stop]


def whole(quad: Quad, window: range, height: int) -> bool:
    """Say whether a line found in *window* is not cut by an edge that only the window has."""
    top, bottom = float(quad[:, 1].min()), float(quad[:, 1].max())
    return (top > 3 or window.start == 0) and (bottom < len(window) - 4 or window.stop == height)


def once(quads: list[Quad]) -> list[Quad]:
    """Return *quads* without those whose middle lies in an earlier one of much the same size."""
    kept: list[Quad] = []
    for quad in quads:
        middle = quad.mean(axis=0)
        width, height = size_of(quad)
        for other in kept:
            across, down = np.abs(other.mean(axis=0) - middle)
            if across < width / 4 and down < height / 2:
                break
        else:
            kept.append(quad)
    return kept


def sorted_corners(quad: Quad) -> Quad:
    """Return the corners clockwise from the upper left."""
    by_sum, by_difference = quad.sum(axis=1), quad[:, 1] - quad[:, 0]
    order = [
        int(by_sum.argmin()),
        int(by_difference.argmin()),
        int(by_sum.argmax()),
        int(by_difference.argmax()),
    ]
    return quad[order] if len(set(order)) == 4 else quad


def size_of(quad: Quad) -> tuple[float, float]:
    """Return width and height of a line."""
    across = max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[3] - quad[2]))
    down = max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2]))
    return float(across), float(down)


def cut_out(page: Pixels, quad: Quad) -> Pixels:
    """Return a line as a picture of its own; one that runs down the page is laid down."""
    import cv2

    width, height = (max(2, round(side)) for side in size_of(quad))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    cut = cv2.warpPerspective(
        page,
        cv2.getPerspectiveTransform(quad, target),
        (width, height),
        borderMode=cv2.BORDER_REPLICATE,
        flags=cv2.INTER_CUBIC,
    )
    return turned(cast(Pixels, cut), 1 if height >= TALL * width else 0)


def on_picture(quad: Quad, quarters: int, size: tuple[int, int]) -> tuple[tuple[float, float], ...]:
    """Return the corners on the picture of *size* as it was before it was framed and turned."""
    width, height = (side + 2 * MARGIN for side in size)
    turns = {
        0: lambda x, y: (x, y),
        1: lambda x, y: (width - y, x),
        2: lambda x, y: (width - x, height - y),
        3: lambda x, y: (y, height - x),
    }
    corners = (turns[quarters](float(x), float(y)) for x, y in quad)
    return tuple((_within(x - MARGIN, size[0]), _within(y - MARGIN, size[1])) for x, y in corners)


def _within(value: float, most: int) -> float:
    return round(min(max(value, 0.0), float(most)), 1)
