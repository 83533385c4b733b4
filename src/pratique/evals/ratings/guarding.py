"""Guarding: what a returned file must be before anything opens it as a workbook.

A workbook is a ZIP archive of XML. A small file can unfold into gigabytes, and XML can define
entities that unfold further or fetch files; neither has a place in a sheet that we wrote.
"""

import re
import zipfile
import zlib
from pathlib import Path

from pratique.errors import Malformed, NotFound

MOST_BYTES = 20_000_000
"""Largest file. 2,000 rows with a page of text each take less than half of this."""

MOST_UNFOLDED = 100_000_000
"""Most bytes that its parts may unfold to, together."""

MOST_PARTS = 200
"""Most parts of the archive; ours has about 10."""

_HINT = "give back the very file that was handed out, saved as .xlsx"
_DECLARES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODED = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    UnicodeDecodeError,
)
"""What the archive's reader raises for a broken, encrypted or unknown one."""

_CHUNK = 1 << 16

_ACTIVE_PARTS = ("vbaproject", "externallinks/", "activex/", "embeddings/", "macrosheets/")


def require_sound(path: Path) -> None:
    """Refuse a file that is no plain workbook, is too large, or would unfold into something else.

    Raises:
        NotFound: there is no such file.
        Malformed: says what is wrong with it.
    """
    if not path.is_file():
        raise NotFound(f"no file `{path}`", hint="name the sheets that came back")
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise Malformed(f"{size} bytes, more than {MOST_BYTES}", hint=_HINT, path=path)
    try:
        with zipfile.ZipFile(path) as archive:
            _require_bounded(archive, path)
            for part in archive.infolist():
                _require_plain(archive, part, path)
    except _FAULTS as error:
        raise Malformed(f"not a workbook: {error}", hint=_HINT, path=path) from None


def _require_bounded(archive: zipfile.ZipFile, path: Path) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise Malformed(f"{len(parts)} parts, more than {MOST_PARTS}", hint=_HINT, path=path)
    if len({part.filename for part in parts}) < len(parts):
        raise Malformed("two parts of one name", hint=_HINT, path=path)
    unfolded = sum(part.file_size for part in parts)
    if unfolded > MOST_UNFOLDED:
        raise Malformed(
            f"unfolds to {unfolded} bytes, more than {MOST_UNFOLDED}", hint=_HINT, path=path
        )


def _require_plain(archive: zipfile.ZipFile, part: zipfile.ZipInfo, path: Path) -> None:
    name = part.filename.lower()
    if any(active in name for active in _ACTIVE_PARTS):
        raise Malformed(f"holds the active part `{part.filename[:80]}`", hint=_HINT, path=path)
    # Read in small pieces: a part that unfolds to more than the archive states is found out by its
    # checksum, at its stated size, and not in memory.
    with archive.open(part) as stream:
        data = b"".join(iter(lambda: stream.read(_CHUNK), b""))
    if not name.endswith((".xml", ".rels", ".vml")):
        return
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:8] or _ENCODED.match(data[:200]):
        raise Malformed(f"`{part.filename[:80]}` is not UTF-8", hint=_HINT, path=path)
    if _DECLARES.search(data):
        raise Malformed(f"`{part.filename[:80]}` declares entities", hint=_HINT, path=path)
