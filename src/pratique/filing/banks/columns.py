"""Columns of a bank's table: what they may be called, and how risks and aspects are named in them."""

from collections.abc import Mapping

from pratique.errors import Malformed
from pratique.regimes.risks import RiskList

NAMES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "keyword", "question", "关键词", "拦截关键词", "测试题", "问题", "题目"),
    "risk": ("risk", "risk code", "二级分类", "风险", "风险类别", "安全风险"),
    "aspect": ("aspect", "方面"),
    "locale": ("locale", "language", "语种", "语言"),
    "modality": ("modality", "模态"),
    "id": ("id", "编号"),
    "added": ("added", "date", "入库日期", "更新日期", "日期"),
    "note": ("note", "备注"),
    "parent": ("parent", "原题"),
    "accept": ("accept", "采纳"),
}
"""Each field with the headings it is known by. `二级分类` is a risk, or an aspect where it names one."""

UNUSED = ("序号", "一级分类", "class", "模型回答", "研判结果", "no.", "number")
"""Headings of the tables that are handed in whose cells say nothing more: they may be there."""

MODALITIES: Mapping[str, str] = {
    "text": "text",
    "文本": "text",
    "文字": "text",
    "image": "image",
    "picture": "image",
    "图片": "image",
    "图像": "image",
}
"""What a question is asked with, as it may be written."""

ACCEPTED = ("yes", "y", "是", "采纳")
"""What a person writes under `accept` to take in a question that a model made."""

NOT_ACCEPTED = ("", "no", "n", "否", "不采纳")
"""What stands there otherwise."""

_LOCALES: Mapping[str, str] = {
    "zh": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-hans": "zh-Hans",
    "中文": "zh-Hans",
    "简体中文": "zh-Hans",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-hant": "zh-Hant",
    "繁体中文": "zh-Hant",
    "en": "en",
    "en-us": "en",
    "english": "en",
    "英文": "en",
    "英语": "en",
}


def fields_of(headings: list[str]) -> list[str]:
    """Return the field of each heading; an empty name where the column says nothing more.

    Raises:
        Malformed: a heading is not known, two columns are one field, or the text or the risk is
            missing. The error names the column.
    """
    known = {name: field for field, names in NAMES.items() for name in names}
    found: list[str] = []
    for number, heading in enumerate(headings, 1):
        name = heading.strip().lower()
        if name in UNUSED:
            found.append("")
            continue
        if name not in known:
            raise Malformed(
                f"column {number}: `{heading[:40]}` is no heading of a bank",
                hint=f"known: {', '.join(names[0] for names in NAMES.values())}, {NAMES['text'][3]}, 二级分类",
            )
        if known[name] in found:
            raise Malformed(f"column {number}: `{heading}` says the same as another column")
        found.append(known[name])
    if "text" not in found:
        raise Malformed(
            "there is no column `text`",
            hint="also 关键词 or 测试题; the first row names the columns",
        )
    if "risk" not in found and "aspect" not in found:
        raise Malformed("there is no column `risk` or `aspect`", hint="also 二级分类")
    return found


class Places:
    """What a risk or an aspect may be called, for one regime."""

    def __init__(self, risks: RiskList) -> None:
        self._risks = {
            name.strip().lower(): one.code
            for one in risks.items
            for name in (one.code, one.title.zh, one.title.en)
        }
        self._aspects = {
            name.strip().lower(): one.zh for one in risks.aspects for name in (one.zh, one.en)
        }

    def risk(self, name: str) -> str:
        """Return the code of the risk called *name*, or an empty text."""
        return self._risks.get(name.strip().lower(), "")

    def aspect(self, name: str) -> str:
        """Return the Chinese title of the aspect called *name*, or an empty text."""
        return self._aspects.get(name.strip().lower(), "")


def locale_named(name: str) -> str:
    """Return the locale written as *name*; one that is not known stays as it is written."""
    return _LOCALES.get(name.strip().lower(), name.strip())
