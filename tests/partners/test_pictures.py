"""Pictures that users send: what is taken, what is left of them, and what hostile files come to."""

import io
import random
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable

import pytest
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from pratique.errors import Malformed
from pratique.partners.pictures import LONGEST_SIDE, MOST_BYTES, MOST_SCANS, pixels, sound_picture

SECRET = "kept-nowhere-7731"


def drawn(mode: str = "RGB", size: tuple[int, int] = (64, 40)) -> Image.Image:
    """Return a picture whose upper left quarter is dark and whose rest is light."""
    image = Image.new("L", size, 230)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2 - 1, size[1] // 2 - 1), fill=20)
    return image.convert(mode)


def filed(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """Return the file of *image*."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    """Return one chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *between: bytes, body: bytes = b"") -> bytes:
    """Return a PNG that says it has that size, whatever it holds."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rest = chunk(b"IDAT", body or zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(between) + rest


def zipped() -> bytes:
    """Return an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("picture.png", SECRET * 1000)
    return out.getvalue()


def jpeg_of_scans(scans: int) -> bytes:
    """Return a progressive JPEG with many scans."""
    data = filed(drawn(), "JPEG", progressive=True)
    start = data.rindex(b"\xff\xda")
    return data[:start] + data[start:-2] * scans + data[-2:]


def moving(kind: str) -> bytes:
    """Return a picture of two frames."""
    other = drawn().transpose(Image.Transpose.ROTATE_180)
    return filed(drawn(), kind, save_all=True, append_images=[other], duration=100)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "empty"),
    "truncated_png": (lambda: filed(noisy())[:20_000], "broken or cut off"),
    "truncated_jpeg": (lambda: filed(noisy(), "JPEG")[:20_000], "broken or cut off"),
    "truncated_webp": (lambda: filed(noisy(), "WEBP")[:5_000], "broken or cut off"),
    "truncated_header": (lambda: filed(drawn())[:18], "inside its header"),
    "jpeg_without_size": (lambda: b"\xff\xd8\xff\xda" + b"\0" * 99, "no size"),
    "jpeg_of_fill_bytes": (lambda: b"\xff\xd8" + b"\xff" * 5_000_000, "inside its header"),
    "jpeg_of_zeros": (lambda: b"\xff\xd8\xff" + b"\0" * 5_000_000, "header"),
    "jpeg_of_scans": (lambda: jpeg_of_scans(500), f"more than {MOST_SCANS} scans"),
    "bomb": (lambda: png(20_000, 20_000), "20,000 × 20,000"),
    "real_bomb": (lambda: png(12_000, 12_000, body=zlib.compress(bytes(10**8))), "at most 40"),
    "long": (lambda: png(LONGEST_SIDE + 1, 10), "12,001 × 10"),
    "largest_number": (lambda: png(2**32 - 1, 2**32 - 1), "4,294,967,295"),
    "no_pixels": (lambda: png(0, 10), "0 × 10"),
    "text_bomb": (
        lambda: png(10, 10, *[chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(10**6)))] * 200),
        "broken",
    ),
    "profile_bomb": (
        lambda: png(9, 9, chunk(b"iCCP", b"k\0\0" + zlib.compress(bytes(10**8)))),
        "broken",
    ),
    "zip": (zipped, "a zip archive"),
    "pdf": (lambda: b"%PDF-1.7\n" + SECRET.encode(), "a PDF"),
    "svg": (lambda: f"<svg><text>{SECRET}</text></svg>".encode(), "markup"),
    "gif": (lambda: filed(drawn("P"), "GIF"), "a GIF"),
    "heic": (lambda: b"\0\0\0\x18ftypheic" + bytes(99), "a HEIC"),
    "random": (lambda: random.Random(1).randbytes(5000), "no picture"),
    "moving_png": (lambda: moving("PNG"), "moves"),
    "moving_webp": (lambda: moving("WEBP"), "moves"),
    "moving_gif": (lambda: moving("GIF"), "a GIF"),
    "heavy": (lambda: filed(drawn()) + bytes(MOST_BYTES), "at most 8"),
    "large_webp": (lambda: webp_of(9000, 9000), "9,000 × 9,000"),
}
"""What must end in an error, and a part of the sentence."""


def noisy(size: int = 400) -> Image.Image:
    """Return a picture that does not compress."""
    dice = random.Random(2)
    return Image.frombytes("RGB", (size, size), dice.randbytes(size * size * 3))


def webp_of(width: int, height: int) -> bytes:
    """Return a WebP that says it has that size."""
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + sides
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_a_sentence_and_a_hint(name: str) -> None:
    """Whatever the name says; and nothing of the content stands in the error."""
    make, said = HOSTILE[name]
    with pytest.raises(Malformed, match=said) as caught:
        sound_picture(make(), "image/png")
    assert caught.value.hint
    assert SECRET not in repr(caught.value) and caught.value.__cause__ is None
    # A traceback would show what a decoder said of the file.
    assert caught.value.__context__ is None or caught.value.__suppress_context__


CONFINED = """
import resource, sys
from pratique.errors import Malformed
from pratique.partners.pictures import sound_picture
data = sys.stdin.buffer.read()
resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20))
used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
resource.setrlimit(resource.RLIMIT_CPU, (int(used) + 3, int(used) + 3))
try:
    picture = sound_picture(data, "image/png")
except Malformed as error:
    print("malformed:", error.message)
else:
    print("sound:", picture.media_type)
spent = sum(resource.getrusage(resource.RUSAGE_SELF)[:2]) - used
sys.exit(0 if spent < 2 else f"took {spent:.1f} s")
"""


def confined(data: bytes) -> str:
    """Return what becomes of *data* in a process of 300 MB that must be done within 2 s of CPU."""
    done = subprocess.run(
        [sys.executable, "-c", CONFINED], input=data, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


@pytest.mark.parametrize(
    "name",
    ["truncated_png", "truncated_jpeg", "bomb", "real_bomb", "zip", "gif", "moving_png",
     "text_bomb", "profile_bomb", "jpeg_of_scans", "jpeg_of_fill_bytes", "large_webp"],
)  # fmt: skip
def test_a_hostile_file_costs_little_time_and_memory(name: str) -> None:
    """Two seconds and 300 MB, kept by the kernel."""
    make, said = HOSTILE[name]
    answer = confined(make())
    assert answer.startswith("malformed:") and said in answer


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_largest_picture_that_is_taken_costs_little_too(kind: str) -> None:
    """40 million pixels, with alpha where the format has one: the limits hold what they promise."""
    image = Image.new("RGBA" if kind == "PNG" else "RGB", (8000, 5000), (200, 30, 30))
    assert confined(filed(image, kind)).startswith("sound:")


def test_a_scan_bomb_within_the_limits_costs_little() -> None:
    """The most scans over the most pixels of a progressive JPEG."""
    image = Image.new("RGB", (6000, 4000), (200, 30, 30))
    data = filed(image, "JPEG", progressive=True, subsampling=0, quality=30)
    scans = data.count(b"\xff\xda")
    start = data.rindex(b"\xff\xda")
    data = data[:start] + data[start:-2] * (MOST_SCANS - scans + 1) + data[-2:]
    assert data.count(b"\xff\xda") <= MOST_SCANS
    assert confined(data).startswith(("sound:", "malformed:"))


@pytest.mark.parametrize("media_type", ["image/gif", "image/svg+xml", "text/plain", "", SECRET])
def test_other_media_types_are_refused(media_type: str) -> None:
    """They are named by the caller, who may have put anything there."""
    with pytest.raises(Malformed, match="media type") as caught:
        sound_picture(filed(drawn()), media_type)
    assert SECRET not in caught.value.message


def test_the_content_decides_what_a_picture_is() -> None:
    """A JPEG called PNG is a JPEG."""
    picture = sound_picture(filed(noisy(), "JPEG"), "image/png; charset=binary")
    assert picture.media_type == "image/jpeg"
    assert picture.data.reveal().startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "I;16", "CMYK", "WEBP"])
def test_every_kind_of_pixel_becomes_rgb(mode: str) -> None:
    """Dark stays dark and light stays light."""
    kind = {"CMYK": "JPEG", "WEBP": "WEBP"}.get(mode, "PNG")
    image = drawn()
    options: dict[str, object] = {}
    if mode == "I;16":
        image = Image.frombytes(
            mode, (64, 40), b"".join(bytes((v, v)) for v in drawn("L").tobytes())
        )
    elif mode in ("P", "PA"):
        image = image.quantize(4)
        options = {"transparency": image.getpixel((60, 35))} if mode == "PA" else {}
    elif mode != "WEBP":
        image = image.convert(mode)
    seen = levels(sound_picture(filed(image, kind, **options), "image/png").data.reveal())
    assert seen[0] < 60 and seen[1] > 200


def levels(data: bytes) -> tuple[int, int]:
    """Return how light the dark quarter and the rest of a picture of 64 × 40 pixels are."""
    with Image.open(io.BytesIO(data)) as image:
        grey = image.convert("L").tobytes()
    assert len(grey) == 64 * 40
    return grey[5 * 64 + 5], grey[35 * 64 + 60]


@pytest.mark.parametrize("ink", [0, 255])
def test_letters_on_nothing_stay_legible(ink: int) -> None:
    """Black ones come to stand on white, and white ones on black."""
    image = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((10, 10, 40, 30), fill=(ink, ink, ink, 255))
    flat = pixels(filed(image)).convert("L")
    assert flat.getpixel((20, 20)) == ink and flat.getpixel((2, 2)) == 255 - ink


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_come_out_upright(orientation: int) -> None:
    """EXIF's eight ways are undone; the dark quarter ends where the viewer saw it."""
    undo = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }[orientation]  # fmt: skip
    stored = drawn() if undo is None else drawn().transpose(undo)
    exif = Image.Exif()
    exif[274] = orientation
    data = filed(stored, "JPEG", exif=exif, quality=95)
    assert pixels(data).size == (64, 40)
    seen = levels(sound_picture(data, "image/jpeg").data.reveal())
    assert seen[0] < 60 and seen[1] > 190


def test_nothing_but_pixels_is_kept() -> None:
    """No EXIF, place, comment, text, XMP or profile, and nothing that follows the picture."""
    exif = Image.Exif()
    exif[0x010E] = SECRET
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET)
    text.add_itxt("XML:com.adobe.xmp", SECRET, zip=False)
    files = [
        filed(drawn(), "PNG", pnginfo=text, exif=exif, icc_profile=profile),
        filed(noisy(), "JPEG", comment=SECRET, exif=exif, icc_profile=profile),
        filed(noisy(), "WEBP", exif=exif, xmp=SECRET.encode(), icc_profile=profile),
    ]
    for data in files:
        assert SECRET.encode() in data
        sound = sound_picture(data + zipped() + SECRET.encode(), "image/png").data.reveal()
        assert SECRET.encode() not in sound and b"PK\3\4" not in sound
        with Image.open(io.BytesIO(sound)) as image:
            image.load()
            assert not set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            assert not image.getexif()


def test_colours_are_those_of_the_profile() -> None:
    """A profile that swaps red and blue is followed; a broken one is as if there were none."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"----").replace(b"bXYZ", b"rXYZ").replace(b"----", b"bXYZ")
    red = Image.new("RGB", (20, 20), (250, 0, 0))
    for kind in ("RGB", "RGBA"):
        seen = pixels(filed(red.convert(kind), icc_profile=swapped)).tobytes()[:3]
        assert seen[2] > 240 and seen[0] < 20
    for harmless in (profile, b"broken" * 30):
        assert pixels(filed(red, icc_profile=harmless)).tobytes()[:3] == bytes((250, 0, 0))


def test_large_pictures_are_made_smaller() -> None:
    """No side above the most; the shape stays."""
    picture = sound_picture(filed(drawn(size=(5000, 1200))), "image/png", most_side=1000)
    with Image.open(io.BytesIO(picture.data.reveal())) as image:
        assert image.size == (1000, 240)


def test_screenshots_stay_exact_and_photographs_become_jpeg() -> None:
    """Few colours in a PNG are kept as they are."""
    flat, photo = (sound_picture(filed(image), "image/png") for image in (drawn(), noisy()))
    assert (flat.media_type, photo.media_type) == ("image/png", "image/jpeg")
    assert pixels(flat.data.reveal()).tobytes() == drawn().tobytes()


def test_the_content_has_no_repr() -> None:
    """A picture can be logged by mistake without being shown."""
    assert "withheld" in repr(sound_picture(filed(drawn()), "image/png"))


def test_every_cut_of_a_file_ends_in_a_picture_or_a_sentence() -> None:
    """No other exception, wherever a file ends or whichever byte is wrong."""
    dice = random.Random(3)
    for kind in ("PNG", "JPEG", "WEBP"):
        data = filed(drawn(), kind)
        for _ in range(150):
            spoilt = bytearray(data[: dice.randrange(1, len(data) + 1)])
            spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
            try:
                sound_picture(bytes(spoilt), "image/png")
            except Malformed as error:
                assert error.hint
