"""The engine that finds and reads lines: RapidOCR on ONNX Runtime, one thread, no network."""

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from pratique.errors import Tampered, Unavailable
from pratique.partners.ocr.page import (
    Pixels,
    Quad,
    narrowed,
    once,
    scaled,
    sorted_corners,
    whole,
    windows,
)

NETWORKS: Final = {
    "PP-OCRv6_det_small.onnx": "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    "PP-OCRv6_rec_small.onnx": "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
}
"""What finds and what reads lines, by SHA-256; they come with the package."""
LONGEST_SIDE: Final = 1600
"""Of the copy that lines are looked for on; they are read off the page itself."""
SHORTEST_SIDE: Final = 640
"""A smaller page is enlarged for looking, up to the longest side."""
LONGEST_LINE: Final = 80
"""So many times as long as high at most: what a line costs grows with the square of it."""


class _Found(Protocol):
    """What RapidOCR answers when it looks for lines."""

    boxes: NDArray[np.float32] | None


class _Read(Protocol):
    """What RapidOCR answers when it reads one line."""

    txts: tuple[str, ...] | None
    scores: Sequence[float]


class _Rapid(Protocol):
    """The part of `rapidocr.RapidOCR` that is used here."""

    def __call__(
        self, img_content: Pixels, use_det: bool, use_cls: bool, use_rec: bool
    ) -> object: ...


class Engine:
    """A loaded engine; for one thread at a time."""

    def __init__(self, rapid: _Rapid) -> None:
        self._rapid = rapid

    def find(self, page: Pixels) -> list[Quad]:
        """Return where lines are on *page*; a long one, such as a scrolled screenshot, by windows."""
        found = []
        for place, window in windows(page):
            found += [
                quad + np.array([0, place.start], dtype=np.float32)
                for quad in self._find(window)
                if whole(quad, place, page.shape[0])
            ]
        return once(found)

    def _find(self, page: Pixels) -> list[Quad]:
        height, width = page.shape[:2]
        larger = max(1.0, SHORTEST_SIDE / min(height, width))
        scale = min(LONGEST_SIDE / max(height, width), larger)
        found = cast(
            _Found, self._rapid(scaled(page, scale), use_det=True, use_cls=False, use_rec=False)
        )
        if found.boxes is None:
            return []
        return [sorted_corners(np.asarray(box, dtype=np.float32) / scale) for box in found.boxes]

    def read(self, cut: Pixels) -> tuple[str, float]:
        """Return what a line says, and how sure that is; empty where it says nothing."""
        if cut.shape[1] > LONGEST_LINE * cut.shape[0]:
            cut = narrowed(cut, LONGEST_LINE * cut.shape[0])
        read = cast(_Read, self._rapid(cut, use_det=False, use_cls=False, use_rec=True))
        return (read.txts[0].strip(), float(read.scores[0])) if read.txts else ("", 0.0)


@cache
def engine() -> Engine:
    """Return the engine, loaded once, after comparing the hashes of its networks.

    Raises:
        Unavailable: it is not installed.
        Tampered: a network is not the one that was chosen.
    """
    package = find_spec("rapidocr")
    if package is None or package.origin is None or find_spec("onnxruntime") is None:
        raise Unavailable(
            "the reader of pictures is not installed", hint="pip install 'pratique[pictures]'"
        )
    find, read = (network(Path(package.origin).parent / "models" / name) for name in NETWORKS)
    from rapidocr import RapidOCR

    settings: dict[str, object] = {
        "Global.log_level": "critical",
        "Global.use_preprocess_img": False,
        "Global.use_vertical_padding": False,
        "Global.text_score": 0.0,
        # Given a path, the library asks no server whether it is the newest.
        "Det.model_path": str(find),
        "Rec.model_path": str(read),
        "Det.limit_type": "min",
        "Det.limit_side_len": 32,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    return Engine(cast(_Rapid, RapidOCR(params=settings)))


def network(path: Path) -> Path:
    """Return *path* after comparing its SHA-256 with the one that was chosen."""
    if not path.is_file():
        raise Unavailable(f"`{path.name}` is not in the package", hint="install `rapidocr` again")
    if hashlib.sha256(path.read_bytes()).hexdigest() != NETWORKS[path.name]:
        raise Tampered(
            f"`{path.name}` is not the network that was chosen",
            hint="install the version of `rapidocr` that the lock names",
        )
    return path
