"""Packs: what is read, what is refused, and what lint says."""

from datetime import date
from pathlib import Path

import msgspec
import pytest
from openpyxl import Workbook

from pratique.errors import Malformed, NotAllowed
from pratique.screening.entries import Entry
from pratique.screening.lint import lint, require
from pratique.screening.pack import pack_of, read_pack
from pratique.screening.screen import Screen
from pratique.screening.starter import starter

_TABLE = "id\tphrase\trisk\taction\tscope\tallow\nr1\t交通\tA.1f\tmask\toutput\t路口交通|交通灯\n"


def test_tsv_jsonl_and_xlsx_give_the_same_pack(tmp_path: Path) -> None:
    """The form of a file is no part of what it says."""
    (tmp_path / "pack.tsv").write_text(_TABLE, "utf-8")
    entry = read_pack(tmp_path / "pack.tsv").entries[0]
    (tmp_path / "pack.jsonl").write_bytes(msgspec.json.encode(entry))
    book = Workbook()
    for row in _TABLE.splitlines():
        book.worksheets[0].append(row.split("\t"))
    book.save(tmp_path / "pack.xlsx")
    packs = [read_pack(tmp_path / f"pack.{form}") for form in ("tsv", "jsonl", "xlsx")]
    assert packs[0] == packs[1] == packs[2]
    assert entry.allow == ("路口交通", "交通灯")


def test_a_wrong_cell_is_named_by_file_and_line(tmp_path: Path) -> None:
    """No row is skipped in silence."""
    path = tmp_path / "pack.tsv"
    path.write_text("id\tphrase\trisk\taction\nr1\t明林计划\tA.1f\tban\n", "utf-8")
    with pytest.raises(Malformed, match=r"pack\.tsv:2: .*'ban'"):
        read_pack(path)


@pytest.mark.parametrize(
    ("row", "missing"),
    [("r1\t明林计划", "risk"), ("r1\t明林计划\t\tstop", "risk"), ("r1\t明林计划\tA.1f", "action")],
)
def test_a_row_without_its_risk_or_action_is_no_entry(
    tmp_path: Path, row: str, missing: str
) -> None:
    """It would stop answers and count for nothing; only `allow` goes without a risk."""
    path = tmp_path / "pack.tsv"
    path.write_text(f"id\tphrase\trisk\taction\nr0\t好词\t\tallow\n{row}\n", "utf-8")
    with pytest.raises(Malformed, match=rf"pack\.tsv:3: the row has no `{missing}`"):
        read_pack(path)


def test_an_entry_of_symbols_alone_is_refused() -> None:
    """It could not be told from decoration, and must not look as if it worked."""
    with pytest.raises(Malformed, match="`star`"):
        Screen(pack_of([Entry(id="star", phrase="★★")], id="p"))


def test_scope_locale_and_last_day_decide_whether_an_entry_counts() -> None:
    """An entry for answers of one feature in one locale says nothing elsewhere."""
    entry = Entry(
        id="r",
        phrase="明林计划",
        scope=("output", "rewrite"),
        lang=("zh-Hans",),
        not_after="2026-12-31",
    )
    pack = pack_of([entry], id="p")
    screen = Screen(pack, today=date(2026, 12, 31))
    assert screen.check("明林计划", "output", feature="rewrite", locale="zh-Hans").hits
    assert not screen.check("明林计划", "input", feature="rewrite", locale="zh-Hans").hits
    assert not screen.check("明林计划", "output", feature="translate", locale="zh-Hans").hits
    assert not screen.check("明林计划", "output", feature="rewrite", locale="en").hits
    assert not Screen(pack, today=date(2027, 1, 1)).check("明林计划", "output").hits


def test_parts_count_only_together_and_near() -> None:
    """Two ordinary words a page apart are no hit."""
    entry = Entry(id="r", phrase="明林", all_of=("计划",), within=12)
    screen = Screen(pack_of([entry], id="p"))
    assert [hit.view for hit in screen.check("计划里有明林吗").hits] == ["all_of"]
    assert not screen.check("计划" + "里" * 12 + "明林").hits


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("phone", "+86 138-1234-5678", "123812345678"),
        ("identity", "11010119900307299X", "110101199003072990"),
        ("card", "4000 0000 0000 0002", "4000 0000 0000 0003"),
        ("site", "www.example.com", "3.14"),
    ],
)
def test_patterns_check_what_can_be_checked(name: str, good: str, bad: str) -> None:
    """A wrong check digit is an ordinary number."""
    screen = Screen(pack_of([msgspec.convert({"id": "p", "pattern": name}, Entry)], id="p"))
    assert [(hit.start, hit.end) for hit in screen.check(f"是{good}。").hits] == [
        (1, 1 + len(good))
    ]
    assert not screen.check(f"是{bad}。").hits


def test_lint_refuses_a_list_that_hits_ordinary_text() -> None:
    """And names the entry; with force it goes on."""
    pack = pack_of([Entry(id="common", phrase="一个"), Entry(id="one", phrase="的")], id="p")
    report = lint(pack, clean={"any": ["这是一个苹果", "一个人", "天气好"]})
    assert report.refused
    assert report.lines_hit == 2
    assert report.worst[0] == ("common", 2)
    with pytest.raises(NotAllowed, match="refused"):
        require(report, force=False)
    require(report, force=True)


def test_lint_counts_risks_and_finds_doubles_after_folding() -> None:
    """Traditional and simplified are one entry, and a longer one adds nothing to a shorter."""
    entries = [
        Entry(id="a", phrase="明林计划", risk="A.1f"),
        Entry(id="b", phrase="明林計劃", risk="A.1f"),
        Entry(id="c", phrase="大明林计划书", risk="A.1f"),
    ]
    found = {
        (one.kind, one.rule) for one in lint(pack_of(entries, id="p"), least={"A.1f": 5}).findings
    }
    assert found == {("duplicate", "b"), ("covered", "c"), ("too_few", "A.1f")}


def test_the_starter_pack_passes_its_own_lint() -> None:
    """Twenty to forty entries a category, none short, none twice, and no hit on ordinary text."""
    pack = starter()
    groups: dict[str, int] = {}
    for entry in pack.entries:
        groups[entry.id.rsplit("-", 1)[0]] = groups.get(entry.id.rsplit("-", 1)[0], 0) + 1
    assert all(20 <= count <= 40 for count in groups.values())
    assert all(len(entry.phrase) >= 4 for entry in pack.entries)
    report = lint(
        pack,
        clean={"any": ["银行提醒您不要把钱转给陌生人", "医生说不能自行停药", "他在准备公务员考试"]},
    )
    assert not [one for one in report.findings if one.kind != "too_few"]
    assert report.lines_hit == 0
