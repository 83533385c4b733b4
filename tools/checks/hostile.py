"""Files made to hurt a reader: cut off, with oversized headers, bombs, entities, loops."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from random import randbytes

from PIL import Image

from pratique.labels.kinds import Kind
from tests.labels.varied import varied

_BIG = 300_000_000
"""Bytes that a bomb unpacks to."""
_ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 12}">'
        for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]>"
)
_OUTSIDE = '<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]>'


def hostile(kind: Kind) -> Iterator[tuple[str, bytes]]:
    """Yield a name, whose ending is *kind*, and the bytes."""
    whole = varied(kind, 1)
    if kind not in ("txt", "md"):
        yield f"cut-half.{kind}", whole[: len(whole) // 2]
        yield f"cut-head.{kind}", whole[:24]
    makers = {"png": _pngs, "jpeg": _jpegs, "webp": _webps, "pdf": _pdfs}
    if kind in makers:
        yield from makers[kind]()
    elif kind in ("docx", "xlsx"):
        yield from _packages(kind)
    else:
        yield from (one for one in _texts() if one[0].endswith(kind))


def _chunk(kind: bytes, body: bytes, size: int | None = None) -> bytes:
    length = len(body) if size is None else size
    return struct.pack(">I", length) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(*chunks: bytes, width: int = 8, height: int = 8) -> bytes:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = _chunk(b"IDAT", zlib.compress(b"\0" * 9 * 8))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + pixels + _chunk(b"IEND", b"")


@cache
def _bomb() -> bytes:
    packer = zlib.compressobj(9)
    piece = b"\0" * 1_000_000
    return b"".join(packer.compress(piece) for _ in range(_BIG // len(piece))) + packer.flush()


def _xmp(head: str) -> bytes:
    return (
        f'{head}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/'
        '22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:TC260="http://www.tc260.org.cn/ns/'
        'AIGC/1.0/"><TC260:AIGC>&j;</TC260:AIGC></rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


def _pngs() -> Iterator[tuple[str, bytes]]:
    bomb = _bomb()
    yield "huge-header.png", _png(width=2**31 - 1, height=2**31 - 1)
    yield "large-header.png", _png(width=20_000, height=20_000)
    yield "chunk-size.png", _png(_chunk(b"tEXt", b"a\0b", 0x7FFFFFFF))
    yield "chunk-size-odd.png", _png(_chunk(b"tEXt", b"a\0b", 0xFFFFFFFF))
    yield "text-bomb.png", _png(_chunk(b"zTXt", b"AIGC\0\0" + bomb))
    yield "itext-bomb.png", _png(_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + bomb))
    yield "profile-bomb.png", _png(_chunk(b"iCCP", b"a\0\0" + bomb))
    yield "raw-profile-bomb.png", _png(_chunk(b"zTXt", b"Raw profile type exif\0\0" + bomb))
    for name, head in (("entities", _ENTITIES), ("outside", _OUTSIDE)):
        yield f"xmp-{name}.png", _png(_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + _xmp(head)))
    deep = b"<a>" * 400_000
    yield "xmp-deep.png", _png(_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + deep))
    yield "many-chunks.png", _png(*[_chunk(b"tEXt", b"AIGC\0{}")] * 200_000)
    yield "label-deep.png", _png(_chunk(b"tEXt", b"AIGC\0" + b"[" * 900_000))


def _jpegs() -> Iterator[tuple[str, bytes]]:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    plain = out.getvalue()
    start = plain.index(b"\xff\xc0")
    yield "huge-header.jpeg", plain[: start + 5] + b"\xff\xff\xff\xff" + plain[start + 9 :]
    yield "segment-size.jpeg", plain[:2] + b"\xff\xe1\xff\xffExif\0\0" + plain[2:60]
    yield "only-starts.jpeg", b"\xff\xd8\xff" * 5_000_000
    yield "no-end.jpeg", plain[:2] + b"\xff\xfe\0\x10" * 1_000_000
    loop = b"II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0"
    count = b"II*\0\x08\0\0\0\x01\0\x86\x92\x07\0\xff\xff\xff\x7f\x08\0\0\0\0\0\0\0"
    for name, exif in (("loop", loop), ("count", count)):
        body = b"Exif\0\0" + exif
        segment = b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body
        yield f"exif-{name}.jpeg", plain[:2] + segment + plain[2:]
    for name, head in (("entities", _ENTITIES), ("outside", _OUTSIDE)):
        body = b"http://ns.adobe.com/xap/1.0/\0" + _xmp(head)
        segment = b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body
        yield f"xmp-{name}.jpeg", plain[:2] + segment + plain[2:]


def _webps() -> Iterator[tuple[str, bytes]]:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "WEBP", lossless=True)
    plain = out.getvalue()
    yield "riff-size.webp", plain[:4] + b"\xff\xff\xff\xff" + plain[8:]
    yield "chunk-size.webp", plain[:16] + b"\xff\xff\xff\x7f" + plain[20:]
    extended = b"VP8X\x0a\0\0\0\x04\0\0\0" + b"\xff\x3f\0" * 2
    xmp = b"XMP " + (0x7FFFFFFF).to_bytes(4, "little") + b"<"
    body = b"WEBP" + extended + plain[12:] + xmp
    yield "xmp-size.webp", b"RIFF" + len(body).to_bytes(4, "little") + body


def _pdf(objects: list[bytes], trailer: bytes = b"/Root 1 0 R /Info 3 0 R") -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return out + b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)


def _pdfs() -> Iterator[tuple[str, bytes]]:
    root, info = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Title (t) >>"
    pages = b"<< /Type /Pages /Kids [] /Count 0 >>"
    yield "loop-pages.pdf", _pdf([root, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>", info])
    yield "count.pdf", _pdf([root, b"<< /Type /Pages /Kids [] /Count 2147483647 >>", info])
    yield "info-loop.pdf", _pdf([root, pages, b"3 0 R"])
    yield "info-number.pdf", _pdf([root, pages, b"7"])
    yield "label-number.pdf", _pdf([root, pages, b"<< /AIGC 7 >>"])
    yield "deep.pdf", _pdf([root, pages, b"[" * 500_000 + b"]" * 500_000])
    yield "deep-open.pdf", _pdf([root, pages, b"<< /AIGC " + b"[" * 1_000_000])
    whole = _pdf([root, pages, info])
    start = whole.rindex(b"startxref")
    table = whole.index(b"xref\n")
    yield "xref-loop.pdf", whole.replace(b"/Size", b"/Prev %d /Size" % table)
    yield "xref-far.pdf", whole[:start] + b"startxref\n99999999999\n%%EOF\n"
    yield "xref-size.pdf", whole.replace(b"xref\n0 4", b"xref\n0 2000000000")
    bomb = _bomb()
    stream = b"<< /Type /XRef /Size 9 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /Length %d >>"
    head = b"%PDF-1.7\n1 0 obj\n" + root + b"\nendobj\n"
    body = stream % len(bomb) + b"\nstream\n" + bomb + b"\nendstream\nendobj\n"
    yield "xref-bomb.pdf", head + b"2 0 obj\n" + body + b"startxref\n%d\n%%%%EOF\n" % len(head)
    packed = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>" % len(bomb)
    objects = [root, pages, b"4 0 R", packed + b"\nstream\n" + bomb + b"\nendstream"]
    yield "stream-bomb.pdf", _pdf(objects)
    # An object that lives in a stream which unpacks to very much.
    where = len(head)
    kept = head + b"4 0 obj\n" + objects[3] + b"\nendobj\n"
    rows = b"".join(
        struct.pack(">BIB", *row)
        for row in ((0, 0, 0), (1, 9, 0), (2, 4, 0), (2, 4, 0), (1, where, 0), (1, len(kept), 0))
    )
    table_ = b"<< /Type /XRef /Size 6 /W [1 4 1] /Root 1 0 R /Info 3 0 R /Length %d >>" % len(rows)
    kept_ = kept + b"5 0 obj\n" + table_ + b"\nstream\n" + rows + b"\nendstream\nendobj\n"
    yield "object-bomb.pdf", kept_ + b"startxref\n%d\n%%%%EOF\n" % len(kept)
    yield "noise.pdf", b"%PDF-1.7\n" + b"1 0 obj\n" * 2_000_000


def _package(parts: dict[str, bytes], ending: str) -> bytes:
    out = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(varied("docx" if ending == "docx" else "xlsx", 3)))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, body in parts.items():
            target.writestr(name, body)
    return out.getvalue()


def _custom(head: str, value: str) -> bytes:
    return (
        f'<?xml version="1.0"?>{head}<Properties xmlns="http://schemas.openxmlformats.org/office'
        'Document/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/office'
        f'Document/2006/docPropsVTypes"><property name="AIGC"><vt:lpwstr>{value}</vt:lpwstr>'
        "</property></Properties>"
    ).encode()


def _packages(ending: str) -> Iterator[tuple[str, bytes]]:
    main = "word/document.xml" if ending == "docx" else "xl/workbook.xml"
    yield f"bomb.{ending}", _package({"media/bomb.bin": b"\0" * _BIG}, ending)
    yield f"bomb-main.{ending}", _package({main: b"<a/>" * 14_000_000}, ending)
    yield f"bomb-custom.{ending}", _package({"docProps/custom.xml": b" " * 60_000_000}, ending)
    yield f"deep.{ending}", _package({"docProps/custom.xml": b"<a>" * 300_000}, ending)
    yield f"deep-main.{ending}", _package({main: b"<a>" * 900_000}, ending)
    near = b"<a>" + b"<a/>" * 700_000 + b"</a>"
    yield f"wide-near.{ending}", _package({main: near}, ending)
    noise = randbytes(20_000_000)  # noqa: S311  (no secret)
    yield f"large-near.{ending}", _package({"media/noise.bin": noise}, ending)
    yield f"wide-main.{ending}", _package({main: b"<a>" + b"<a/>" * 990_000 + b"</a>"}, ending)
    for name, head in (("entities", _ENTITIES), ("outside", _OUTSIDE)):
        hidden = {"docProps/custom.xml": _custom(head, "&j;")}
        yield f"xml-{name}.{ending}", _package(hidden, ending)
        yield (
            f"xml-{name}-types.{ending}",
            _package({"[Content_Types].xml": f"{head}<Types>&j;</Types>".encode()}, ending),
        )
        yield (
            f"xml-{name}-main.{ending}",
            _package({main: f"{head}<x>&j;</x>".encode()}, ending),
        )
    parts = {f"p/{number}": b"" for number in range(20_000)}
    yield f"many-parts.{ending}", _package(parts, ending)
    whole = bytearray(_package({"media/bomb.bin": b"\0" * _BIG}, ending))
    # The claim is a lie: a thousand bytes, where there are very many.
    place = whole.rindex(b"PK\x01\x02", 0, whole.rindex(b"media/bomb.bin"))
    whole[place + 24 : place + 28] = struct.pack("<I", 1_000)
    yield f"lie.{ending}", bytes(whole)


def _texts() -> Iterator[tuple[str, bytes]]:
    yield "deep.json", b"[" * 20_000_000
    yield "deep-label.json", b'{"label":' * 2_000_000
    yield "long-number.json", b'{"AIGC":' + b"9" * 20_000_000 + b"}"
    yield "wide.json", b"[" + b"{}," * 6_000_000 + b"{}]"
    yield "aliases.md", _aliases()
    yield "deep.md", b"---\nAIGC: " + b"[" * 60_000 + b"\n---\n"
    yield "deep-block.md", b"---\n" + b"".join(b" " * n + b"a:\n" for n in range(330)) + b"---\n"
    yield "many-keys.md", b"---\n" + b"AIGC: 1\n" * 7_900 + b"---\n"
    yield "front.md", b"---\n" + b"a: 1\n" * 4_000_000 + b"---\n"
    yield "bars.md", b"---\n" * 5_000_000
    yield "lines.txt", b"{}\n" * 8_000_000
    yield "labels.txt", b'{"AIGC":1}\n' * 2_000_000
    yield "one-line.txt", b'{"AIGC":' * 2_900_000
    # The same again, just within the bounds.
    yield "deep-near.json", b"[" * 990_000
    yield "wide-near.json", b"[" + b"{}," * 330_000 + b"{}]"
    yield "number-near.json", b'{"AIGC":' + b"9" * 990_000 + b"}"
    yield "keys-near.md", b"---\n" + b"AIGC: 1\n" * 1_900 + b"---\n"
    yield "brackets-near.md", b"---\nAIGC: " + b"[" * 490 + b"]" * 490 + b"\n---\n"
    yield "bars-near.md", b"---\n" * 249_000
    yield "lines-near.txt", b"{}\n" * 330_000
    yield "labels-near.txt", b'{"AIGC":1}\n' * 90_000
    yield "one-line-near.txt", b'{"AIGC":' * 124_000
    yield "too-large.txt", b"a" * 30_000_000
    yield "no-text.txt", b"\xff" * 1000


def _aliases() -> bytes:
    lines = [b"a: &a [x,x,x,x,x,x,x,x,x]"]
    for before, name in zip(b"abcdefghi", b"bcdefghij", strict=True):
        many = b",".join([b"*%c" % before] * 9)
        lines.append(b"%c: &%c [%s]" % (name, name, many))
    return b"---\n" + b"\n".join([*lines, b"AIGC: *j"]) + b"\n---\n"
