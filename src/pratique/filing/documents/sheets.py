"""Excel sheets of a filing: the keyword list and the test questions, in the columns that offices ask for."""

import io
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter

from pratique.filing.dossier import KeywordRow, QuestionRow
from pratique.regimes.risks import RiskList

_MOST_CHARACTERS = 32_000
"""Excel holds 32,767 characters in a cell."""


def keyword_sheet(
    rows: Sequence[KeywordRow], risks: RiskList, moment: datetime, marks: Sequence[str]
) -> bytes:
    """Return the list of keywords: keyword, class of risk, risk."""
    table = [[one.keyword, *_risk(one.risk, risks)] for one in rows]
    return _sheet("关键词", ["关键词", "一级分类", "二级分类"], [24, 28, 44], table, moment, marks)


def question_sheet(
    rows: Sequence[QuestionRow], risks: RiskList, moment: datetime, marks: Sequence[str]
) -> bytes:
    """Return the test questions: number, question, class of risk, risk, answer, judgement."""
    table = [
        [str(number), one.question, *_risk(one.risk, risks), one.answer, one.judgement]
        for number, one in enumerate(rows, 1)
    ]
    head = ["序号", "测试题", "一级分类", "二级分类", "模型回答", "研判结果"]
    return _sheet("测试题", head, [8, 48, 26, 34, 56, 14], table, moment, marks)


def _risk(code: str, risks: RiskList) -> tuple[str, str]:
    """Return the class and the title of the risk *code*; the code alone where it is none of the list."""
    for risk in risks.items:
        if risk.code == code:
            group = next(one for one in risks.classes if one.code == risk.risk_class)
            return f"{group.code} {group.title.zh}", f"{code} {risk.title.zh}"
    return code, ""


def _sheet(
    name: str,
    head: Sequence[str],
    widths: Sequence[int],
    rows: Sequence[Sequence[str]],
    moment: datetime,
    marks: Sequence[str],
) -> bytes:
    made = io.BytesIO()
    # Text stays text: a keyword that begins with `=` is no formula, and an address is no link.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(made, options)
    book.set_properties({"created": moment.replace(tzinfo=None), "author": "pratique"})
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bg_color": "#EDEDED", "border": 1, "text_wrap": True})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    red = book.add_format({"font_color": "#C00000"})
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if marks:
        sheet.set_header("&C&KC00000" + " · ".join(marks).replace("&", "&&"))
    sheet.set_footer("&C&P / &N")
    for column, (title, width) in enumerate(zip(head, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, bold)
    for line, row in enumerate(rows, 1):
        for column, text in enumerate(row):
            sheet.write_string(line, column, text[:_MOST_CHARACTERS], cell)
    if not rows:
        sheet.write_string(1, 0, "【未完成：尚无条目】 OPEN: there are no entries yet", red)
    book.close()
    return made.getvalue()
