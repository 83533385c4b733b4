"""Render the pictures of `suites/pictures` anew from `pictures.jsonl`: `python -m tools.render_pictures`.

The lines of a row are drawn by its kind and spoilt by its conditions, with a seed made of its id, so
that two runs on one version of Pillow write the same bytes. Fonts: Debian's `fonts-noto-cjk`.
"""

import hashlib
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import msgspec
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from pratique.evals.suites import packaged

FONTS = Path("/usr/share/fonts/opentype/noto")
FACES = {"en": 2, "zh-Hans": 2, "zh-Hant": 3}
"""Which face of a font collection draws a locale."""
MOST_BYTES = 60_000
WIDTH = 720
COLOURS = (
    ("#fff4e0", "#7a1f1f", "#3b2a20"),
    ("#12355b", "#ffd166", "#f4f1de"),
    ("#e8f5e9", "#1b5e20", "#263238"),
    ("#f3e5f5", "#6a1b9a", "#212121"),
    ("#b23a48", "#fff0d6", "#ffffff"),
    ("#fdf6c9", "#0b5d7a", "#222222"),
)
"""Ground, headline and text of coloured pictures."""


class Row(msgspec.Struct, frozen=True):
    """What is drawn; the other fields of a row are for those who measure."""

    id: str
    """Name of the picture, and its seed."""
    file: str
    """File that it is written to."""
    kind: str
    """Poster, ticket, menu, chat, receipt or appointment."""
    locale: str
    """Language and script of its text."""
    lines: tuple[str, ...]
    """Its text in reading order; two spaces part what stands side by side."""
    conditions: tuple[str, ...]
    """What makes it hard to read."""


@dataclass(frozen=True, slots=True)
class Brush:
    """What a picture is drawn with."""

    row: Row
    """The row."""
    dice: random.Random
    """The only chance there is."""
    ground: str
    """Colour of the paper."""
    head: str
    """Colour of the headline."""
    ink: str
    """Colour of the text."""

    def font(
        self, size: int, weight: str = "Regular", style: str = "Sans"
    ) -> ImageFont.FreeTypeFont:
        """Return a font of *size* pixels."""
        path = FONTS / f"Noto{style}CJK-{weight}.ttc"
        return ImageFont.truetype(str(path), size, index=FACES[self.row.locale])


def brush(row: Row) -> Brush:
    """Return what *row* is drawn with."""
    dice = random.Random(row.id)  # noqa: S311  (drawing, not secrecy)
    ground, head, ink = "#ffffff", "#111111", "#222222"
    if "coloured" in row.conditions:
        ground, head, ink = dice.choice(COLOURS)
    if "low_contrast" in row.conditions:
        ground, head, ink = dice.choice(
            (("#e3e0da", "#bfb9ae", "#c6c1b7"), ("#2e3138", "#474c56", "#444953"))
        )
    return Brush(row, dice, ground, head, ink)


def is_note(row: Row, line: str) -> bool:
    """Say whether *line* is set small."""
    return "small_print" in row.conditions and len(line.encode("utf-16-le")) // 2 > (
        40 if row.locale == "en" else 24
    )


def fitting(
    pen: Brush, line: str, size: int, width: int, weight: str, style: str
) -> ImageFont.FreeTypeFont:
    """Return the largest font up to *size* in which *line* is no wider than *width*."""
    font = pen.font(size, weight, style)
    while font.getlength(line) > width and size > 10:
        size -= 1
        font = pen.font(size, weight, style)
    return font


def poster(pen: Brush) -> Image.Image:
    """Draw a centred or left-aligned page with a headline."""
    style = pen.dice.choice(("Sans", "Serif"))
    centred = pen.dice.random() < 0.5
    sheet = Image.new("RGB", (WIDTH, 1600), pen.ground)
    draw = ImageDraw.Draw(sheet)
    y = 60
    for index, line in enumerate(pen.row.lines):
        size, weight = (58, "Bold") if index == 0 else (40 if index == 1 else 31, "Regular")
        colour = pen.head if index < 2 else pen.ink
        font = fitting(
            pen, line, 13 if is_note(pen.row, line) else size, WIDTH - 100, weight, style
        )
        x = (WIDTH - font.getlength(line)) / 2 if centred else 50
        draw.text((x, y), line, font=font, fill=colour)
        y += round(font.size * 1.45) + (26 if index == 1 else 10)
    return sheet.crop((0, 0, WIDTH, y + 50))


def in_two_columns(pen: Brush) -> Image.Image:
    """Draw a headline, two blocks beside each other, and a line below both."""
    head, *middle, foot = pen.row.lines
    sheet = Image.new("RGB", (900, 1200), pen.ground)
    draw = ImageDraw.Draw(sheet)
    font = fitting(pen, head, 52, 800, "Bold", "Sans")
    draw.text(((900 - font.getlength(head)) / 2, 50), head, font=font, fill=pen.head)
    half = len(middle) // 2
    lowest = 0
    for side, block in enumerate((middle[:half], middle[half:])):
        y = 160 + side * pen.dice.randint(0, 12)
        for index, line in enumerate(block):
            face = fitting(
                pen,
                line,
                36 if index == 0 else 28,
                385,
                "Bold" if index == 0 else "Regular",
                "Sans",
            )
            draw.text(
                (50 + side * 430, y), line, font=face, fill=pen.head if index == 0 else pen.ink
            )
            y += 66 if index == 0 else 48
        lowest = max(lowest, y)
    draw.line((50, lowest + 16, 850, lowest + 16), fill=pen.ink, width=2)
    draw.text((50, lowest + 40), foot, font=pen.font(26), fill=pen.ink)
    return sheet.crop((0, 0, 900, lowest + 120))


def downwards(pen: Brush) -> Image.Image:
    """Draw lines that run down the page, from the right."""
    lines = pen.row.lines
    longest = max(map(len, lines))
    sheet = Image.new("RGB", (140 + 110 * len(lines), 140 + 58 * longest), pen.ground)
    draw = ImageDraw.Draw(sheet)
    for index, line in enumerate(lines):
        font = pen.font(46 if index == 0 else 38, "Bold" if index == 0 else "Regular", "Serif")
        for place, letter in enumerate(line):
            spot = (sheet.width - 120 - 110 * index, 70 + place * 54)
            draw.text(spot, letter, font=font, fill=pen.head if index == 0 else pen.ink)
    return sheet


def ticket(pen: Brush) -> Image.Image:
    """Draw a stub with a border and a line of perforation."""
    lines = pen.row.lines
    sheet = Image.new("RGB", (860, 110 + 62 * len(lines)), pen.ground)
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((14, 14, sheet.width - 15, sheet.height - 15), outline=pen.ink, width=3)
    for y in range(24, sheet.height - 24, 14):
        draw.line((730, y, 730, y + 7), fill=pen.ink, width=2)
    y = 46
    for index, line in enumerate(lines):
        size = 15 if is_note(pen.row, line) else 40 if index == 0 else 30
        font = fitting(pen, line, size, 660, "Bold" if index < 2 else "Regular", "Sans")
        cells = line.split("  ")
        step = 660 / len(cells)
        apart = len(cells) > 1 and all(font.getlength(cell) < step - 20 for cell in cells)
        for place, cell in enumerate(cells if apart else [line]):
            colour = pen.head if index < 2 else pen.ink
            draw.text((46 + place * step, y), cell, font=font, fill=colour)
        y += 62
    return sheet


def slip(pen: Brush) -> Image.Image:
    """Draw a receipt or a menu: goods on the left, figures on the right."""
    narrow = pen.row.kind == "receipt"
    width = 520 if narrow else WIDTH
    sheet = Image.new("RGB", (width, 1400), pen.ground)
    draw = ImageDraw.Draw(sheet)
    y = 44
    for index, line in enumerate(pen.row.lines):
        size = 12 if is_note(pen.row, line) else 36 if index == 0 else 25
        font = fitting(pen, line, size, width - 80, "Bold" if index == 0 else "Regular", "Sans")
        first, *rest = line.split("  ")
        x = (width - font.getlength(line)) / 2 if index == 0 else 40
        draw.text((x, y), first, font=font, fill=pen.head if index == 0 else pen.ink)
        for place, cell in enumerate(reversed(rest)):
            end = width - 40 - place * 120
            draw.text((end - font.getlength(cell), y), cell, font=font, fill=pen.ink)
        y += round(font.size * 1.4) + 14
    return sheet.crop((0, 0, width, y + 40))


def card(pen: Brush) -> Image.Image:
    """Draw a form with a coloured bar above."""
    sheet = Image.new("RGB", (WIDTH, 1200), pen.ground)
    draw = ImageDraw.Draw(sheet)
    faint = "low_contrast" in pen.row.conditions
    draw.rectangle((0, 0, WIDTH, 100), fill=pen.ground if faint else "#28666e")
    font = fitting(pen, pen.row.lines[0], 40, WIDTH - 90, "Bold", "Sans")
    draw.text((44, 24), pen.row.lines[0], font=font, fill=pen.head if faint else "#ffffff")
    y = 134
    for line in pen.row.lines[1:]:
        draw.text(
            (44, y), line, font=fitting(pen, line, 29, WIDTH - 90, "Regular", "Sans"), fill=pen.ink
        )
        draw.line((44, y + 50, WIDTH - 44, y + 50), fill="#d5d5d5")
        y += 68
    return sheet.crop((0, 0, WIDTH, y + 30))


def chat(pen: Brush) -> Image.Image:
    """Draw a conversation: a name before each message of the others, my own on the right."""
    plain = "coloured" not in pen.row.conditions
    ground, mine, theirs = (
        ("#ededed", "#95ec69", "#ffffff") if plain else ("#10151c", "#2f6fed", "#252c37")
    )
    ink, mine_ink = ("#111111", "#111111") if plain else ("#e8e8e8", "#ffffff")
    sheet = Image.new("RGB", (WIDTH, 1600), ground)
    draw = ImageDraw.Draw(sheet)
    title, *rest = pen.row.lines
    font = pen.font(30, "Bold")
    draw.text(((WIDTH - font.getlength(title)) / 2, 26), title, font=font, fill=ink)
    y, named = 104, False
    for line in rest:
        if is_name(line):
            draw.text((96, y), line, font=pen.font(20), fill="#7f7f7f")
            draw.rounded_rectangle(
                (24, y + 4, 80, y + 60), 8, fill=pen.dice.choice(("#c98b5a", "#5a8fc9", "#8a6bbf"))
            )
            y, named = y + 32, True
            continue
        face = fitting(pen, line, 27, WIDTH - 190, "Regular", "Sans")
        length = face.getlength(line)
        if ":" in line and len(line) < 14 and not named and line[0].isdigit():
            draw.text(((WIDTH - length) / 2, y), line, font=face, fill="#8a8a8a")
            y += 56
            continue
        left = 96 if named else WIDTH - 64 - length
        box = (left - 4, y, left + length + 36, y + 64)
        draw.rounded_rectangle(box, 12, fill=theirs if named else mine)
        draw.text((left + 16, y + 10), line, font=face, fill=ink if named else mine_ink)
        y, named = y + 92, False
    return sheet.crop((0, 0, WIDTH, y + 20))


def is_name(line: str) -> bool:
    """Say whether a line of a conversation is only a name: a word, without digit or mark."""
    return line.isalpha() and len(line) <= 8


KINDS: dict[str, Callable[[Brush], Image.Image]] = {
    "poster": poster,
    "ticket": ticket,
    "menu": slip,
    "receipt": slip,
    "appointment": card,
    "chat": chat,
}


def leaning(picture: Image.Image, dice: random.Random, ground: str) -> Image.Image:
    """Return *picture* seen from one side."""
    width, height = picture.size
    near, far = dice.uniform(0.05, 0.1) * width, dice.uniform(0.05, 0.1) * height
    source = (-near, -far, 0, height, width, height, width + near * 2, -far)
    return picture.transform(
        picture.size, Image.Transform.QUAD, source, Image.Resampling.BICUBIC, fillcolor=ground
    )


def spoilt(picture: Image.Image, pen: Brush) -> Image.Image:
    """Return *picture* as the conditions of its row say."""
    conditions, dice = pen.row.conditions, pen.dice
    desk = dice.choice(("#8d7b68", "#5b6470", "#c9c3b8"))
    if "perspective" in conditions:
        picture = leaning(picture, dice, desk)
    if "artefacts" in conditions:
        tenths = 8 if "small_print" in conditions else 5.5
        picture = picture.resize(
            (round(picture.width * tenths / 10), round(picture.height * tenths / 10))
        )
    if "rotated" in conditions:
        angle = dice.choice((-1, 1)) * dice.uniform(3, 15)
        picture = picture.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=desk)
    if "noise" in conditions:
        grain = Image.frombytes("L", picture.size, dice.randbytes(picture.width * picture.height))
        # What a person cannot read either would measure nothing.
        share = 0.15 if "low_contrast" in conditions else 0.3
        picture = Image.blend(picture, grain.convert("RGB"), share)
        picture = picture.filter(ImageFilter.GaussianBlur(1.3))
    if "turned" in conditions:
        picture = picture.transpose(
            dice.choice((Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270))
        )
    if "upside_down" in conditions:
        picture = picture.transpose(Image.Transpose.ROTATE_180)
    return picture


def encoded(picture: Image.Image, row: Row) -> bytes:
    """Return the file, of at most 60 kB."""
    out = BytesIO()
    if row.file.endswith(".png"):
        picture.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        return out.getvalue()
    for quality in (20,) if "artefacts" in row.conditions else (75, 60, 45, 30):
        out = BytesIO()
        picture.save(out, "JPEG", quality=quality)
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue()


def rendered(row: Row) -> bytes:
    """Return the file of *row*."""
    pen = brush(row)
    draw = KINDS[row.kind]
    if "two_columns" in row.conditions:
        draw = in_two_columns
    if "vertical" in row.conditions:
        draw = downwards
    return encoded(spoilt(draw(pen), pen), row)


def rows(folder: Path) -> Iterator[Row]:
    """Yield the rows of `pictures.jsonl` in *folder*."""
    for line in (folder / "pictures.jsonl").read_bytes().splitlines():
        yield msgspec.json.decode(line, type=Row)


def main() -> None:
    """Write every picture."""
    if not FONTS.is_dir():
        sys.exit(f"no fonts in {FONTS}: run tools/install.sh")
    folder = packaged() / "pictures"
    total, hashed = 0, hashlib.sha256()
    for row in rows(folder):
        data = rendered(row)
        (folder / row.file).write_bytes(data)
        total += len(data)
        hashed.update(data)
        if len(data) > MOST_BYTES:
            sys.exit(f"{row.file} has {len(data):,} bytes, above {MOST_BYTES:,}")
    sys.stdout.write(f"{total / 1e6:.2f} MB, sha256 {hashed.hexdigest()[:16]}\n")


if __name__ == "__main__":
    main()
