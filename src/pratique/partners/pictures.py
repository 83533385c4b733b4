"""Pictures that users send: checked, decoded, and written anew without anything but their pixels."""

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import Final, Literal, NamedTuple

from PIL import Image, ImageCms, ImageStat

from pratique.errors import Malformed
from pratique.partners.contract import Picture
from pratique.privacy import Sensitive

Format = Literal["JPEG", "PNG", "WEBP"]

MEDIA_TYPES: Final[dict[str, Format]] = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
}
"""What is taken, and how Pillow calls it."""
MOST_BYTES: Final = 8 * 1024 * 1024
MOST_PIXELS: Final = 40_000_000
MOST_PROGRESSIVE_PIXELS: Final = 24_000_000
"""Of a progressive JPEG, whose decoder holds all coefficients at once."""
MOST_WEBP_PIXELS: Final = 16_000_000
"""Of a WebP, whose decoder holds the picture three times."""
LONGEST_SIDE: Final = 12_000
MOST_SCANS: Final = 30
"""Of a progressive JPEG: each scan goes over the whole picture, and a few bytes are enough for one."""
MOST_PROFILE_BYTES: Final = 1024 * 1024
FEW_COLOURS: Final = 4096
"""Up to so many a picture is a drawing or a screenshot, which PNG keeps exactly."""
ORIENTATION: Final = 274
STRIP_PIXELS: Final = 2_000_000
SEND = "send one PNG, JPEG or WebP picture"


class Header(NamedTuple):
    """What the first bytes of a picture say, read before any pixel is decoded."""

    format: Format
    """What the file is, whatever it is called."""
    width: int
    """Pixels across."""
    height: int
    """Pixels down."""
    moving: bool
    """Whether it holds more than one frame."""
    most_pixels: int
    """How many pixels are taken of its kind, by what its decoder holds in memory."""


def sound_picture(data: bytes, media_type: str, most_side: int = 2048) -> Picture:
    """Return the picture in *data* written anew: upright, sRGB, no side above *most_side*.

    Nothing of the file is kept but its pixels: no place, time, camera, comment, thumbnail or profile,
    nor whatever follows the picture. The content decides what it is; *media_type* must only be one
    of those that are taken.

    Raises:
        Malformed: it is no such picture, is broken, moves, or is too large.
    """
    if media_type.partition(";")[0].strip().lower() not in MEDIA_TYPES:
        raise Malformed(
            f"the media type is none of {', '.join(MEDIA_TYPES)}", hint="convert the picture first"
        )
    image, lossless = _decoded(data, most_side)
    out = BytesIO()
    if lossless and image.getcolors(FEW_COLOURS) is not None:
        image.save(out, "PNG", optimize=False)
        return Picture(media_type="image/png", data=Sensitive(out.getvalue()))
    # Colour at full resolution: red letters on blue would fray otherwise.
    image.save(out, "JPEG", quality=90, subsampling=0)
    return Picture(media_type="image/jpeg", data=Sensitive(out.getvalue()))


def pixels(data: bytes, most_side: int = 2048) -> Image.Image:
    """Return the picture in *data*, upright, RGB in sRGB, no side above *most_side*.

    Raises:
        Malformed: as of `sound_picture`.
    """
    return _decoded(data, most_side)[0]


def header(data: bytes) -> Header:
    """Return what the first bytes of *data* say, after holding them against the limits.

    Raises:
        Malformed: it is no picture that is taken, or too large.
    """
    if len(data) > MOST_BYTES:
        raise Malformed(
            f"the picture has {len(data) / 1024**2:.1f} MB, and at most {MOST_BYTES // 1024**2} are taken",
            hint="send a smaller copy",
        )
    try:
        found = _header(data)
    except (struct.error, IndexError):
        raise Malformed("the picture ends inside its header", hint="send the whole file") from None
    if found is None:
        raise Malformed(f"the content is {_other(data)}", hint=SEND)
    size = f"{found.width:,} × {found.height:,} pixels"
    if not (found.width and found.height):
        raise Malformed(f"the picture says it has {size}", hint=SEND)
    if (
        max(found.width, found.height) > LONGEST_SIDE
        or found.width * found.height > found.most_pixels
    ):
        raise Malformed(
            f"the picture has {size}; of its kind at most {found.most_pixels // 10**6} million are taken,"
            f" and {LONGEST_SIDE:,} a side",
            hint="send a smaller copy",
        )
    if found.moving:
        raise Malformed("the picture moves", hint="send one frame of it")
    return found


def _header(data: bytes) -> Header | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        width, height = struct.unpack_from(">II", data, 16)
        # The animation chunk must stand before the first pixel.
        return Header("PNG", width, height, b"acTL" in data.partition(b"IDAT")[0], MOST_PIXELS)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp(data)
    return None


def _jpeg(data: bytes) -> Header:
    if data.count(b"\xff\xda") > MOST_SCANS:
        raise Malformed(f"the picture has more than {MOST_SCANS} scans", hint="save it anew")
    place = 2
    while True:
        if data[place] != 0xFF:
            raise Malformed("the picture's header is broken", hint="save it anew")
        kind = data[place + 1]
        if kind == 0xFF or kind == 0x01 or 0xD0 <= kind <= 0xD8:
            place += 1 if kind == 0xFF else 2
        elif 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, place + 5)
            most = MOST_PIXELS if kind in (0xC0, 0xC1) else MOST_PROGRESSIVE_PIXELS
            return Header("JPEG", width, height, False, most)
        elif kind in (0xD9, 0xDA):
            raise Malformed("the picture has no size", hint="save it anew")
        else:
            place += 2 + int(struct.unpack_from(">H", data, place + 2)[0])


def _webp(data: bytes) -> Header | None:
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
        return Header("WEBP", width, height, bool(data[20] & 2), MOST_WEBP_PIXELS)
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return Header(
            "WEBP", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, False, MOST_WEBP_PIXELS
        )
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return Header("WEBP", width & 0x3FFF, height & 0x3FFF, False, MOST_WEBP_PIXELS)
    return None


def _other(data: bytes) -> str:
    """Say what *data* is instead, as far as its first bytes tell."""
    if not data:
        return "empty"
    known = {
        b"GIF8": "a GIF",
        b"PK": "a zip archive",
        b"%PDF": "a PDF",
        b"BM": "a BMP",
        b"II*\0": "a TIFF",
        b"MM\0*": "a TIFF",
    }
    for beginning, name in known.items():
        if data.startswith(beginning):
            return name
    if data[4:8] == b"ftyp":
        return "a HEIC or a film"
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "markup, such as SVG"
    return "no picture that we know"


def _decoded(data: bytes, most_side: int) -> tuple[Image.Image, bool]:
    """Return the upright picture in sRGB, and whether it was stored without loss."""
    found = header(data)
    try:
        with Image.open(BytesIO(data), formats=[found.format]) as image:
            if image.size != (found.width, found.height):
                raise Malformed("the picture says two sizes", hint="save it anew")
            profile, turn = image.info.get("icc_profile"), _turn(image)
            if found.format == "JPEG":
                # Decoded at 1/2, 1/4 or 1/8 where that is still large enough.
                image.draft(None, (most_side, most_side))
            small = _in_srgb(_reduced(image, most_side), profile)
    except Malformed:
        raise
    except Exception:  # noqa: BLE001  (whatever a decoder stumbles over, the file is at fault)
        raise Malformed("the picture is broken or cut off", hint="send the whole file") from None
    small = _flat(small)
    small.thumbnail((most_side, most_side), Image.Resampling.LANCZOS)
    if turn is not None:
        small = small.transpose(turn)
    return small, found.format == "PNG"


def _turn(image: Image.Image) -> Image.Transpose | None:
    """Return how EXIF wants the picture turned; broken EXIF wants nothing."""
    try:
        orientation = image.getexif().get(ORIENTATION)
    except Exception:  # noqa: BLE001  (a parser of hostile bytes: any failure means no wish)
        return None
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    return turns.get(orientation) if isinstance(orientation, int) else None


def _reduced(image: Image.Image, most_side: int) -> Image.Image:
    """Return a new picture in `L`, `RGB`, `RGBA` or `CMYK`, a whole factor smaller where it is large.

    Strip by strip, so that the whole is held once at its full size, and not once more per conversion.
    """
    image.load()
    factor = max(1, max(image.size) // most_side)
    width, height = image.size
    whole: Image.Image | None = None
    for top, bottom in _strips(width, height, factor):
        strip = _plain(image.crop((0, top, width, bottom)), image.info.get("transparency"))
        strip = strip.reduce(factor) if factor > 1 else strip
        if whole is None:
            whole = Image.new(strip.mode, (-(-width // factor), -(-height // factor)))
        whole.paste(strip, (0, top // factor))
    assert whole is not None  # noqa: S101  (a picture has at least one row)
    return whole


def _strips(width: int, height: int, factor: int) -> Iterator[tuple[int, int]]:
    rows = max(1, STRIP_PIXELS // (width * factor)) * factor
    for top in range(0, height, rows):
        yield top, min(height, top + rows)


def _plain(strip: Image.Image, transparency: object) -> Image.Image:
    if strip.mode in ("L", "RGB", "CMYK") and transparency is None:
        return strip
    if strip.mode.startswith("I"):
        # 16 bits a pixel: a plain conversion would clip instead of scaling.
        return strip.convert("I").point(lambda value: value * (1 / 257), "L")
    if strip.mode == "CMYK" or (strip.mode == "1" and transparency is None):
        return strip.convert("RGB" if strip.mode == "CMYK" else "L")
    return strip.convert("RGBA")


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """Return *image* in sRGB (with alpha where it has one); a broken profile counts as none."""
    wanted = "RGBA" if image.mode == "RGBA" else "RGB"
    if isinstance(profile, bytes) and 0 < len(profile) <= MOST_PROFILE_BYTES:
        try:
            turned = ImageCms.profileToProfile(
                image, ImageCms.getOpenProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"),
                outputMode=wanted,
            )  # fmt: skip
            if turned is not None:
                turned.info.clear()
                return turned
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return image.convert(wanted)


def _flat(image: Image.Image) -> Image.Image:
    """Return *image* without alpha, on the ground that its visible part stands out from."""
    if image.mode != "RGBA":
        return image
    alpha = image.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return image.convert("RGB")
    visible = alpha.point(lambda value: 255 if value > 127 else 0)
    seen = ImageStat.Stat(image.convert("L"), visible)
    bright = seen.count[0] > 0 and seen.mean[0] > 160
    ground = Image.new("RGB", image.size, "black" if bright else "white")
    ground.paste(image, mask=alpha)
    return ground
