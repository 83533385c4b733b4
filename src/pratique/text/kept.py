"""What must stand in the answer as it stood in the source: links, placeholders, codes."""

import re
from collections import Counter
from functools import cache

from pratique.text.spans import links

MAX_DIGITS = 24
"""A longer run of digits is no code that a person could be asked for."""

_TRAILING = "/.,;:!?)"


def lost_links(source: str, text: str) -> tuple[str, ...]:
    """Return the web and mail addresses of *source* that *text* lacks, in order."""
    if "://" not in source and "www." not in source and "@" not in source:
        return ()
    there = {_bare(link) for link in links(text)}
    return tuple(link for link in links(source) if _bare(link) not in there)


def lost_placeholders(source: str, text: str) -> tuple[str, ...]:
    """Return the placeholders of *source* (`{name}`, `%s`, `{{x}}`, `<b>`) that *text* lacks.

    One that stands twice must stand twice.
    """
    wanted = _placeholder().findall(source)
    if not wanted:
        return ()
    left = Counter(_placeholder().findall(text))
    lost = []
    for each in wanted:
        left[each] -= 1
        if left[each] < 0:
            lost.append(each)
    return tuple(lost)


def lost_codes(source: str, text: str) -> tuple[str, ...]:
    """Return the codes of *source* that *text* lacks: `MU5137`, order numbers, one-time codes.

    Case, spaces and hyphens do not matter; amounts, units and what stands in a link are no codes.
    """
    wanted = _codes(source)
    if not wanted:
        return ()
    there = _squeezed(text)
    return tuple(code for code in wanted if _squeezed(code) not in there)


def _codes(text: str) -> list[str]:
    if _digit().search(text) is None:
        return []
    if "://" in text or "www." in text or "@" in text:
        for link in links(text):
            text = text.replace(link, " ")
    if "{" in text or "%" in text or "<" in text:
        text = _placeholder().sub(" ", text)
    found = (match[0].strip("-") for match in _token().finditer(text) if _is_code(text, match))
    return list(dict.fromkeys(found))


def _is_code(text: str, match: re.Match[str]) -> bool:
    token = match[0].strip("-")
    digits = sum(each <= "9" and each != "-" for each in token)
    start, end = match.span()
    if not digits or _joined(text[start - 1 : start]) or _joined(text[end : end + 1]):
        return False
    if digits + token.count("-") < len(token):
        return digits >= 2
    if "-" in token or (text[end : end + 1] in (".", ",") and text[end + 1 : end + 2].isdigit()):
        return False
    if 4 <= digits <= 8 and _announced().search(text, max(0, start - 10), start):
        return True
    return 6 <= digits <= MAX_DIGITS and not _is_amount(text, start, end)


def _joined(beside: str) -> bool:
    """Say whether the character beside a token makes it part of a word or of a larger number."""
    return beside != "" and beside.isascii() and (beside.isalnum() or beside in "_.,+*/")


def _is_amount(text: str, start: int, end: int) -> bool:
    before, after = text[:start].rstrip()[-1:], text[end:].lstrip()[:1]
    return (before != "" and before in "¥￥$€£") or (
        after != "" and after in "元块塊万萬亿億%％人个個"
    )


def _bare(link: str) -> str:
    return link.rstrip(_TRAILING).lower()


def _squeezed(text: str) -> str:
    return _joints().sub("", text).upper()


@cache
def _joints() -> re.Pattern[str]:
    return re.compile(r"[\s\-‐‑–]")


@cache
def _placeholder() -> re.Pattern[str]:
    return re.compile(
        r"\{\{[^{}\n]{1,40}\}\}|\$?\{[A-Za-z0-9_.]{0,40}\}|%(?:[0-9]+\$)?[sd@](?![a-z])"
        r"|%\([A-Za-z_]{1,40}\)[sd]|</?[A-Za-z][A-Za-z0-9]{0,12}(?: [^<>\n]{0,200})?/?>"
    )


@cache
def _digit() -> re.Pattern[str]:
    return re.compile("[0-9]")


@cache
def _token() -> re.Pattern[str]:
    return re.compile("[A-Z0-9][A-Z0-9-]+")


@cache
def _announced() -> re.Pattern[str]:
    """Return the pattern of what says that a one-time code follows."""
    return re.compile(
        r"(?:验证码|驗證碼|校验码|校驗碼|取件码|取件碼|提取码|提取碼|口令|密码|密碼|\b[Cc]ode|\bPIN)"
        r"(?:为|為|是| is|:|：)?[ ]{0,2}$"
    )
