"""Labels in files: read back, nothing else changed, one only."""

import io
import json
from pathlib import Path

import msgspec
import pikepdf
import pytest
from PIL import Image, PngImagePlugin

from pratique.errors import Malformed, NotAllowed
from pratique.labels.files import label_bytes, read_bytes
from pratique.labels.implicit import first_write
from pratique.labels.kinds import Kind
from tests.labels.varied import KINDS, content, varied

CODE = "001191110102MAD55U9H0F10002"
LABEL, OTHER = first_write(CODE, "a-1"), first_write(CODE, "a-2")
INNER = msgspec.json.encode(LABEL.aigc).decode()
BLOCK = "".join(f"  {key}: {value!r}\n" for key, value in json.loads(INNER).items())
WHOLE = msgspec.json.encode(LABEL).decode()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(6))
def test_a_label_goes_in_and_nothing_else_changes(kind: Kind, seed: int) -> None:
    """It is read back, a second one is refused or takes its place, and the rest is as it was."""
    path, data = Path(f"a.{kind}"), varied(kind, seed)
    assert read_bytes(data, path).fields == []
    labelled = label_bytes(data, path, LABEL)
    assert read_bytes(labelled, path).fields == [LABEL.aigc]
    assert content(kind, labelled) == content(kind, data)
    with pytest.raises(NotAllowed, match="already"):
        label_bytes(labelled, path, OTHER)
    replaced = label_bytes(labelled, path, OTHER, replace=True)
    assert read_bytes(replaced, path).fields == [OTHER.aigc]
    assert content(kind, replaced) == content(kind, data)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_cut_off_is_refused_by_name_or_still_whole(kind: Kind) -> None:
    """No cut makes a program's error; a text may end anywhere, a PDF within its last line."""
    path, data = Path(f"a.{kind}"), label_bytes(varied(kind, 1), Path(f"a.{kind}"), LABEL)
    for end in range(0, len(data) - 3, max(1, len(data) // 40)):
        try:
            found = read_bytes(data[:end], path)
        except (Malformed, NotAllowed) as error:
            assert f"a.{kind}" in str(error)
        else:
            assert kind in ("txt", "md", "pdf") and found.fields in ([], [LABEL.aigc])


def _png(key: str, text: str) -> bytes:
    out, texts = io.BytesIO(), PngImagePlugin.PngInfo()
    texts.add_text(key, text)
    Image.new("RGB", (4, 4)).save(out, "PNG", pnginfo=texts)
    return out.getvalue()


def _jpeg_comment(text: str) -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + text.encode()
    Image.new("RGB", (4, 4)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def _pdf(text: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/AIGC"] = pikepdf.String(text)
        document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", _png("AIGC", INNER)),
        ("a.png", _png("AIGC", WHOLE)),
        ("a.jpg", _jpeg_comment(WHOLE)),
        ("a.pdf", _pdf(INNER)),
        ("a.pdf", _pdf(WHOLE)),
        ("a.txt", f"text\n{INNER}\n\n".encode()),
        ("a.md", f"---\nAIGC:\n{BLOCK}---\n".encode()),
        ("a.md", f"---\na: 1\nAIGC: '{INNER}'\n---\n".encode()),
        ("a.json", f'{{"AIGC":{INNER}}}'.encode()),
        ("a.json", f'{{"label":{{"implicit":{INNER}}}}}'.encode()),
        ("a.json", INNER.encode()),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_label_of_others_is_read_in_both_shapes(name: str, data: bytes) -> None:
    """The seven keys alone, or under their keyword, in each place that others use."""
    assert read_bytes(data, Path(name)).fields == [LABEL.aigc]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", f"text\n{WHOLE}\n{WHOLE}\n"),
        ("a.md", f"---\nAIGC: {INNER}\nAIGC: {INNER}\n---\n"),
        ("a.json", f'{{"AIGC":{INNER},"label":{{"implicit":{WHOLE}}}}}'),
    ],
)
def test_a_second_label_is_a_fault_and_is_gone_when_replaced(name: str, data: str) -> None:
    """The standard wants one; whoever replaces it gets one."""
    found = read_bytes(data.encode(), Path(name))
    assert found.faults == ["it carries 2 labels; one is right"]
    mended = label_bytes(data.encode(), Path(name), OTHER, replace=True)
    assert read_bytes(mended, Path(name)).fields == [OTHER.aigc]


def test_an_essay_with_a_label_in_it_carries_none() -> None:
    """Only the end of a text is its label."""
    data = f"The field looks like this:\n{WHOLE}\nand that is all.\n".encode()
    assert read_bytes(data, Path("a.txt")).fields == []


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.bin", b"x", "no file of a kind"),
        ("a.json", b'{"AIGC":1,"AIGC":2}', "stands twice"),
        ("a.json", b"[" * 100_000, "no JSON|nests too deep"),
        ("a.json", b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "nests too deep|no JSON"),
        ("a.md", b"---\nAIGC: *nowhere\n---\n", "no mapping of seven keys"),
        ("a.md", b"---\n{a: 1}\n---\n", "no block of keys"),
        ("a.md", b"---\na: [1\n---\n", "no YAML"),
        ("a.md", b"---\na: " + b"[" * 70_000 + b"\n---\n", "front matter has"),
        ("a.txt", b"\xff\xfe", "no UTF-8"),
        ("a.txt", b'{"AIGC": "x"}', "no JSON|no `AIGC` field"),
    ],
)
def test_what_is_not_sound_says_why(name: str, data: bytes, why: str) -> None:
    """The file, what is wrong, and nothing of its content."""
    with pytest.raises(Malformed, match=why) as caught:
        read_bytes(data, Path(name))
    assert caught.value.path == Path(name)


def test_a_signed_or_encrypted_document_is_left_alone() -> None:
    """Writing would break the signature, or take the encryption off."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(out, encryption=pikepdf.Encryption(owner="o", user=""))
    with pytest.raises(NotAllowed, match="encrypted"):
        label_bytes(out.getvalue(), Path("a.pdf"), LABEL)


def test_a_jpeg_with_a_small_picture_inside_is_seen_to_be_cut_off() -> None:
    """The end of the small one is not the end of the picture."""
    small, out, exif = io.BytesIO(), io.BytesIO(), Image.Exif()
    Image.new("RGB", (8, 8)).save(small, "JPEG")
    exif[0x010E] = "kept"
    exif.get_ifd(0x8769)[0x927C] = small.getvalue()
    Image.effect_noise((90, 90), 90).save(out, "JPEG", exif=exif)
    assert small.getvalue() in out.getvalue()
    assert read_bytes(out.getvalue(), Path("a.jpg")).fields == []
    with pytest.raises(Malformed, match="cut off"):
        read_bytes(out.getvalue()[:-40], Path("a.jpg"))
