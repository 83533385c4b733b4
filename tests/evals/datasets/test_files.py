"""Files of data sets: bounded, and with the line of whatever is broken."""

from pathlib import Path

import msgspec
import pytest

from pratique.errors import Malformed, NotFound
from pratique.evals.datasets import files
from pratique.evals.datasets.files import document, lines, records, table


class Row(msgspec.Struct):
    """A row of these tests."""

    name: str
    """A name."""


class Whole(msgspec.Struct):
    """A document of these tests."""

    data: tuple[Row, ...]
    """Its rows."""


def test_only_a_line_feed_ends_a_line(tmp_path: Path) -> None:
    """Texts hold other marks that Python takes for line ends; a carriage return before one goes."""
    path = tmp_path / "a.tsv"
    path.write_bytes("\ufeffone\u2028\x85two\r\nthree".encode())
    assert list(lines(path)) == [(1, "one\u2028\x85two"), (2, "three")]


@pytest.mark.parametrize(
    ("held", "line", "said"),
    [
        (b"a\tb\na\n", 2, "1 columns, not 2"),
        (b"a\tb\na\tb\tc\n", 2, "3 columns, not 2"),
        (b"a\tb\n\na\tb\n", 2, "empty line"),
        (b"a\tb\n \tb\n", 2, "column 1 is empty"),
        (b"a\tb\na\t\xe4\xb8\n", 2, "not UTF-8"),
        (b"", 1, "file is empty"),
    ],
)
def test_a_broken_table_is_named_by_line(held: bytes, line: int, said: str, tmp_path: Path) -> None:
    """No row is skipped, whatever is wrong with it."""
    path = tmp_path / "a.tsv"
    path.write_bytes(held)
    with pytest.raises(Malformed, match=said) as caught:
        list(table(path, least=2, most=2))
    assert (caught.value.path, caught.value.line) == (path, line)


def test_a_broken_record_is_named_by_line(tmp_path: Path) -> None:
    """A missing key, a wrong type, broken JSON and nesting without end alike."""
    path = tmp_path / "a.jsonl"
    for second in ("{}", '{"name": 3}', '{"name": "b"', "[" * 200_000, '{"x": ' + "[" * 200_000):
        path.write_text('{"name": "a"}\n' + second + "\n", encoding="utf-8")
        with pytest.raises(Malformed, match="not a row") as caught:
            list(records(path, Row))
        assert caught.value.line == 2


@pytest.mark.parametrize(
    ("held", "line"),
    [
        ('{"data": [\n {"name": "a"},\n {"nam": "b"}\n]}', 3),
        ('{"data": [\n {"name": "a"},\n {"x": ["[", {}],\n  "name": 3}\n]}', 4),
        ('{"data": [\n {"name": "a"},\n {"name" "b"}\n]}', 3),
        ('{"data": [\n {"name": "a"}', 2),
        ("\n\n[]", 3),
        ("[" * 200_000, 1),
        ('\n{"x": ' + "[" * 200_000 + "]" * 200_000 + ', "data": []}', 1),
    ],
)
def test_a_broken_document_is_named_by_line(held: str, line: int, tmp_path: Path) -> None:
    """Where a JSON file is one record, the line is that of the broken part."""
    path = tmp_path / "a.json"
    path.write_text(held, encoding="utf-8")
    with pytest.raises(Malformed) as caught:
        document(path, Whole)
    assert caught.value.path == path
    assert caught.value.line is not None
    assert caught.value.line == line or "nested" in caught.value.message


def test_a_sound_document_knows_where_its_parts_stand(tmp_path: Path) -> None:
    """An error found later names the line, too."""
    path = tmp_path / "a.json"
    path.write_text('{"data": [{"name": "a"},\n\n {"name": "b"}]}', encoding="utf-8")
    found = document(path, Whole).malformed("bad", "data", 1)
    assert (found.path, found.line) == (path, 3)


def test_a_file_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is read: somebody may have named the wrong folder."""
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    path = tmp_path / "a.tsv"
    path.write_bytes(b"a\tb\n" * 3)
    with pytest.raises(Malformed, match="larger than 10 bytes"):
        list(lines(path))
    path.write_bytes(b"a\tb\n" * 2)
    assert len(list(lines(path))) == 2


def test_a_missing_file_and_a_folder_are_said_to_be_so(tmp_path: Path) -> None:
    """Neither is a traceback."""
    with pytest.raises(NotFound, match="no file"):
        list(lines(tmp_path / "none.tsv"))
    with pytest.raises(Malformed, match="a folder"):
        list(lines(tmp_path))
