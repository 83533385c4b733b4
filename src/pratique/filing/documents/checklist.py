"""The checklist as a Word document: everything that is due, and what only people can do."""

from datetime import datetime

from pratique.filing.documents.word import Language, Word
from pratique.filing.pages import Contents


def checklist_document(
    contents: Contents, language: Language, moment: datetime, marks: list[str]
) -> bytes:
    """Return the checklist in *language*; what only people can do is left open on purpose."""
    zh = language == "zh"
    word = Word("检查清单" if zh else "Checklist", language, marks)
    blocking = [duty for duty in contents.duties if duty.blocks]
    word.paragraph(
        f"必须办理而未完成：{len(blocking)} 项。"
        if zh
        else f"Due and open: {len(blocking)} of {len(contents.duties)}."
    )
    for who, title_zh, title_en in (
        ("people", "只能由人完成", "What only people can do"),
        ("software", "由软件测得或统计", "What software measures or counts"),
    ):
        word.heading(title_zh if zh else title_en)
        rows = [["☐", "项目", "要求", "状态"] if zh else ["☐", "Duty", "Wants", "State"]]
        red: set[tuple[int, int]] = set()
        for duty in contents.duties:
            if duty.who == who and duty.applies != "not_involved":
                state = _STATES[duty.state][0 if zh else 1]
                if duty.state in ("open", "not_met") and duty.applies == "required":
                    red.add((len(rows), 3))
                title, asks = (duty.title.zh, duty.asks.zh) if zh else (duty.title.en, duty.asks.en)
                done = "☑" if duty.state in ("met", "not_applicable") else "☐"
                rows.append([done, f"{title}\n({duty.id})", asks, state])
        word.table(rows, [0.9, 6.6, 6.5, 2.2], head=True, red=frozenset(red))
    return word.data(moment)


_STATES = {
    "open": ("未完成", "open"),
    "met": ("符合", "met"),
    "not_met": ("不符合", "not met"),
    "not_applicable": ("不适用", "not applicable"),
}
