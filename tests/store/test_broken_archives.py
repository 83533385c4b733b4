"""Archives that were damaged or made to hurt end in an error of ours, wherever they are read."""

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pratique.errors import PratiqueError
from pratique.evals.ratings.guarding import require_sound
from pratique.labels.files import read_bytes
from pratique.store.backup import extract

MEMBERS = ("manifest.json", "manifest.sig", "[Content_Types].xml", "_rels/.rels", "files/a")


def damaged() -> Iterator[bytes]:
    """Archives with some bytes changed, some of them cut; the same each time."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in MEMBERS:
            archive.writestr(name, f"{name} text " * 200)
    draw = random.Random(1)
    for _ in range(600):
        data = bytearray(made.getvalue())
        for _ in range(draw.randint(1, 4)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        yield bytes(data[: draw.randrange(len(data))] if draw.random() < 0.2 else data)


def restored(path: Path) -> None:
    """Read a backup."""
    extract(path, path.parent / "out")


def rated(path: Path) -> None:
    """Look at a rating sheet."""
    require_sound(path)


def labelled(path: Path) -> None:
    """Read a document's label."""
    read_bytes(path.read_bytes(), path.with_suffix(".docx"))


@pytest.mark.parametrize("read", [restored, rated, labelled])
def test_a_damaged_archive_ends_in_an_error_of_ours(
    tmp_path: Path, read: Callable[[Path], object]
) -> None:
    """Never in one of the library's; a change that hurts nothing may pass."""
    refused = 0
    path = tmp_path / "archive.zip"
    (tmp_path / "out").mkdir()
    for data in damaged():
        path.write_bytes(data)
        try:
            read(path)
        except PratiqueError:
            refused += 1
    assert refused > 100
