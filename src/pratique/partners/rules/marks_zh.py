"""Marks of a Chinese text: full width between Chinese characters, none said twice."""

import re

from pratique.partners.rules.shields import SHIELD

_HAN = r"\u3400-\u9fff"
_FULL = str.maketrans({",": "，", ";": "；", "!": "！", "?": "？", ".": "。", ":": "："})

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"(?<=[{_HAN}])\(([^()（）\n]{{0,40}}[{_HAN}][^()（）\n]{{0,20}})\)"), r"（\1）"),
    (re.compile(r"(?<=[^\s\x00-\x1f]) ++(?=[，。！？；：、])"), ""),
    (re.compile(r"，，++"), "，"),
    (re.compile(r"、、++"), "、"),
    (re.compile(r"(?<!。)。。(?!。)"), "。"),
    (re.compile(r"，。"), "。"),
    (re.compile(r"、([，。])"), r"\1"),
)
_HALF: tuple[re.Pattern[str], ...] = (
    re.compile(rf"(?<=[{_HAN}”》）]) *+[,;] *+(?=[{_HAN}“《（A-Za-z0-9])"),
    re.compile(rf"(?<={SHIELD})[,;!?] *+(?=[{_HAN}“《（])"),
    re.compile(rf"(?<=[{_HAN}”》）])\.(?![.A-Za-z0-9_])(?: ++(?=[{_HAN}“《]))?"),
    re.compile(rf"(?<=[{_HAN}”》）])[!?]++(?: ++(?=[{_HAN}“《]))?"),
    re.compile(rf"(?<=[{_HAN}]): *+(?=[{_HAN}“《])"),
)


def full_width(text: str) -> str:
    """Return *text* with half-width marks after Chinese characters made full, and blanks out."""
    for pattern in _HALF:
        text = pattern.sub(lambda match: match.group().strip(" ").translate(_FULL), text)
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
