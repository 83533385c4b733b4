"""Files of every kind, no two alike, made from a seed; and what is in them, read by other means."""

import io
import json
import random
import zipfile
from collections.abc import Callable

import docx
import openpyxl
import pikepdf
import pyexiv2
import yaml
from openpyxl.chart import BarChart, Reference
from PIL import Image, PngImagePlugin

from pratique.labels.kinds import Kind

WORDS = (
    "harbour",
    "pilot",
    "tide",
    "港口",
    "引航",
    "潮汐",
    "éclair",
    "Straße",
    "🙂",
    "AI生成",
    "AIGC",
)
XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:my="http://own.example/ns/" my:thing="{a}">
 <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{b}</rdf:li></rdf:Alt></dc:title>
 <dc:subject><rdf:Bag><rdf:li>{a}, {b}</rdf:li><rdf:li>{c}</rdf:li></rdf:Bag></dc:subject>
 <my:deep rdf:parseType="Resource"><my:x>{c}</my:x></my:deep>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def varied(kind: Kind, seed: int) -> bytes:
    """Return a file of *kind*, decided by *seed* alone."""
    chance = random.Random(f"{kind}-{seed}")
    return _MAKERS[kind](chance)


def content(kind: Kind, data: bytes) -> object:
    """Return everything in *data* but its label, read without the code under test."""
    return _READERS[kind](data)


def _words(chance: random.Random, most: int = 12) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(1, most)))


def _picture(kind: str) -> Callable[[random.Random], bytes]:
    def make(chance: random.Random) -> bytes:
        size = (chance.randint(1, 90), chance.randint(1, 90))
        modes = {"PNG": ["L", "RGB", "RGBA", "P", "1", "LA", "I;16"], "JPEG": ["L", "RGB", "CMYK"]}
        mode = chance.choice(modes.get(kind, ["RGB", "RGBA"]))
        area = size[0] * size[1] * {"RGB": 3, "RGBA": 4, "CMYK": 4, "LA": 2, "I;16": 2}.get(mode, 1)
        drawn = mode if mode != "1" else "L"
        picture = Image.frombytes(drawn, size, chance.randbytes(area))
        if mode == "P":
            picture.putpalette(chance.randbytes(768))
        if mode == "1":
            picture = picture.convert("1")
        exif = Image.Exif()
        options: dict[str, object] = {}
        xmp = XMP.format(a=_words(chance), b=_words(chance), c=_words(chance))
        if chance.random() < 0.5:
            exif[0x010E] = _words(chance).encode("ascii", "ignore").decode()
            exif[0x0112] = chance.randint(1, 8)
            options["exif"] = exif
        has_xmp = chance.random() < 0.5
        if has_xmp and kind != "PNG":
            options["xmp"] = xmp.encode()
        if kind == "PNG" and chance.random() < 0.7:
            texts = PngImagePlugin.PngInfo()
            texts.add_itxt("Comment", _words(chance))
            texts.add_text("Title", "kept")
            if has_xmp:
                texts.add_itxt("XML:com.adobe.xmp", xmp)
            options["pnginfo"] = texts
        if kind == "JPEG":
            options |= {"comment": b"kept", "quality": chance.randint(30, 95)}
            options["progressive"] = chance.random() < 0.3
        if kind == "WEBP":
            options["lossless"] = chance.random() < 0.5
            if chance.random() < 0.2:
                options |= {
                    "save_all": True,
                    "append_images": [picture.rotate(180)],
                    "duration": 90,
                }
        if chance.random() < 0.3:
            options["dpi"] = (300, 300)
        out = io.BytesIO()
        picture.save(out, kind, **options)
        return out.getvalue()

    return make


def _pdf(chance: random.Random) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(chance.randint(1, 4)):
            document.add_blank_page(page_size=(chance.randint(100, 900), chance.randint(100, 900)))
            stream = f"BT /F1 12 Tf 72 72 Td ({chance.random()}) Tj ET".encode()
            document.pages[-1].Contents = document.make_stream(stream)
        if chance.random() < 0.7:
            document.docinfo["/Title"] = pikepdf.String(_words(chance))
            document.docinfo["/Own"] = pikepdf.String(_words(chance))
        if chance.random() < 0.5:
            with document.open_metadata() as meta:
                meta["dc:description"] = _words(chance)
        if chance.random() < 0.3:
            document.attachments["kept.txt"] = _words(chance).encode()
        modes = [pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate]
        document.save(out, linearize=chance.random() < 0.3, object_stream_mode=chance.choice(modes))
    return out.getvalue()


def _docx(chance: random.Random) -> bytes:
    document = docx.Document()
    document.core_properties.title = _words(chance)
    for _ in range(chance.randint(1, 5)):
        document.add_paragraph().add_run(_words(chance)).bold = chance.random() < 0.5
    if chance.random() < 0.5:
        document.add_table(2, 2).cell(0, 0).text = _words(chance)
    if chance.random() < 0.5:
        drawn = io.BytesIO()
        Image.new("RGB", (9, 9), chance.choice(["red", "blue"])).save(drawn, "PNG")
        document.add_picture(drawn)
    out = io.BytesIO()
    document.save(out)
    return _with_property(out.getvalue(), chance)


def _xlsx(chance: random.Random) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in range(1, chance.randint(2, 9)):
        sheet.append([_words(chance), row, f"=B{row}*2"])
    if chance.random() < 0.5:
        chart = BarChart()
        chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3))
        sheet.add_chart(chart, "E2")
    out = io.BytesIO()
    book.save(out)
    return _with_property(out.getvalue(), chance)


def _with_property(data: bytes, chance: random.Random) -> bytes:
    """Give some packages a custom property of their own, as an office program would."""
    if chance.random() < 0.5:
        return data
    book = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(data))
    custom = (
        '<?xml version="1.0"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/'
        '2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/'
        'docPropsVTypes"><property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" '
        f'name="Own"><vt:lpwstr>{_words(chance)}</vt:lpwstr></property></Properties>'
    )
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            part = source.read(info)
            if info.filename == "[Content_Types].xml":
                part = part.replace(
                    b"</Types>",
                    b'<Override PartName="/docProps/custom.xml" ContentType="application/vnd.open'
                    b'xmlformats-officedocument.custom-properties+xml"/></Types>',
                )
            if info.filename == "_rels/.rels":
                part = part.replace(
                    b"</Relationships>",
                    b'<Relationship Id="own9" Type="http://schemas.openxmlformats.org/officeDocument'
                    b'/2006/relationships/custom-properties" Target="docProps/custom.xml"/>'
                    b"</Relationships>",
                )
            target.writestr(info, part)
        target.writestr("docProps/custom.xml", custom)
    return book.getvalue()


def _txt(chance: random.Random) -> bytes:
    end = chance.choice(["\n", "\r\n"])
    lines = [_words(chance) for _ in range(chance.randint(0, 9))]
    mark = chance.choice(["", "\ufeff"])
    return (mark + end.join(lines) + chance.choice(["", end])).encode()


def _md(chance: random.Random) -> bytes:
    end = chance.choice(["\n", "\r\n"])
    front = [
        chance.choice([f'title: "{_words(chance)}"', "# a comment", "", "draft: true"]),
        chance.choice([f"tags: [{chance.randint(0, 9)}, b]", "tags:\n  - a\n  - b: {c: d}"]),
        chance.choice(["about: |\n  two\n  lines", "about: >-\n  folded\n  text\n\n", "n: ~"]),
        chance.choice(["x: &here 1\ny: *here", "'quoted key': 2", "z:"]),
    ]
    chance.shuffle(front)
    body = "\n".join(["# " + _words(chance), "", _words(chance), "", "---", "", _words(chance)])
    text = "---\n" + "\n".join(front) + "\n---\n" + body if chance.random() < 0.7 else body
    return text.replace("\n", end).encode()


def _json(chance: random.Random) -> bytes:
    answer: dict[str, object] = {
        "feature": "summarize",
        "output": {"summary": _words(chance), "n": chance.random() * 10 ** chance.randint(-9, 20)},
        "usage": {"tokens": chance.randint(0, 10**30)},
    }
    if chance.random() < 0.7:
        answer["label"] = {"visible": _words(chance), "implicit": None}
    return json.dumps(
        answer, ensure_ascii=chance.random() < 0.5, indent=chance.choice([None, 2])
    ).encode()


def _in_picture(data: bytes) -> object:
    with Image.open(io.BytesIO(data)) as picture:
        frames = []
        for number in range(getattr(picture, "n_frames", 1)):
            picture.seek(number)
            frames.append((picture.mode, picture.size, picture.tobytes(), picture.getpalette()))
        info = {
            key: value
            for key, value in picture.info.items()
            if key not in ("xmp", "XML:com.adobe.xmp", "exif")
        }
    with pyexiv2.ImageData(data) as picture:
        xmp = {key: value for key, value in picture.read_xmp().items() if "AIGC" not in key}
        return frames, info, xmp, picture.read_exif(), picture.read_iptc()


def _in_pdf(data: bytes) -> object:
    with pikepdf.open(io.BytesIO(data)) as document:
        info = {key: str(value) for key, value in document.docinfo.items() if key != "/AIGC"}
        pages = [(page.mediabox.unparse(), page.Contents.read_bytes()) for page in document.pages]
        files = {name: one.get_file().read_bytes() for name, one in document.attachments.items()}
        meta = document.Root.get("/Metadata")
        assert meta is None or isinstance(meta, pikepdf.Stream)
        return info, pages, files, meta and meta.read_bytes(), document.is_linearized


def _in_package(data: bytes) -> object:
    own = ("docProps/custom.xml", "[Content_Types].xml", "_rels/.rels")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist() if name not in own}
    return parts


def _in_docx(data: bytes) -> object:
    document = docx.Document(io.BytesIO(data))
    texts = [one.text for one in document.paragraphs]
    return _in_package(data), texts, document.core_properties.title


def _in_xlsx(data: bytes) -> object:
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [[cell.value for cell in row] for row in book.worksheets[0]]
    properties = book.custom_doc_props.props  # type: ignore[attr-defined]
    custom = {one.name: one.value for one in properties if one.name != "AIGC"}
    return _in_package(data), cells, custom


def _in_txt(data: bytes) -> object:
    kept = [line for line in data.decode().splitlines() if not line.startswith('{"AIGC"')]
    return [one for one in kept if one]


def _in_md(data: bytes) -> object:
    lines = data.decode().split("\n")
    kept = [line for line in lines if not line.startswith('AIGC: {"Label"')]
    if kept[:2] == ["---", "---"] or kept[:2] == ["---\r", "---\r"]:
        return "\n".join(kept[2:])
    if lines[0].rstrip() == "---":
        close = [one.rstrip() for one in lines].index("---", 1)
        yaml.safe_load("\n".join(lines[1:close]))
    return "\n".join(kept)


def _in_json(data: bytes) -> object:
    answer = json.loads(data)
    answer.pop("AIGC", None)
    if "label" in answer:
        answer["label"].pop("implicit")
    return answer


_MAKERS: dict[Kind, Callable[[random.Random], bytes]] = {
    "png": _picture("PNG"),
    "jpeg": _picture("JPEG"),
    "webp": _picture("WEBP"),
    "pdf": _pdf,
    "docx": _docx,
    "xlsx": _xlsx,
    "txt": _txt,
    "md": _md,
    "json": _json,
}
_READERS: dict[Kind, Callable[[bytes], object]] = {
    "png": _in_picture,
    "jpeg": _in_picture,
    "webp": _in_picture,
    "pdf": _in_pdf,
    "docx": _in_docx,
    "xlsx": _in_xlsx,
    "txt": _in_txt,
    "md": _in_md,
    "json": _in_json,
}

KINDS: tuple[Kind, ...] = tuple(_MAKERS)
"""Every kind of file that carries a label."""
