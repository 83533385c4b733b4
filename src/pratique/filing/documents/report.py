"""The safety self-assessment report as a Word document."""

from datetime import datetime

from pratique.filing.documents.word import Language, Word
from pratique.filing.duties import Duty
from pratique.filing.pages import Contents
from pratique.regimes.dossiers import ReportItem

_STATES = {
    "open": ("【未完成】", "【open】"),
    "met": ("符合", "met"),
    "not_met": ("不符合", "not met"),
    "not_applicable": ("不适用", "not applicable"),
}
_FINDINGS = {
    "meets": ("达到", "meets"),
    "falls_short": ("未达到", "falls short"),
    "undecided": ("未定", "undecided"),
}


def report_document(
    contents: Contents, language: Language, moment: datetime, marks: list[str]
) -> bytes:
    """Return the report in *language*: summary, every item with its conclusion, results, signatures."""

    def say(zh: str, en: str) -> str:
        return zh if language == "zh" else en

    regime, dossier = contents.regime, contents.dossier
    by_id = {duty.id: duty for duty in contents.duties}
    items = [(item, by_id[f"report.{item.number}"]) for item in regime.report.items]
    word = Word(say(regime.report.title.zh, regime.report.title.en), language, marks)
    word.table(
        [
            [say("提交主体", "Submitted by"), dossier.producer or "【—】"],
            [say("提交编号", "Filing"), dossier.filing],
            [
                say("市场与规则", "Market and rules"),
                f"{dossier.market}, {say(regime.title.zh, regime.title.en)}",
            ],
            [say("日期", "Date"), dossier.created[:10]],
            [say("办理路径", "Procedure"), say(contents.route.reason.zh, contents.route.reason.en)],
            [say("编制", "Made by"), contents.product],
        ],
        [4, 12.2],
    )
    word.heading(say("结论汇总", "Summary of conclusions"))
    counts = {state: sum(duty.state == state for _, duty in items) for state in _STATES}
    word.table(
        [
            [say(*_STATES[state]) for state in _STATES],
            [str(counts[state]) for state in _STATES],
        ],
        [4.05] * 4,
        head=True,
    )
    word.paragraph(
        say(
            "每一项均有结论与依据；红色的【】为尚缺内容。软件测得的结果附区间、样本数与运行编号。",
            "Each item has its conclusion and grounds; what stands in red 【】 is missing. Measured results"
            " come with interval, count and run.",
        )
    )
    for chapter in regime.report.chapters:
        word.heading(say(chapter.title.zh, chapter.title.en))
        inside = [(item, duty) for item, duty in items if item.chapter == chapter.id]
        word.table(_items(inside, language), [1.1, 6.4, 2.1, 6.6], head=True)
    _results(word, contents, language)
    word.heading(say("签字", "Signatures"))
    people = int(regime.report.signatures.value)
    word.table(
        [
            [
                say("职务", "Office"),
                say("姓名", "Name"),
                say("签字", "Signature"),
                say("日期", "Date"),
            ],
            *([["【—】"] * 4] * people),
        ],
        [5, 3.8, 4.4, 3],
        head=True,
    )
    word.paragraph(say("【加盖公章】", "【the company's seal】"))
    if dossier.notes:
        word.heading(say("说明", "Notes"))
        for note in dossier.notes:
            word.paragraph(note)
    return word.data(moment)


def _items(items: list[tuple[ReportItem, Duty]], language: Language) -> list[list[str]]:
    zh = language == "zh"
    rows = (
        [["序号", "项目与要求", "结论", "理由与依据"]]
        if zh
        else [["No.", "Item, and what it wants", "Conclusion", "Grounds and evidence"]]
    )
    for item, duty in items:
        wants = f"需附：{item.shows.zh}" if zh else f"Evidence wanted: {item.shows.en}"
        rows.append(
            [
                str(item.number),
                f"{item.title.zh if zh else item.title.en}\n{wants}",
                _STATES[duty.state][0 if zh else 1],
                _grounds(duty, language),
            ]
        )
    return rows


def _grounds(duty: Duty, language: Language) -> str:
    zh = language == "zh"
    if duty.state == "open":
        who = ("由人员填写" if zh else "people answer it") if duty.who == "people" else ""
        bears = ", ".join(duty.bears)
        material = (f"相关文件：{bears}" if zh else f"material: {bears}") if bears else ""
        return "\n".join(one for one in (f"【{who}】" if who else "", material) if one)
    lines = [duty.reason.zh if zh else duty.reason.en]
    if duty.evidence:
        lines.append(("依据：" if zh else "Evidence: ") + ", ".join(duty.evidence))
    return "\n".join(lines)


def _results(word: Word, contents: Contents, language: Language) -> None:
    zh = language == "zh"
    served = {variant.digest for variant in contents.dossier.variants}
    rows = [
        ["功能", "语言", "模型", "估计与区间", "样本", "标准线", "结论"]
        if zh
        else ["Feature", "Locale", "Model", "Estimate, interval", "Samples", "Bar", "Finding"]
    ]
    rows += [
        [
            one.feature,
            one.locale,
            one.candidate,
            f"{one.estimate:.1%} [{one.low:.1%}, {one.high:.1%}]",
            str(one.samples),
            f"{one.bar:.0%}",
            _FINDINGS[one.finding][0 if zh else 1],
        ]
        for one in contents.dossier.results
        if one.digest in served
    ]
    word.heading(
        "附：提交的功能的测试结果" if zh else "Annex: what was measured of the features submitted"
    )
    word.table(rows, [2.9, 1.7, 3.9, 3.7, 1.3, 1.3, 1.4], head=True)
