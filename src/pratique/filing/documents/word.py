"""Word documents: headings, text with gaps in red, tables; the same bytes from the same content."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

Language = Literal["zh", "en"]

RED = RGBColor(0xC0, 0x00, 0x00)
"""Colour of what is missing."""

_GAP = re.compile(r"(【[^】]*】)")
_FONTS = {"zh": ("Times New Roman", "SimSun"), "en": ("Times New Roman", "SimSun")}
_HEADING_FONT = "SimHei"
_CELL, _HEAD = "Cell", "CellHead"
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Word:
    """A document under way."""

    def __init__(self, title: str, language: Language, marks: Sequence[str]) -> None:
        """Begin the document called *title*; *marks* (draft, simulated) stand in red on each page."""
        self._document: Document = docx.Document()
        self._language = language
        self._set_page(marks)
        self._set_styles()
        heading = self._document.add_paragraph()
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        heading.paragraph_format.space_before = Pt(6)
        heading.paragraph_format.space_after = Pt(14)
        run = heading.add_run(_clean(title))
        run.bold = True
        run.font.size = Pt(18)
        _east_asian(run, _HEADING_FONT)
        self._title = title

    def heading(self, text: str, level: int = 1) -> None:
        """Add a heading of *level* 1 or 2."""
        self._document.add_heading(_clean(text), level)

    def paragraph(self, text: str, *, red: bool = False) -> None:
        """Add *text*; what stands in 【】 is red, or all of it."""
        _write(self._document.add_paragraph(), text, red)

    def table(
        self,
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        head: bool = False,
        red: frozenset[tuple[int, int]] = frozenset(),
    ) -> None:
        """Add a table; *widths* in cm, *head* for a first row that repeats, *red* cells by place."""
        made = self._document.add_table(rows=len(rows), cols=len(widths))
        made.style = self._document.styles["Table Grid"]
        made.autofit = False
        for column, width in zip(made.columns, widths, strict=True):
            column.width = Cm(width)
        for index, (line, row) in enumerate(zip(made.rows, rows, strict=True)):
            line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for column, (cell, text) in enumerate(zip(line.cells, row, strict=True)):
                cell.width = Cm(widths[column])
                first = head and index == 0
                _fill(cell, text, _HEAD if first else _CELL, red=(index, column) in red)
                if first or (not head and column == 0 and len(widths) == 2):
                    _shade(cell)
        if head:
            made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        self._document.add_paragraph().paragraph_format.space_after = Pt(2)

    def data(self, moment: datetime) -> bytes:
        """Return the file, dated *moment*; its archive holds no other time."""
        about = self._document.core_properties
        about.title, about.author, about.last_modified_by = self._title, "pratique", "pratique"
        about.comments = ""
        about.created = about.modified = moment.replace(tzinfo=None)
        about.revision = 1
        made = io.BytesIO()
        self._document.save(made)
        return _undated(made.getvalue())

    def _set_page(self, marks: Sequence[str]) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.4)
        section.top_margin = section.bottom_margin = Cm(2.2)
        if marks:
            head = section.header.paragraphs[0]
            head.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _write(head, " · ".join(marks), red=True)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _field(foot.add_run(), "PAGE")
        foot.add_run(" / ")
        _field(foot.add_run(), "NUMPAGES")

    def _set_styles(self) -> None:
        latin, east = _FONTS[self._language]
        for name, size, font in (
            ("Normal", 10.5, east),
            ("Heading 1", 14, _HEADING_FONT),
            ("Heading 2", 11.5, _HEADING_FONT),
        ):
            style = self._document.styles[name]
            if not isinstance(style, ParagraphStyle):
                raise TypeError(f"`{name}` is no style of paragraphs")
            style.font.name, style.font.size = latin, Pt(size)
            style.font.color.rgb = RGBColor(0, 0, 0)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            fonts.set(qn("w:eastAsia"), font)
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            style.paragraph_format.space_after = Pt(4)
        for name in (_CELL, _HEAD):
            made = self._document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            if isinstance(made, ParagraphStyle):
                made.base_style = self._document.styles["Normal"]
                made.font.size = Pt(9.5)
                made.font.bold = name == _HEAD
                made.paragraph_format.space_before = made.paragraph_format.space_after = Pt(2)


def _write(paragraph: Paragraph, text: str, red: bool) -> None:
    for part in _GAP.split(_clean(text)):
        if part:
            run = paragraph.add_run(part)
            if red or _GAP.fullmatch(part):
                run.font.color.rgb = RED


def _fill(cell: _Cell, text: str, style: str, *, red: bool) -> None:
    for index, line in enumerate(text.split("\n")):
        paragraph = cell.add_paragraph() if index else cell.paragraphs[0]
        # By its id: looking a style up by name walks over all of them, for every cell.
        paragraph._p.get_or_add_pPr()._add_pStyle().val = style
        _write(paragraph, line, red)


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), "EDEDED")
    cell._tc.get_or_add_tcPr().append(shade)


def _field(run: Run, name: str) -> None:
    for kind in ("begin", "", "end"):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = name
        run._r.append(part)


def _east_asian(run: Run, font: str) -> None:
    run.font.name = "Times New Roman"
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _clean(text: str) -> str:
    """Return *text* without what XML cannot hold."""
    return "".join(
        one for one in text if one in "\t\n" or (ord(one) >= 0x20 and one not in "\ufffe\uffff")
    )


def _undated(data: bytes) -> bytes:
    """Return the archive *data* with every member at the same time, in the same order."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.infolist():
            member = zipfile.ZipInfo(item.filename, _EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            new.writestr(member, old.read(item))
    return made.getvalue()
