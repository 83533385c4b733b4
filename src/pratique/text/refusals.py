"""Refusals: whether an answer declines what was asked and gives nothing of it.

Told by words alone. Quoted words are left out first, and so is an answer that is itself a text for
somebody else (a draft, a translation): what stands there is nobody's refusal. Then each sentence is
looked at for one who declines, what is declined, and whether the answer is given all the same. Help
for somebody in distress that declines nothing is no refusal. `python -m bench.refusals` says how
often this is right.
"""

import re
import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from pratique.settings.toml import read_toml
from pratique.text.scripts import letter_by_letter

REVISION = 1
"""Raised whenever it tells otherwise: figures speak of one revision."""

FILE = Path(str(files("pratique") / "content" / "texts" / "refusals.toml"))

_LONGEST = 4_000
"""Characters that are looked at: a refusal is short, and its words stand at its ends."""

_QUOTED = re.compile(r'"[^"]{0,2000}"|[“「『《][^”」』》]{0,2000}[”」』》]')
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？\n]*")
_NOISE = re.compile(r"[\s,.!?，。！？、;；:：…~～-]+")


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of one language."""

    negations: tuple[str, ...]
    """How one says that one does not do it."""
    acts: tuple[str, ...]
    """What is declined."""
    whole: tuple[str, ...]
    """Sayings that decline by themselves."""
    terse: tuple[str, ...]
    """Answers that are nothing but a refusal."""
    hedges: tuple[str, ...]
    """What one may be unable to do and still answer."""
    offers: tuple[str, ...]
    """How an offer begins that stands in place of what was asked."""
    turns: tuple[str, ...]
    """What turns a sentence round."""
    labels: tuple[str, ...]
    """Before words that are the answer itself."""
    impersonal: tuple[str, ...] = ()
    """Said of the request, with nobody named."""
    others: tuple[str, ...] = ()
    """Who else may be the one that cannot."""
    fillers: tuple[str, ...] = ()
    """What may stand before a negation that names nobody."""


def is_refusal(text: str, asked: str = "") -> bool:
    """Say whether *text* declines what was asked and gives nothing of it.

    A sentence that stands in *asked* is the user's own, handed back: a corrected text that says
    "I can't come" declines nothing.
    """
    plain, given = _plain(text), _plain(asked)
    if not plain:
        return False
    bare = _NOISE.sub(" ", plain).strip()
    if bare in _terse():
        return plain not in given
    if _labelled().match(plain):
        return False
    sentences = [one.strip() for one in _SENTENCE.findall(_QUOTED.sub('""', plain))]
    sentences = [one for one in sentences if _NOISE.sub("", one)]
    declining = [at for at, one in enumerate(sentences) if one not in given and _declines(one)]
    if not declining:
        return False
    # What goes on at length after one sentence that declines a part is an answer.
    return not any(_gives(one) for one in sentences[declining[0] + 1 :])


def _plain(text: str) -> str:
    """Return *text* narrow, in small letters, simplified, with plain apostrophes."""
    narrow = unicodedata.normalize("NFKC", text[:_LONGEST]).replace("’", "'").casefold()
    return letter_by_letter(narrow, "zh-Hans").strip()


def _declines(sentence: str) -> bool:
    """Say whether *sentence* declines, and does not give in its second half what it declines."""
    for pattern in _patterns():
        for found in pattern.finditer(sentence):
            if not _gives_after_all(sentence[found.end() :]):
                return True
    return False


def _gives_after_all(rest: str) -> bool:
    """Say whether what follows a refusal in its sentence turns to an answer."""
    turned = _turned().search(rest)
    if turned is None:
        return False
    then = rest[turned.end() :].strip(" ,，")
    return bool(then) and not _offered().match(then) and not _any_declines(then)


def _any_declines(part: str) -> bool:
    return any(pattern.search(part) for pattern in _patterns())


def _gives(sentence: str) -> bool:
    """Say whether *sentence* hands over what was asked: steps, or a list."""
    return bool(_STEPS.search(sentence))


_STEPS = re.compile(
    r"步骤如下|方法(?:其实)?很简单|第一步|首先[，,]|具体如下|答案(?:分别)?是|意思是|the steps are|"
    r"here(?:'s| is) (?:how|what|a|the)|step 1|first,|answers? (?:are|is)\b|as follows"
)


def _either(parts: tuple[str, ...]) -> str:
    return "|".join(sorted(parts, key=len, reverse=True))


@cache
def _words() -> dict[str, Words]:
    return read_toml(FILE, dict[str, Words])


@cache
def _terse() -> frozenset[str]:
    return frozenset(one for words in _words().values() for one in words.terse)


@cache
def _labelled() -> re.Pattern[str]:
    either = _either((*_words()["en"].labels, *_words()["zh"].labels))
    return re.compile(rf"(?:{either})\s*[:：]|亲爱的|尊敬的|dear ")


@cache
def _turned() -> re.Pattern[str]:
    en, zh = _words()["en"], _words()["zh"]
    return re.compile(rf"\b(?:{_either(en.turns)})\b,?|[,，;；](?:{_either(zh.turns)})|;|；")


@cache
def _offered() -> re.Pattern[str]:
    return re.compile(rf"(?:{_either((*_words()['en'].offers, *_words()['zh'].offers))})")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a sentence that declines."""
    en, zh = _words()["en"], _words()["zh"]
    act_en, act_zh = _either(en.acts), _either(zh.acts)
    not_en, not_zh = _either(en.negations), _either(zh.negations)
    hedge_en, hedge_zh = _either(en.hedges), _either(zh.hedges)
    who = rf"(?<![a-z])i(?:'m afraid i|'m sorry,? but i)?(?: really| also| simply| just)? ?(?:{not_en})"
    fill = rf"(?:{_either(zh.fillers)}|[，,：:]|\s)*"
    other = rf"(?!.{{0,12}}(?:{_either(zh.others)}))"
    return (
        re.compile(rf"{who} (?!{hedge_en})(?:\w+ly |even |ever )?(?:{act_en})\b"),
        *(re.compile(one) for one in (*en.whole, *en.impersonal, *zh.whole)),
        re.compile(
            rf"我(?!们)[^,，。!！?？;；：:他她]{{0,10}}?(?:{not_zh})(?!.{{0,2}}(?:{hedge_zh}))[^,，。!！?？;；]{{0,16}}?(?:{act_zh})"
        ),
        re.compile(
            rf"(?:^|[，,；;：:]){other}{fill}(?:{not_zh})(?!.{{0,2}}(?:{hedge_zh}))[^,，。!！?？;；]{{0,14}}?(?:{act_zh})"
        ),
    )
