"""PNG, JPEG and WebP: the field as XMP `TC260:AIGC`; pixels are never encoded again."""

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pratique.errors import Malformed, NotAllowed

if TYPE_CHECKING:
    import pyexiv2

NAMESPACE = "http://www.tc260.org.cn/ns/AIGC/1.0/"
"""XMP namespace of the field, by TC260-PG-20259A."""

MAX_PIXELS = 120_000_000
"""Largest picture, in pixels; this bound is ours."""

MAX_READS = 100_000
"""Most reads of a picture's parts: more small parts than that are refused; this bound is ours."""

_KEY = "Xmp.TC260.AIGC"
_COMMENT = "Exif.Photo.UserComment"
_HINT = "save the picture again with the program that made it"


class _Parts(io.BytesIO):
    """A picture's bytes, which end in an error where it falls into too many parts."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._left = MAX_READS

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes."""
        self._left -= 1
        if self._left < 0:
            raise OSError("it falls into too many parts")
        return super().read(size)


def read(data: bytes) -> list[str]:
    """Return the text of every label in the picture *data*."""
    _require_whole(data)
    with _opened(data) as picture:
        found = [_text(value) for key, value in picture.read_xmp().items() if _is_key(key)]
        comment = _comment(picture)
    # Some write EXIF or a PNG text chunk instead of XMP.
    return found + [one for one in (comment, _chunk(data)) if "AIGC" in one]


def write(data: bytes, text: str) -> bytes:
    """Return *data* with the label *text* in place of any, beside the metadata that it has.

    Raises:
        NotAllowed: another label stands in a PNG text chunk, which no field library can take out.
    """
    if "AIGC" in _chunk(data):
        raise NotAllowed(
            "the label stands in a text chunk named `AIGC`, which cannot be replaced",
            hint="export the picture again without it",
        )
    with _opened(data) as picture:
        others = {key: None for key in picture.read_xmp() if _is_key(key)}
        picture.modify_xmp({**others, _KEY: text})
        if "AIGC" in _comment(picture):
            picture.modify_exif({_COMMENT: None})
        return _with_comment(bytes(picture.get_bytes()), data)


def rest(data: bytes) -> object:
    """Return the other metadata of the picture *data*."""
    with _opened(data) as picture:
        xmp = {key: value for key, value in picture.read_xmp().items() if not _is_key(key)}
        exif = picture.read_exif("iso-8859-1")
        if "AIGC" in _comment(picture):
            del exif[_COMMENT]
        # Where EXIF begins is no part of what it says.
        exif.pop("Exif.Image.ExifTag", None)
        return xmp, exif, picture.read_iptc("iso-8859-1"), picture.read_icc(), _frame(data)


@contextmanager
def _opened(data: bytes) -> Iterator["pyexiv2.ImageData"]:
    import pyexiv2

    pyexiv2.registerNs(NAMESPACE, "TC260")
    pyexiv2.set_log_level(3)
    try:
        with pyexiv2.ImageData(data) as picture:
            yield picture
    except (RuntimeError, UnicodeDecodeError) as error:
        raise Malformed(f"no sound picture: {error}", hint=_HINT) from error


def _require_whole(data: bytes) -> None:
    """Refuse a picture that is cut off or larger than we open; the field library does not look."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            source = _Parts(data)
            with Image.open(source, formats=("PNG", "JPEG", "WEBP")) as picture:
                width, height = picture.size
                header = source.tell()
                if width * height > MAX_PIXELS:
                    raise Malformed(
                        f"claims {width} × {height} pixels, more than {MAX_PIXELS:,}",
                        hint="make it smaller",
                    )
                picture.verify()
    except Malformed:
        raise
    except (
        OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError
    ) as error:  # fmt: skip
        raise Malformed(f"no sound picture: {error}", hint=_HINT) from error
    # Neither library reads a JPEG to its end without decoding all of it. Its header, which has been
    # read, may hold a small picture with an end of its own.
    if data.startswith(b"\xff\xd8") and data.find(b"\xff\xd9", header) < 0:
        raise Malformed("a JPEG that is cut off: it has no end", hint=_HINT)
    if data.startswith(b"RIFF") and int.from_bytes(data[4:8], "little") + 8 > len(data):
        raise Malformed("a WebP that is cut off", hint=_HINT)


def _chunk(data: bytes) -> str:
    """Return the PNG text chunk named `AIGC`; empty where there is none."""
    from PIL import Image

    if not data.startswith(b"\x89PNG"):
        return ""
    try:
        with Image.open(_Parts(data), formats=("PNG",)) as picture:
            found = picture.info.get("AIGC", "")
    except (OSError, SyntaxError, ValueError) as error:
        raise Malformed(f"no sound picture: {error}", hint=_HINT) from error
    # The chunk's name is part of the label: without it the seven keys alone would not be found.
    return f'{{"AIGC":{found}}}' if found and '"AIGC"' not in str(found) else str(found)


def _is_key(key: str) -> bool:
    return key.startswith("Xmp.") and key.rpartition(".")[2] == "AIGC"


def _text(value: object) -> str:
    if isinstance(value, dict):
        return ",".join(str(one) for one in value.values())
    return str(value)


def _comment(picture: "pyexiv2.ImageData") -> str:
    """Return the EXIF comment, without the character set that stands before it."""
    found = _text(picture.read_exif("iso-8859-1").get(_COMMENT, ""))
    numbers = found.split()
    if len(numbers) > 8 and all(one.isdecimal() and int(one) < 256 for one in numbers):
        # Written as bytes instead of as a comment: eight of them name the character set.
        return bytes(map(int, numbers[8:])).decode("iso-8859-1")
    return found.partition(" ")[2] if found.startswith("charset=") else found


def _frame(data: bytes) -> tuple[bytes, object]:
    """Return a JPEG's comment and its segments but EXIF and XMP; a PNG's texts and colours."""
    from PIL import Image

    with Image.open(_Parts(data), formats=("PNG", "JPEG", "WEBP")) as picture:
        if data.startswith(b"\xff\xd8"):
            comment = picture.info.get("comment", b"")
            segments = [one for one in getattr(picture, "applist", []) if one[0] != "APP1"]
            return comment if isinstance(comment, bytes) else b"", segments
        if data.startswith(b"\x89PNG"):
            own = ("xmp", "XML:com.adobe.xmp", "exif")
            return b"", {name: value for name, value in picture.info.items() if name not in own}
    return b"", None


def _with_comment(data: bytes, before: bytes) -> bytes:
    """Return the JPEG *data* with its comment as it was *before*: exiv2 ends it with a zero byte."""
    comment = _frame(before)[0]
    size = len(comment)
    if not comment or size + 3 > 0xFFFF:
        return data
    ended = b"\xff\xfe" + (size + 3).to_bytes(2) + comment + b"\0"
    return data.replace(ended, b"\xff\xfe" + (size + 2).to_bytes(2) + comment, 1)
