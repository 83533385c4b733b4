"""Questions of a mail: what it really asks its reader, and the begun reply leaves open."""

import re
from collections.abc import Sequence
from functools import cache

from pratique.partners.rules import words
from pratique.partners.rules.askings import CHINESE_ASKS, options, short, wants
from pratique.partners.rules.planted import ordered, without_orders
from pratique.partners.rules.records import Message
from pratique.partners.rules.records_text import Question
from pratique.partners.rules.sentences import sentences

_MOST = 8
_READ = 6_000
"""Questions that are put, and characters of the last mails that are read."""

_PARTS_MOST = 40
"""Questions among which those that differ are looked for."""

_MARKS = " \t,;:.!?，；：。！？、-–—~～“”\"'"
_QUOTED = re.compile(r"^\s*>.*$", re.MULTILINE)
_PARTS = {
    "en": re.compile(
        r"(?<=\w),? and (?=(?:can|could|will|would|do|does|did|is|are|was|were|have|has|may|shall"
        r"|should|who|what|when|where|which|how|why|if so)\b)|[;?]\s+"
        r"|,\s+(?=(?:who|what|when|where|which|how)\b)",
        re.IGNORECASE,
    ),
    "zh-Hans": re.compile(
        r"(?<=[吗呢没不])[，,]\s*|[；;？?]\s*"
        r"|(?<=[^，]{2})，(?=(?:还有|另外|谁|几点|哪|多少|能不能|要不要|是不是))"
    ),
}
"""Where one sentence asks two things."""

_ENGLISH_CALL = re.compile(
    r"^(?:(?:[Hh]i|[Hh]ey|[Hh]ello|[Aa]nd|[Oo]k|[Dd]ear) )?([A-Z][\w’'-]+(?: [A-Z]\w+)?)[,:](?=\s)"
)
_CHINESE_CALL = re.compile(r"^([\u4e00-\u9fff]{2,4})[，,：:]")
_CHINESE_NAME = re.compile(
    r"[阿小老大][\u4e00-\u9fff]{1,2}"
    r"|[\u4e00-\u9fff]{1,3}(?:哥|姐|叔|姨|总|老师|经理|师傅|医生|太太|先生|女士|小姐)"
)
_CALLED_ME = re.compile(r"^(?:(?:hi|hey|hello|dear) )?[^,，:：]{1,20}[,，:：]\s*", re.IGNORECASE)
_TAGS = frozenset(("是不是", "对不对", "好不好", "是吧", "对吧"))
_NO_WISH = re.compile(r"\b(?:if you (?:need|have|want)|any questions)\b")
_MOMENT = re.compile(r"\b(?:at|on|by) \d|\d{1,2}(?::\d\d)?\s?(?:am|pm)|\d[点号]")
_WORD = re.compile(r"[a-z0-9’']+")
_HAN = re.compile(r"[\u3400-\u9fff]+")


def questions(
    thread: Sequence[Message], me: str, snippet: str, locale: str
) -> tuple[Question, ...]:
    """Return what the last mails of *thread* ask *me* and *snippet* does not answer yet."""
    last = thread[-1]
    if last.sender == me or _sends_news(last.sender, locale):
        return ()
    names = {message.sender for message in thread}
    found: dict[str, Question] = {}
    for asked in _asked(_latest(thread, me), me, names, locale):
        question = short(asked, locale)
        if question and not _answered(asked, snippet, locale):
            told = Question(q=question, options=options(asked, locale))
            found.setdefault(question.casefold(), told)
    return tuple(found.values())[:_MOST]


def _latest(thread: Sequence[Message], me: str) -> str:
    """Return what was written since *me* wrote last, by whom wrote last."""
    said: list[str] = []
    for message in reversed(thread):
        if message.sender == me or message.sender != thread[-1].sender:
            break
        said.append(message.text)
    return "\n".join(reversed(said))[-_READ:]


def _sends_news(sender: str, locale: str) -> bool:
    """Whether *sender* writes to many, and wants no answer."""
    return _any_of("senders", locale).search(sender[:_READ].casefold()) is not None


def _asked(text: str, me: str, names: set[str], locale: str) -> list[str]:
    """Return the questions in *text* that are for *me*, as they stand.

    Whoever is called by name is spoken to until another is called.
    """
    found: list[str] = []
    to_other = False
    for sentence in sentences(without_orders(_QUOTED.sub("", text), locale), locale):
        if len(found) > _PARTS_MOST:
            break
        called = _called(sentence, locale)
        if called and _is_name(called, locale):
            to_other = not _same(called, me) and called not in names
        if to_other or ordered(sentence, locale) or _to_machine(sentence, locale):
            continue
        parts = [part.strip() for part in _PARTS[locale].split(sentence) if part.strip(_MARKS)]
        marked = sentence.rstrip("\"”'’)） ").endswith(("?", "？"))
        for part in parts:
            whole = marked and (locale == "en" or part == parts[-1])
            bare = _CALLED_ME.sub("", part) if called and _same(called, me) else part
            if _is_question(part, locale, marked=whole):
                found.append(bare or part)
    return found


def _called(sentence: str, locale: str) -> str:
    """Return the name that *sentence* calls first, if it does."""
    found = (_ENGLISH_CALL if locale == "en" else _CHINESE_CALL).match(sentence)
    return found[1] if found else ""


def _is_name(called: str, locale: str) -> bool:
    """Whether *called* is a name, rather than a word that may open a sentence."""
    if locale != "en":
        return _CHINESE_NAME.fullmatch(called) is not None
    lists = words.phrases(locale, "drafts.toml")
    first = called.split()[0].casefold()
    return not any(
        first in lists[name] for name in ("polite", "common", "titles", "openers", "machine")
    )


def _same(called: str, me: str) -> bool:
    """Whether *called* is a way to call *me*."""
    low, mine = called.casefold(), me.casefold()
    return bool(mine) and (low in mine or mine in low)


def _to_machine(sentence: str, locale: str) -> bool:
    """Whether *sentence* speaks to a machine."""
    found = _any_of("machine", locale).match(sentence)
    return found is not None and sentence[found.end() : found.end() + 1] in tuple(" ,，:：")


def _is_question(part: str, locale: str, *, marked: bool) -> bool:
    """Whether *part* asks its reader something; bait and courtesies do not."""
    lists = words.phrases(locale, "drafts.toml")
    lower = part.casefold().strip(_MARKS)
    if any(lower.startswith(each.strip("?")) for each in lists["bait"]):
        return False
    if lower in _TAGS:
        return False
    if marked:
        return True
    if locale == "en":
        if _NO_WISH.search(lower):
            return False
        return _any_of("requests", locale).search(lower) is not None
    bare = part.rstrip(" ~～。.!！?？")
    asks = CHINESE_ASKS.search(bare) is not None and bare[-1:] in tuple("吗么呢没不")
    return asks or any(each in lower for each in lists["requests"])


def _answered(asked: str, snippet: str, locale: str) -> bool:
    """Whether the words that *snippet* begins with answer *asked*."""
    said = snippet.casefold().strip()
    if not said:
        return False
    if _terms(asked, locale) & _terms(said, locale):
        return True
    return _MOMENT.search(said) is not None and wants(asked, "when", locale)


def _terms(text: str, locale: str) -> frozenset[str]:
    """Return what *text* speaks of: words, or pairs of characters."""
    lower = text.casefold()
    common = frozenset(words.phrases(locale, "drafts.toml")["common"])
    if locale == "en":
        return frozenset(_WORD.findall(lower)) - common
    pairs = {run[at : at + 2] for run in _HAN.findall(lower) for at in range(len(run) - 1)}
    return frozenset(pairs) - common


@cache
def _any_of(name: str, locale: str) -> re.Pattern[str]:
    """Return a pattern of the phrases of the list *name*, whole words in English."""
    every = sorted(words.phrases(locale, "drafts.toml")[name], key=lambda each: (-len(each), each))
    either = "|".join(map(re.escape, every))
    return re.compile(rf"\b(?:{either})\b" if locale == "en" else either, re.IGNORECASE)
