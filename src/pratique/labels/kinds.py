"""Kinds of files that carry a label, told by what is in them."""

from pathlib import Path
from typing import Literal

from pratique.errors import Malformed

Kind = Literal["png", "jpeg", "webp", "pdf", "docx", "xlsx", "md", "txt", "json"]
"""Kinds of files that carry a label."""

MAX_BYTES = 24_000_000
"""Largest file that is opened, in bytes; this bound is ours."""

MAX_TEXT_BYTES = 1_000_000
"""Largest text, Markdown or answer, in bytes; this bound is ours."""

_OFFICE: dict[str, Kind] = {".docx": "docx", ".xlsx": "xlsx"}
_TEXTS: dict[str, Kind] = {".md": "md", ".markdown": "md", ".txt": "txt", ".json": "json"}


def load(path: Path) -> bytes:
    """Return the content of the file at *path*.

    Raises:
        Malformed: it is no file, or too large.
    """
    if not path.is_file():
        raise Malformed("no such file", path=path)
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise Malformed(f"has {size:,} bytes, more than {MAX_BYTES:,}", path=path)
    return path.read_bytes()


def kind_of(data: bytes, path: Path) -> Kind:
    """Return the kind of the file at *path*, by its content; by its name where it is text.

    Raises:
        Malformed: it is of no kind that we know.
    """
    suffix = path.suffix.lower()
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK") and suffix in _OFFICE:
        return _OFFICE[suffix]
    if suffix in _TEXTS:
        if len(data) > MAX_TEXT_BYTES:
            raise Malformed(
                f"has {len(data):,} bytes of text, more than {MAX_TEXT_BYTES:,}", path=path
            )
        return _TEXTS[suffix]
    raise Malformed(
        "no file of a kind that carries a label",
        path=path,
        hint="PNG, JPEG, WebP, PDF, DOCX, XLSX, Markdown, plain text, and an answer as `.json` do",
    )
