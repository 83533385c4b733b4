"""Explicit labels in pictures: a statement in a corner, its glyphs measured as they were drawn."""

import io
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from PIL.Image import Transpose

from pratique.errors import Malformed, NotAllowed
from pratique.labels.carriers.pictures import MAX_PIXELS
from pratique.labels.fonts import find_font, open_font

if TYPE_CHECKING:
    from PIL import Image
    from PIL.ImageFont import FreeTypeFont

Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]
"""Where the statement stands."""

_ORIENTATION = 0x0112
"""EXIF tag that says how a picture is turned when it is shown."""

_BACK = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_90,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_270,
}
"""What turns a picture back from how it is shown to how it is stored, by that tag."""

_SHARE = 0.05
"""Share of the shortest side that is drawn where the market names none; ours."""

_SPARE = 1.02
"""Glyphs are drawn this much taller than asked for, since pixels are whole."""
_HINT = "save the picture again with the program that made it"


class Drawn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was drawn, as measured."""

    statement: str
    """The words."""
    font: str
    """Name of the font's file."""
    glyph_height: int
    """Height of the lowest glyph that stands at full height, in pixels of ink."""
    shortest_side: int
    """Shortest side of the picture, in pixels."""
    share: float
    """The first over the second."""
    asked: float | None
    """Share that the market asks for; None where it names none."""


def draw_statement(
    data: bytes,
    statement: str,
    *,
    asked: float | None,
    corner: Corner = "bottom-right",
    font: Path | None = None,
    height: int | None = None,
) -> tuple[bytes, Drawn]:
    """Return the picture *data* with *statement* in a *corner*, and what was measured.

    *asked* is the share of the shortest side that each glyph must reach; *height* draws glyphs of
    that many pixels in place of the least that reaches it. The metadata stay as they are; the pixels
    around the statement are encoded again in the picture's own format.

    Raises:
        NotAllowed: the glyphs as drawn are lower than the market asks for, or do not fit.
        Malformed: the picture is not sound, moves, or is too large.
        Unavailable: no font knows the characters.
    """
    face = find_font(statement, font)
    picture = _opened(data)
    side = min(picture.size)
    share = _SHARE if asked is None else asked
    wanted = height if height is not None else max(1, ceil(side * share * _SPARE))
    band, low = _band(statement, face, wanted, limit=max(picture.size))
    drawn = Drawn(
        statement=statement,
        font=face.name,
        glyph_height=low,
        shortest_side=side,
        share=round(low / side, 4),
        asked=asked,
    )
    if asked is not None and low < asked * side:
        raise NotAllowed(
            f"the glyphs are {low} pixels high, {low / side:.1%} of the shortest side ({side});"
            f" the market asks for {asked:.0%}",
            hint="leave out `--height`, and the least that reaches it is drawn",
        )
    whole = _pasted(picture, band, corner)
    return _with_metadata(data, _saved(picture, whole)), drawn


def _opened(data: bytes) -> "Image.Image":
    from PIL import Image

    try:
        picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP"))
        if picture.width * picture.height > MAX_PIXELS:
            raise Malformed(f"has more than {MAX_PIXELS:,} pixels", hint="make it smaller")
        if getattr(picture, "n_frames", 1) > 1:
            raise Malformed("the picture moves", hint="label its frames, or a still picture")
        picture.load()
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Malformed(f"no sound picture: {error}", hint=_HINT) from error
    return picture


def _band(statement: str, face: Path, height: int, limit: int) -> tuple["Image.Image", int]:
    """Return *statement* in white on a dark band, and the ink of its lowest full glyph in pixels."""
    size = height
    full = [one for one in statement if _is_full(one)] or [one for one in statement if one.strip()]
    while True:
        font = open_font(face, size)
        low = min(_ink(one, font) for one in full)
        if low >= height or size > 4 * limit:
            break
        size += max(1, round((height - low) / 2))
    return _drawn(statement, face, size), low


def _drawn(statement: str, face: Path, size: int) -> "Image.Image":
    from PIL import Image, ImageDraw

    font = open_font(face, size)
    left, top, right, bottom = font.getbbox(statement)
    margin = max(1, size // 5)
    box = (int(right - left) + 2 * margin, int(bottom - top) + 2 * margin)
    band = Image.new("LA", box, (0, 176))
    ImageDraw.Draw(band).text((margin - left, margin - top), statement, (255, 255), font=font)
    return band


def _ink(character: str, font: "FreeTypeFont") -> int:
    """Return the height of *character* as it is drawn, in pixels that are more than half inked."""
    from PIL import Image, ImageDraw

    left, top, right, bottom = font.getbbox(character)
    layer = Image.new("L", (max(1, int(right - left)) + 2, max(1, int(bottom - top)) + 2))
    ImageDraw.Draw(layer).text((1 - left, 1 - top), character, 255, font=font)
    box = layer.point(lambda value: 255 if value > 127 else 0).getbbox()
    return 0 if box is None else box[3] - box[1]


def _is_full(character: str) -> bool:
    """Say whether a glyph stands at full height: small letters, marks and spaces do not."""
    return character.isupper() or (character.isalpha() and not character.islower())


def _pasted(picture: "Image.Image", band: "Image.Image", corner: Corner) -> "Image.Image":
    """Return a copy of *picture* with *band* in its *corner*, in a mode its format can save."""
    from PIL import ImageOps

    mode = picture.mode if picture.mode in ("L", "LA", "RGB", "RGBA") else "RGB"
    if picture.mode == "P":
        mode = "RGBA" if "transparency" in picture.info else "RGB"
    # The corner is the one that people see: EXIF may say that the picture is shown turned.
    turned = picture.getexif().get(_ORIENTATION, 1)
    whole = ImageOps.exif_transpose(picture).convert(mode)
    if band.width > whole.width or band.height > whole.height:
        raise NotAllowed(
            f"the statement takes {band.width} × {band.height} pixels, the picture has"
            f" {whole.width} × {whole.height}",
            hint="the words do not fit at the height that the market asks for: use a larger picture",
        )
    left = 0 if corner.endswith("left") else whole.width - band.width
    top = 0 if corner.startswith("top") else whole.height - band.height
    opaque = band.convert("RGBA").convert(mode)
    if mode.endswith("A"):
        opaque.putalpha(255)
    whole.paste(opaque, (left, top), band.getchannel("A"))
    return whole.transpose(_BACK[turned]) if turned in _BACK else whole


def _saved(picture: "Image.Image", whole: "Image.Image") -> bytes:
    from PIL import JpegImagePlugin, PngImagePlugin

    out = io.BytesIO()
    profile = picture.info.get("icc_profile")
    if isinstance(picture, JpegImagePlugin.JpegImageFile):
        # The picture's own tables, so that it loses no more than it lost before.
        sampling = JpegImagePlugin.get_sampling(picture)
        whole.save(
            out,
            "JPEG",
            qtables=picture.quantization,
            subsampling=sampling if sampling >= 0 else 0,
            icc_profile=profile,
        )
    elif isinstance(picture, PngImagePlugin.PngImageFile):
        texts = PngImagePlugin.PngInfo()
        for key, value in picture.text.items():
            if not key.startswith(("XML:", "Raw profile")):
                texts.add_itxt(key, str(value))
        whole.save(out, "PNG", pnginfo=texts, icc_profile=profile, dpi=picture.info.get("dpi"))
    else:
        whole.save(out, "WEBP", lossless=True, icc_profile=profile)
    return out.getvalue()


def _with_metadata(before: bytes, after: bytes) -> bytes:
    """Return *after* with the EXIF, IPTC, XMP and comment of *before*."""
    import pyexiv2

    try:
        with pyexiv2.ImageData(before) as source, pyexiv2.ImageData(after) as target:
            # Only a JPEG keeps its comment apart; in a PNG it is one of the texts.
            comment = before.startswith(b"\xff\xd8")
            source.copy_to_another_image(target, comment=comment, thumbnail=False, icc=False)
            return bytes(target.get_bytes())
    except RuntimeError as error:
        raise Malformed(f"no sound picture: {error}", hint=_HINT) from error
