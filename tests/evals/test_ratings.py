"""Ratings: blind sheets out, and only what was handed out comes back in."""

import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pratique.errors import Malformed, NotAllowed, NotFound, PratiqueError
from pratique.evals.ratings.batches import Batch, Item, adjudication_sheet, sheet_for
from pratique.evals.ratings.guarding import MOST_UNFOLDED
from pratique.evals.ratings.layout import header_row, rating_column
from pratique.evals.ratings.reading import read_sheet
from pratique.evals.ratings.returning import take_back
from pratique.evals.ratings.sheets import MOST_CHARACTERS, Given, Grade, Row, Sheet, shown
from pratique.evals.ratings.standing import standing_of
from pratique.evals.ratings.table import keep_batch, ratings_of
from pratique.evals.ratings.writing import write_sheet
from pratique.store.database import Database
from tests.databases import new_database

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
GRADES = (Grade(value=1, says="Poor"), Grade(value=2, says="Fair"), Grade(value=3, says="Good"))
TEXTS = ("=1+1", "+86 10 5555 0100", "-5 °C", "@lin", "两行\n文字", "  kept  ", "", "a_x0041_b\x01")
BATCH = Batch(
    kind="run",
    language="en",
    question="How good is it?",
    grades=GRADES,
    headings=("Request", "Answer"),
    items=tuple(
        Item(id=f"s-{n}", texts=(text, f"answer {n}"), sealed={"by": "meridian-1"})
        for n, text in enumerate(TEXTS)
    ),
    raters=("ada", "bo"),
    seed=4,
    sealed={"candidate": "meridian/large"},
)
SHEET = sheet_for(BATCH, "ada")
FIRST, RATING = header_row(SHEET) + 1, rating_column(SHEET)


def handed_out(
    folder: Path, sheet: Sheet = SHEET, rate: Callable[[str], int] = lambda _: 2
) -> Path:
    """Return a sheet that was written, and rated as a person would."""
    path = folder / "sheet.xlsx"
    write_sheet(sheet, path)
    return changed(path, lambda page: rated(page, sheet, rate))


def rated(page: Worksheet, sheet: Sheet, rate: Callable[[str], int]) -> None:
    """Enter a rating in each row."""
    for row in range(header_row(sheet) + 1, header_row(sheet) + 1 + len(sheet.rows)):
        page.cell(row, rating_column(sheet)).value = rate(str(page.cell(row, 1).value))


def changed(path: Path, change: Callable[[Worksheet], None]) -> Path:
    """Change a sheet by another program, and save it."""
    book = load_workbook(path)
    page = book.active
    assert isinstance(page, Worksheet)
    change(page)
    book.save(path)
    return path


def known(name: str) -> Sheet:
    """Return the one sheet there is."""
    if name != SHEET.id:
        raise NotFound(f"no sheet `{name}`")
    return SHEET


def test_a_sheet_comes_back_as_it_was_given(tmp_path: Path) -> None:
    """Every row once, with its rating, whatever its text begins with."""
    sheet, found = read_sheet(handed_out(tmp_path, rate=lambda code: 1 + int(code) % 3), known)
    assert sheet == SHEET
    assert found == tuple(
        Given(code=row.code, value=1 + int(row.code) % 3, note="") for row in SHEET.rows
    )


def test_texts_are_texts_and_nothing_is_hidden(tmp_path: Path) -> None:
    """No cell is a formula, no tab, row or column is out of sight, and no name is in the file."""
    path = handed_out(tmp_path)
    book = load_workbook(path)
    page = book.active
    assert isinstance(page, Worksheet) and book.sheetnames == ["Rating"]
    assert page.sheet_state == "visible"
    assert not any(one.hidden for one in page.column_dimensions.values())
    assert not any(one.hidden for one in page.row_dimensions.values())
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    risky = [cell for row in page.iter_rows() for cell in row if cell.value in TEXTS[:4]]
    assert len(risky) == 4 and all(cell.quotePrefix for cell in risky)
    (rule,) = page.data_validations.dataValidation
    assert (rule.type, rule.formula1) == ("list", '"1,2,3"')
    with zipfile.ZipFile(path) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"meridian" not in everything and b"s-3" not in everything


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_any_text_goes_out_and_comes_back(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    """A sheet that nobody changed is never refused."""
    rows = tuple(Row(code=str(n), texts=(text,)) for n, text in enumerate(texts))
    sheet = Sheet(
        id="b/ada", language="zh", question="好吗？", grades=GRADES, headings=("请求",), rows=rows
    )
    path = handed_out(tmp_path_factory.mktemp("any"), sheet)
    assert len(read_sheet(path, lambda _: sheet)[1]) == len(texts)


def put(row: int, column: int, value: object) -> Callable[[Worksheet], None]:
    """Return a change that enters *value*."""

    def change(page: Worksheet) -> None:
        page.cell(row, column).value = value  # type: ignore[assignment]

    return change


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (put(FIRST + 1, RATING, None), f"row {FIRST + 1}, column D: no rating"),
        (put(FIRST, RATING, 4), f"row {FIRST}, column D: rating `4` is none of 1, 2, 3"),
        (put(FIRST, RATING, 2.5), f"row {FIRST}, column D: rating `2.5`"),
        (put(FIRST, RATING, True), f"row {FIRST}, column D: rating `True`"),
        (put(FIRST, RATING, "good"), f"row {FIRST}, column D: rating `good`"),
        (put(FIRST, RATING, "=1+1"), f"row {FIRST}, column D: a formula"),
        (put(FIRST, RATING + 1, "=HYPERLINK(1)"), f"row {FIRST}, column E: a formula"),
        (put(FIRST + 2, 3, "another answer"), f"row {FIRST + 2}, column C: the text of"),
        (put(FIRST, 1, "99"), f"row {FIRST}, column A: the unknown number `99`"),
        (put(FIRST, 1, None), f"row {FIRST}, column A: no number"),
        (put(FIRST + 1, 1, SHEET.rows[0].code), f"row {FIRST + 1}, column A: number"),
        (put(2, 2, "How bad is it?"), "row 2, column B: changed"),
        (put(3, 2, "Great"), "row 3, column B: changed"),
        (put(FIRST - 1, 3, "Its answer"), f"row {FIRST - 1}, column C: changed"),
        (put(FIRST + len(TEXTS), 1, "9"), f"row {FIRST + len(TEXTS)}, column A: something"),
        (put(FIRST, 9, "see below"), f"row {FIRST}, column I: something"),
        (put(1, 2, None), "row 1, column B: no name of a sheet"),
        (lambda page: page.delete_rows(FIRST), "column A: no number"),
    ],
)
def test_an_altered_sheet_is_refused_with_row_and_column(
    tmp_path: Path, change: Callable[[Worksheet], None], where: str
) -> None:
    """Nothing is guessed, and no row is skipped."""
    path = changed(handed_out(tmp_path), change)
    with pytest.raises(Malformed) as caught:
        read_sheet(path, known)
    assert where in caught.value.message and str(path) in caught.value.message


def test_what_programs_do_to_a_sheet_does_no_harm(tmp_path: Path) -> None:
    """Rows in another order, whole numbers as text, spaces at an end: still the same sheet."""

    def reorder(page: Worksheet) -> None:
        cells = [[page.cell(FIRST + n, c).value for c in range(1, 6)] for n in range(len(TEXTS))]
        for n, row in enumerate(reversed(cells)):
            for column, value in enumerate(row, 1):
                page.cell(FIRST + n, column).value = value
                if isinstance(value, str):
                    page.cell(FIRST + n, column).data_type = "s"
        page.cell(FIRST, RATING).value = "3"
        page.cell(FIRST, 1).value = int(str(page.cell(FIRST, 1).value))
        page.cell(FIRST, RATING + 1).value = "  unsure "

    _, found = read_sheet(changed(handed_out(tmp_path), reorder), known)
    assert found[0].value == 3 and found[0].note == "unsure"
    assert {one.code for one in found} == {row.code for row in SHEET.rows}


def write_zip(path: Path, parts: dict[str, bytes]) -> Path:
    """Write an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({"xl/worksheets/sheet1.xml": b" " * (MOST_UNFOLDED + 1)}, "unfolds to"),
        ({f"part{n}.xml": b"" for n in range(300)}, "300 parts"),
        ({"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}, "declares entities"),
        ({"xl/workbook.xml": '<?xml version="1.0"?><x/>'.encode("utf-16")}, "is not UTF-8"),
        ({"xl/workbook.xml": b'<?xml version="1.0" encoding="gb18030"?><x/>'}, "is not UTF-8"),
        ({"xl/vbaProject.bin": b"x"}, "active part"),
        ({"xl/externalLinks/externalLink1.xml": b"<x/>"}, "active part"),
        ({"hello.txt": b"x"}, "not a workbook"),
        ({"[Content_Types].xml": b"<Types"}, "not a workbook"),
    ],
)
def test_a_file_that_is_no_plain_workbook_is_refused(
    tmp_path: Path, parts: dict[str, bytes], what: str
) -> None:
    """Before anything unfolds it or reads its XML."""
    with pytest.raises(Malformed, match=what):
        read_sheet(write_zip(tmp_path / "x.xlsx", parts), known)


def test_a_part_that_unfolds_to_more_than_it_states_is_refused(tmp_path: Path) -> None:
    """The size in the archive's directory is a claim, too."""
    path = write_zip(tmp_path / "x.xlsx", {"xl/workbook.xml": b" " * 5_000_000})
    data = path.read_bytes()
    stated = (5_000_000).to_bytes(4, "little")
    assert data.count(stated) == 2
    path.write_bytes(data.replace(stated, (1000).to_bytes(4, "little")))
    with pytest.raises(Malformed, match="not a workbook"):
        read_sheet(path, known)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"code,rating\n1,2\n", b"\xd0\xcf\x11\xe0"])
def test_another_file_is_refused(tmp_path: Path, data: bytes) -> None:
    """A text, an old workbook, a cut archive."""
    path = tmp_path / "x.xlsx"
    path.write_bytes(data)
    with pytest.raises(Malformed, match="not a workbook"):
        read_sheet(path, known)


def test_a_workbook_of_another_kind_is_refused(tmp_path: Path) -> None:
    """Two tabs, or a sheet that nobody handed out."""
    book = Workbook()
    book.create_sheet("more")
    book.save(tmp_path / "two.xlsx")
    with pytest.raises(Malformed, match="2 tabs"):
        read_sheet(tmp_path / "two.xlsx", known)
    path = changed(handed_out(tmp_path), put(1, 2, "rate-0/eve"))
    with pytest.raises(NotFound, match="rate-0/eve"):
        read_sheet(path, known)
    with pytest.raises(NotFound, match="no file"):
        read_sheet(tmp_path / "none.xlsx", known)


@settings(max_examples=25, deadline=None)
@given(place=st.floats(0, 1), byte=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_file_is_an_error_of_ours(
    tmp_path_factory: pytest.TempPathFactory, place: float, byte: int, cut: bool
) -> None:
    """One byte changed, or the end missing: refused, or read as it was; never a traceback."""
    path = handed_out(tmp_path_factory.mktemp("damaged"))
    data = bytearray(path.read_bytes())
    at = int(place * (len(data) - 1))
    data[at] = byte
    path.write_bytes(bytes(data[:at]) if cut else bytes(data))
    try:
        found = read_sheet(path, known)[1]
    except PratiqueError:
        return
    assert len(found) == len(SHEET.rows)


def test_a_sheet_is_never_written_over(tmp_path: Path) -> None:
    """Ratings may stand in it."""
    handed_out(tmp_path)
    with pytest.raises(NotAllowed, match="there is a file"):
        write_sheet(SHEET, tmp_path / "sheet.xlsx")


def test_a_text_that_no_cell_holds_is_refused(tmp_path: Path) -> None:
    """Cut, it would not be what is rated."""
    long = Row(code="1", texts=("😀" * (MOST_CHARACTERS // 2 + 1), ""))
    sheet = Sheet(**{**{f: getattr(SHEET, f) for f in SHEET.__struct_fields__}, "rows": (long,)})
    with pytest.raises(Malformed, match="more than the"):
        write_sheet(sheet, tmp_path / "long.xlsx")


def test_each_rater_has_an_order_of_their_own() -> None:
    """What stands early is rated otherwise than what stands late; that must not add up."""
    orders = [[row.code for row in sheet_for(BATCH, rater).rows] for rater in BATCH.raters]
    assert orders[0] != orders[1] and sorted(orders[0]) == sorted(orders[1])
    assert shown("a\r\nb\x07") == "a\nb�"


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """A new database that knows the batch."""
    found = new_database(tmp_path / "pratique.db")
    with found.begin() as connection:
        keep_batch(connection, BATCH, NOW)
    return found


def returned(database: Database, folder: Path, sheet: Sheet, rate: Callable[[str], int]) -> int:
    """Hand a sheet out, rate it, take it back; return how many ratings were new."""
    folder.mkdir(exist_ok=True)
    path = folder / "sheet.xlsx"
    path.unlink(missing_ok=True)
    handed_out(folder, sheet, rate)
    with database.begin() as connection:
        return take_back(connection, path, NOW).new


def test_two_raters_and_one_who_decides(database: Database, tmp_path: Path) -> None:
    """Agreed items are settled; the others wait for somebody who is none of the raters."""
    folder = tmp_path / "sheets"
    assert returned(database, folder, sheet_for(BATCH, "ada"), lambda _: 2) == len(TEXTS)
    with database.connect() as connection:
        early = standing_of(BATCH, ratings_of(connection, BATCH.id))
    assert (early.awaited, early.agreement, early.settled) == (("bo",), None, 0)
    returned(database, folder, sheet_for(BATCH, "bo"), lambda code: 3 if int(code) < 3 else 2)
    with database.connect() as connection:
        both = ratings_of(connection, BATCH.id)
    standing = standing_of(BATCH, both)
    assert standing.agreement is not None
    assert (standing.disputed, standing.settled) == (2, len(TEXTS) - 2)
    assert standing.agreement.same == pytest.approx(1 - 2 / len(TEXTS))
    given = {one.item: {"ada": 2, "bo": 2} for one in both}
    given.update({one.item: {"ada": 2, "bo": 3} for one in both if one.value == 3})
    with pytest.raises(NotAllowed, match="is a rater"):
        adjudication_sheet(BATCH, "ada", given)
    decides = adjudication_sheet(BATCH, "cy", given)
    assert len(decides.rows) == 2 and all(row.texts[-1] == "2 / 3" for row in decides.rows)
    assert returned(database, folder, decides, lambda _: 3) == 2
    with database.connect() as connection:
        done = standing_of(BATCH, ratings_of(connection, BATCH.id))
    assert (done.decided, done.settled) == (2, len(TEXTS))
    assert done.agreement == standing.agreement


def test_a_rating_stays_as_it_was_given(database: Database, tmp_path: Path) -> None:
    """The same sheet again is nothing new; another opinion is refused as a whole."""
    folder, sheet = tmp_path / "sheets", sheet_for(BATCH, "ada")
    assert returned(database, folder, sheet, lambda _: 2) == len(TEXTS)
    assert returned(database, folder, sheet, lambda _: 2) == 0
    with pytest.raises(NotAllowed, match="gave 2 for an item"):
        returned(database, folder, sheet, lambda code: 3 if code == "1" else 2)
    with database.connect() as connection:
        assert {one.value for one in ratings_of(connection, BATCH.id)} == {2}
