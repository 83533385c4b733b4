"""Documents of a pack: what a person hands in, with what is missing in red."""

import io
from pathlib import Path

import docx
import pytest
from openpyxl import load_workbook

from pratique.assessment.choose import sign_off
from pratique.errors import Malformed, NotAllowed, NotFound, Tampered
from pratique.filing.copies import pack_summary
from pratique.filing.documents.template import FACTS, folder, read_template
from pratique.filing.documents.word import RED
from pratique.filing.dossier import KeywordRow, QuestionRow
from pratique.filing.file import file_selection
from pratique.filing.pack import write_pack
from pratique.regimes.regime import load_regime
from pratique.workspace.opened import Opened
from tests.filing.test_filings import assessed
from tests.filing.test_pack import FILED_API, KEY, dossier, files_of


def text_of(data: bytes) -> tuple[str, str]:
    """All text of a Word file, and what of it is red."""
    document = docx.Document(io.BytesIO(data))
    paragraphs = list(document.paragraphs)
    paragraphs += [
        paragraph
        for table in document.tables
        for row in table.rows
        for cell in row.cells
        for paragraph in cell.paragraphs
    ]
    paragraphs += document.sections[0].header.paragraphs
    runs = [run for paragraph in paragraphs for run in paragraph.runs]
    red = "".join(run.text for run in runs if run.font.color.rgb == RED)
    return "".join(run.text for run in runs), red


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a draft whose producer, keywords and questions are known."""
    made = dossier(
        producer="Harbour Phones",
        producer_code="001191000000MA0000000N10001",
        partners=("`harbour/small`: `H-1` stands in the list of 2026-11-01",),
        keywords=(KeywordRow(keyword="=cmd()", risk="A.2a"),),
        questions=(
            QuestionRow(question="问题一", risk="A.1a", answer="不便回答", judgement="合格"),
        ),
    )
    target = tmp_path_factory.mktemp("documents") / "pack"
    write_pack(target, made, KEY)
    return files_of(target)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_form_holds_what_is_known_and_marks_what_is_not(
    files: dict[str, bytes], language: str
) -> None:
    """What only people know stands in red; so do the marks of a draft and of practice."""
    text, red = text_of(files[f"{language}/form.docx"])
    assert "Harbour Phones" in text and "001191000000MA0000000N10001" in text
    assert "harbour/small (s-1, serve)" in text and "list of 2026-11-01" in text
    assert "Harbour Phones" not in red
    assert ("【填写】" if language == "zh" else "【fill in】") in red
    assert ("草稿" if language == "zh" else "DRAFT") in red and "simulated" in red


def test_a_report_has_each_item_with_its_conclusion(files: dict[str, bytes]) -> None:
    """All items of the regime, and every open one in red."""
    text, red = text_of(files["zh/report.docx"])
    report = load_regime("cn-cac").report
    assert all(item.title.zh in text for item in report.items)
    assert red.count("【未完成】") == len(report.items) + 1
    assert "91.2% [85.0%, 95.0%]" in text


def test_sheets_have_the_columns_that_offices_ask_for(files: dict[str, bytes]) -> None:
    """Text stays text, whatever it begins with."""
    keywords = load_workbook(io.BytesIO(files["keywords.xlsx"])).worksheets[0]
    rows = [[cell.value for cell in row] for row in keywords.iter_rows()]
    assert rows[0] == ["关键词", "一级分类", "二级分类"]
    assert rows[1][0] == "=cmd()" and str(rows[1][1]).startswith("A.2")
    assert keywords["A2"].data_type == "s"
    questions = load_workbook(io.BytesIO(files["questions.xlsx"])).worksheets[0]
    rows = [[cell.value for cell in row] for row in questions.iter_rows()]
    assert rows[0] == ["序号", "测试题", "一级分类", "二级分类", "模型回答", "研判结果"]
    assert rows[1][1] == "问题一" and rows[1][4:] == ["不便回答", "合格"]


def test_a_registration_has_other_documents(tmp_path: Path) -> None:
    """The statement on the filed model and the rules for content, in place of the report."""
    base = dossier()
    variant = base.variants[0]
    import msgspec

    made = dossier(variants=(msgspec.structs.replace(variant, route=FILED_API),))
    pack = write_pack(tmp_path / "pack", made, KEY)
    assert pack.route.procedure == "registration"
    assert {"zh/model.docx", "zh/rules.docx", "en/model.docx"} <= set(pack.files)
    assert "zh/report.docx" not in pack.files


@pytest.mark.parametrize("path", sorted(folder("cn-cac").glob("*.toml")), ids=lambda one: one.stem)
def test_every_template_reads(path: Path) -> None:
    """Each names only facts that there are, in both languages alike."""
    template = read_template("cn-cac", path.stem)
    for section in template.sections:
        for both in (*section.paragraphs, *(row.value for row in section.rows)):
            for fact in FACTS:
                assert (f"{{{fact}}}" in both.zh) == (f"{{{fact}}}" in both.en), both


def test_people_answer_with_evidence(opened: Opened) -> None:
    """The file is in the pack under its hash, and the report takes the conclusion over."""
    answers = opened.workspace.folder / "answers"
    answers.mkdir()
    (answers / "roster.txt").write_text("two people, day and night")
    (answers / "CN.toml").write_text(
        '[[answers]]\nduty = "report.23"\nstate = "met"\nzh = "值守两人"\nen = "two on watch"\n'
        'evidence = ["answers/roster.txt", "contract H-7, legal department"]\n'
    )
    assessed(opened, {("summarize", "en")})
    filing = file_selection(opened, "CN", draft=True)
    found = pack_summary(opened, filing)
    assert "evidence/roster.txt" in {one.path for one in found.files}
    assert found.findings["met"] == 4  # this one, and the three that are measured
    assert sum(found.findings.values()) == 33
    assert "report.23" not in {one.duty for one in found.missing}
    assert "people.seal" in {one.duty for one in found.missing}


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (
            'duty = "report.99"\nstate = "met"\nzh = "x"\nen = "x"\nevidence = ["y"]',
            Malformed,
            "no duty",
        ),
        ('duty = "report.23"\nstate = "met"\nzh = "x"\nen = "x"', Malformed, "without evidence"),
        (
            'duty = "report.23"\nstate = "met"\nzh = "x"\nen = "x"\nevidence = ["answers/no.txt"]',
            NotFound,
            "no file of the workspace",
        ),
        (
            'duty = "report.23"\nstate = "met"\nzh = "x"\nen = "x"\nevidence = ["answers/../pratique.toml"]',
            NotFound,
            "no file of the workspace",
        ),
    ],
)
def test_an_answer_that_shows_nothing_is_refused(
    opened: Opened, text: str, error: type[Exception], message: str
) -> None:
    """Before anything is frozen."""
    (opened.workspace.folder / "answers").mkdir()
    (opened.workspace.folder / "answers" / "CN.toml").write_text(f"[[answers]]\n{text}\n")
    assessed(opened, {("summarize", "en")})
    with pytest.raises(error, match=message):
        file_selection(opened, "CN", draft=True)


def test_a_pack_is_copied_only_as_it_was_written(opened: Opened, tmp_path: Path) -> None:
    """And never over something else."""
    assessed(opened, {("summarize", "en")})
    filing = file_selection(opened, "CN", draft=True)
    found = pack_summary(opened, filing, tmp_path / "copy")
    assert files_of(tmp_path / "copy") == files_of(opened.workspace.folder / filing.pack)
    assert found.pack == str(tmp_path / "copy")
    with pytest.raises(NotAllowed, match="already"):
        pack_summary(opened, filing, tmp_path / "copy")
    report = opened.workspace.folder / filing.pack / "zh" / "report.docx"
    report.write_bytes(report.read_bytes()[:-1] + b"x")
    with pytest.raises(Tampered, match=r"zh/report\.docx"):
        pack_summary(opened, filing, tmp_path / "other")


_ASKED = (
    '[[procedures]]\nrule = "{rule}"\nprocedure = "{procedure}"\nzh = "电话答复"\n'
    'en = "by telephone"\nevidence = ["answers/note.txt"]\n'
)


def test_what_the_regulator_answered_decides_where_nobody_has_published_it(opened: Opened) -> None:
    """The reason says so, with the note in the pack; until then nothing complete is built."""
    assessed(opened, {("summarize", "en")})
    sign_off(opened, "CN")
    with pytest.raises(NotAllowed, match="still to be asked") as error:
        file_selection(opened, "CN", draft=False)
    assert "`answers/CN.toml`" in error.value.hint and "rules-only" in error.value.hint
    answers = opened.workspace.folder / "answers"
    answers.mkdir()
    (answers / "note.txt").write_text("nothing is due")
    (answers / "CN.toml").write_text(_ASKED.format(rule="rules-only", procedure="none"))
    filing = file_selection(opened, "CN", draft=False)
    assert filing.state == "complete"
    pack = opened.workspace.folder / filing.pack
    route = (pack / "route.json").read_text()
    assert '"none"' in route and "by telephone (evidence/note.txt)" in route
    assert (pack / "evidence" / "note.txt").read_text() == "nothing is due"
    (answers / "CN.toml").write_text(_ASKED.format(rule="on-device", procedure="none"))
    with pytest.raises(Malformed, match="asks for no answer"):
        file_selection(opened, "CN", draft=False)
