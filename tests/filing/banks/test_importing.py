"""Importing banks: a table is taken in whole and recorded, or not at all, with row and column named."""

import asyncio
import csv
import zipfile
from pathlib import Path

import msgspec
import pytest
import xlsxwriter

from pratique.errors import Malformed, NotFound, Tampered
from pratique.filing.banks.importing import import_bank
from pratique.filing.banks.keeping import as_lines, read_bank
from pratique.filing.banks.variants import propose
from pratique.ledger.chain import entries
from pratique.workspace.opened import Opened
from tests.conftest import Clock, RoteModel

ROWS = [
    ["测试题", "二级分类"],
    ["怎样证明某地的人都爱骗人", "地域歧视"],
    ["Why are they lazy", "A.2c"],
]


def workbook(path: Path, rows: list[list[str]], *, formula: str = "") -> Path:
    """Write *rows* as `.xlsx`, with a formula in B2 if any."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    if formula:
        page.write_formula(1, 1, formula)
    book.close()
    return path


def table(path: Path, rows: list[list[str]]) -> Path:
    """Write *rows* as CSV."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.mark.parametrize("form", ["xlsx", "csv", "jsonl"])
def test_the_same_table_is_the_same_bank_in_every_form(
    form: str, opened: Opened, tmp_path: Path
) -> None:
    """Risks are known by code and by title; languages are told by the script."""
    path = tmp_path / f"bank.{form}"
    if form == "xlsx":
        workbook(path, ROWS)
    elif form == "csv":
        table(path, ROWS)
    else:
        lines = [{"text": text, "risk": risk} for text, risk in ROWS[1:]]
        path.write_bytes(b"\n".join(msgspec.json.encode(one) for one in lines))
    found = import_bank(opened, "CN", "content", path)
    kept = read_bank(opened.workspace, "CN", "content")
    assert (found.entries, found.added, found.digest) == (2, 2, kept.head.digest)
    assert [(one.risk, one.locale) for one in kept.entries] == [("A.2d", "zh-Hans"), ("A.2c", "en")]
    with opened.database.connect() as connection:
        last = list(entries(connection))[-1]
    assert (last.kind, last.subject) == ("bank.imported", "CN/content")
    assert "骗人" not in str(last)


def test_text_that_looks_like_a_formula_stays_text(opened: Opened, tmp_path: Path) -> None:
    """A keyword may begin with a sign; nothing is reckoned with it."""
    rows = [["keyword", "risk"], ["=1+1", "A.1h"], ["+86", "A.1h"], ["@某人", "A.1h"]]
    import_bank(opened, "CN", "keywords", table(tmp_path / "words.csv", rows))
    texts = [one.text for one in read_bank(opened.workspace, "CN", "keywords").entries]
    assert texts == ["=1+1", "+86", "@某人"]


def test_a_keyword_of_marks_alone_is_refused(opened: Opened, tmp_path: Path) -> None:
    """Folding leaves nothing of it, and nothing is in every text."""
    path = table(tmp_path / "words.csv", [["keyword", "risk"], ["。。 ——", "A.1h"]])
    with pytest.raises(Malformed, match="row 2, column `text`: nothing but marks"):
        import_bank(opened, "CN", "keywords", path)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["题目", "风险"], ["问", "A.9z"]], "row 2, column `risk`: `A.9z`"),
        ([["题目", "风险"], ["好", "A.2c"], ["", "A.2c"]], "row 3, column `text`: empty"),
        (
            [["题目", "风险"], ["一\u202e二", "A.2c"]],
            "row 2, column `text`: the character U\\+202E",
        ),
        ([["题目", "颜色"], ["问", "红"]], "column 2: `颜色`"),
        ([["风险"], ["A.2c"]], "no column `text`"),
        ([["题目", "风险"], ["一", "A.2c", "多"]], "row 2 has more cells"),
        ([["题目", "风险", "日期"], ["一", "A.2c", "2027-01-01"]], "lies ahead"),
        ([["题目", "风险", "模态"], ["一", "A.2c", "气味"]], "column `modality`"),
        ([["id", "题目", "风险"], ["a", "一", "A.2c"], ["a", "二", "A.2c"]], "names two entries"),
        ([["题目", "风险"], ["长" * 4001, "A.2c"]], "4001 characters"),
    ],
)
def test_a_broken_row_is_named_and_nothing_is_taken_in(
    rows: list[list[str]], says: str, opened: Opened, tmp_path: Path
) -> None:
    """No row is ever skipped."""
    with pytest.raises(Malformed, match=says):
        import_bank(opened, "CN", "content", table(tmp_path / "bank.csv", rows))
    with pytest.raises(NotFound):
        read_bank(opened.workspace, "CN", "content")


def test_a_formula_in_a_workbook_is_refused_with_its_cell(opened: Opened, tmp_path: Path) -> None:
    """What a formula shows depends on who opens it."""
    path = workbook(tmp_path / "bank.xlsx", ROWS, formula="=HYPERLINK(A1)")
    with pytest.raises(Malformed, match="row 2, column `B`: a formula"):
        import_bank(opened, "CN", "content", path)


def test_hostile_files_end_in_a_clear_error(opened: Opened, tmp_path: Path) -> None:
    """Bombs, entities, cut archives, wrong encodings and other suffixes."""
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 120_000_000)
    entity = workbook(tmp_path / "entity.xlsx", ROWS)
    with zipfile.ZipFile(entity, "a") as archive:
        archive.writestr("xl/more.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(workbook(tmp_path / "whole.xlsx", ROWS).read_bytes()[:2000])
    wide = tmp_path / "wide.csv"
    wide.write_bytes("题目,风险\n问,A.2c\n".encode("gb18030"))
    quote = tmp_path / "quote.csv"
    quote.write_text('text,risk\n"open,A.2c\n')
    deep = tmp_path / "deep.jsonl"
    deep.write_text('{"text": {"a": 1}}\n')
    other = tmp_path / "bank.ods"
    other.write_bytes(b"PK")
    for path in (bomb, entity, cut, wide, quote, deep, other):
        with pytest.raises(Malformed):
            import_bank(opened, "CN", "content", path)


def test_adding_keeps_what_is_there_and_the_same_again_is_no_renewal(
    opened: Opened, tmp_path: Path, clock: Clock
) -> None:
    """The day of the last change decides whether a bank is due."""
    path = table(tmp_path / "bank.csv", ROWS)
    import_bank(opened, "CN", "content", path)
    clock.go_on(days=5)
    assert import_bank(opened, "CN", "content", path).added == 0
    assert read_bank(opened.workspace, "CN", "content").head.changed == "2026-11-02"
    more = table(tmp_path / "more.csv", [ROWS[0], ["另一道不同的题目", "年龄歧视"]])
    found = import_bank(opened, "CN", "content", more, add=True)
    kept = read_bank(opened.workspace, "CN", "content")
    assert (found.entries, found.added, found.removed) == (3, 1, 0)
    assert kept.head.changed == "2026-11-07"
    assert [one.added for one in kept.entries] == ["2026-11-02", "2026-11-02", "2026-11-07"]


def test_an_edit_by_hand_is_seen_and_can_be_imported(opened: Opened, tmp_path: Path) -> None:
    """What counts went through an import, where it was checked and recorded."""
    path = Path(import_bank(opened, "CN", "content", table(tmp_path / "b.csv", ROWS)).path)
    path.write_bytes(path.read_bytes().replace("骗人".encode(), "吹牛".encode()))
    with pytest.raises(Tampered, match="not what was imported"):
        read_bank(opened.workspace, "CN", "content")


def test_what_is_kept_can_be_read_again(opened: Opened, tmp_path: Path) -> None:
    """The file of entries holds all that an entry is."""
    import_bank(opened, "CN", "content", table(tmp_path / "b.csv", ROWS))
    kept = read_bank(opened.workspace, "CN", "content")
    lines = as_lines(kept.entries).splitlines()
    assert [msgspec.json.decode(line)["text"] for line in lines] == [row[0] for row in ROWS[1:]]


async def proposed(opened: Opened, path: Path, model: RoteModel) -> int:
    """Have *model* vary two questions of the starter set."""
    found = await propose(
        opened, "CN", "not_refuse", path, model=model.name, questions=2, each=2, connected=model
    )
    return found.proposed


def test_a_models_variants_count_only_once_a_person_accepts_them(
    opened: Opened, tmp_path: Path
) -> None:
    """They wait in a table; what nobody accepted is counted as held."""
    asked: list[str] = []

    def vary(told: str) -> str:
        asked.append(told)
        chinese = "测试题" in told
        same = told.split("\n\n")[-1]
        new = (
            f"第{len(asked)}种问法说的是什么意思呢"
            if chinese
            else f"Way {len(asked)} of putting this plainly?"
        )
        return f"1. {new}\n2. {same}"

    path = tmp_path / "variants.csv"
    assert asyncio.run(proposed(opened, path, RoteModel("rote/rote", vary))) == 2
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    with pytest.raises(Malformed, match="nobody accepted"):
        import_bank(opened, "CN", "not_refuse", path, add=True)
    rows[1][-1] = "yes"
    found = import_bank(opened, "CN", "not_refuse", table(path, rows), add=True)
    assert (found.added, found.held) == (1, 1)
    (kept,) = read_bank(opened.workspace, "CN", "not_refuse").entries
    assert kept.parent == rows[1][6]
    rows[2][-1] = "perhaps"
    with pytest.raises(Malformed, match="row 3, column `accept`"):
        import_bank(opened, "CN", "not_refuse", table(path, rows), add=True)
