"""Names that an answer says and its source does not: only such as are surely names.

A false alarm spoils a good answer, so what may be an ordinary word is left out.
"""

import re
from functools import cache

from pratique.text import name_words
from pratique.text.alternatives import any_of
from pratique.text.languages import is_han
from pratique.text.scripts import letter_by_letter, mostly_chinese


def added_names(source: str, text: str, locale: str) -> tuple[str, ...]:
    """Return the names that *text*, written in *locale*, says and *source* does not, in order.

    Where one is Chinese and the other is not, names cannot be compared and none are reported.
    """
    if locale.startswith("zh"):
        return tuple(dict.fromkeys([*_latin_names(source, text), *_chinese_names(source, text)]))
    if mostly_chinese(source):
        return ()
    return tuple(dict.fromkeys(_english_names(source, text)))


def _english_names(source: str, text: str) -> list[str]:
    runs = list(_capitalised().finditer(text))
    if not runs:
        return []
    low = source.lower()
    known: frozenset[str] = frozenset()
    found = []
    for run in runs:
        if _has_token(low, run[0].lower()):
            continue
        known = known or _tokens(source)
        name = _stripped(run[0])
        if known.issuperset(_tokens_of(name)):
            continue
        name = _named(text, run, name, known)
        if name:
            found.append(name)
    if not found or _in_title_case(text):
        return []
    heads = _initials(source)
    return [name for name in found if not _known_otherwise(name, known, heads)]


def _named(text: str, run: re.Match[str], name: str, known: frozenset[str]) -> str:
    """Return the part of the run that is surely a name and new; empty for none."""
    words = name.split()
    if _starts_a_sentence(text, run.start()):
        if len(words) == 1:
            return name if _speaks(text, run, words[0]) else ""
        # The first word may be ordinary: `Yesterday Lena came`.
        if words[0].lower() not in known and not _is_acronym(words[0]):
            words = words[1:] if len(words) == 2 else words
    while words and not _may_be_a_name(words[0]):
        words = words[1:]
    fresh = [each for each in words if not known.issuperset(_tokens_of(each))]
    return " ".join(words) if any(map(_is_a_name, fresh)) else ""


def _is_a_name(word: str) -> bool:
    """Say whether *word* is one for sure: what is all capitals and can be said may be shouted."""
    if len(word) < 2 or not _may_be_a_name(word):
        return False
    return not word.isupper() or (len(word) < 6 and _vowel().search(word) is None)


def _speaks(text: str, run: re.Match[str], word: str) -> bool:
    after = text[run.end() : run.end() + 12].split(maxsplit=1)
    return bool(after) and after[0] in name_words.SAYS and _may_be_a_name(word)


def _may_be_a_name(word: str) -> bool:
    plain = word.lower().rstrip(".").replace("’", "'")
    ordinary = name_words.NO_NAMES | name_words.NO_SPEAKERS
    return plain not in ordinary and plain.removesuffix("s") not in name_words.NO_NAMES


def _starts_a_sentence(text: str, at: int) -> bool:
    """Say whether the word at *at* has its capital, or may have it, from where it stands."""
    before = text[:at].rstrip(" \t\"'“‘(*-–—•·>#")
    within = before != "" and (before[-1].isalnum() or before[-1] in ",，、)’'&")
    return not within or "\n" in text[len(before) : at]


def _in_title_case(text: str) -> bool:
    """Say whether most longer words have a capital: a headline, where capitals tell nothing."""
    words = [each for each in text.split() if len(each) > 3 and each[0].isalpha()]
    return len(words) > 3 and sum(each[0].isupper() for each in words) * 5 >= len(words) * 3


def _known_otherwise(name: str, known: frozenset[str], heads: str) -> bool:
    """Say whether the source has *name* as an acronym, spelt out, or in another form of the word."""
    words = name.split()
    if _is_acronym(name) and name.replace(".", "").lower() in heads:
        return True
    if len(words) > 1 and "".join(each[0] for each in words).lower() in known:
        return True
    strange = [each for each in _tokens_of(name) if each not in known]
    return all(
        any(each[:4] == other[:4] for other in known if len(other) > 3 and len(each) > 3)
        for each in strange
    )


def _is_acronym(word: str) -> bool:
    return word.isupper() and len(word) > 1


def _initials(source: str) -> str:
    return "".join(each[0] for each in _any_word().findall(source)).lower()


def _stripped(name: str) -> str:
    bare = _possessive().sub("", name) if "'" in name or "’" in name else name
    return bare.rstrip(".'’-")


def _has_token(low: str, word: str) -> bool:
    """Say whether *word* is a token of the text *low*, without telling all of these."""
    if not word.isalnum():
        return False
    at = low.find(word)
    while at >= 0:
        beside = low[at - 1 : at] + low[at + len(word) : at + len(word) + 1]
        if not any(map(str.isalnum, beside)):
            return True
        at = low.find(word, at + 1)
    return False


def _tokens(text: str) -> frozenset[str]:
    return frozenset(_token().findall(text.lower()))


def _tokens_of(name: str) -> list[str]:
    return _token().findall(name.lower())


def _latin_names(source: str, text: str) -> list[str]:
    """Return the Latin-letter names inside Chinese *text* that *source* lacks."""
    found: list[str] = []
    known = None
    for match in _latin_name().finditer(text):
        name = match[0].rstrip(".'’-&")
        if name.lower() in name_words.LATIN_WORDS or not _is_a_name(name):
            continue
        known = source.lower() if known is None else known
        if name.lower() not in known:
            found.append(name)
    return found


def _chinese_names(source: str, text: str) -> list[str]:
    if source.isascii():
        return []
    found = []
    folded_source = ""
    for match in _persons_and_places().finditer(text):
        head = text[max(0, match.start() - 4) : match.start()]
        if len(head) < 1:
            continue
        folded_source = folded_source or letter_by_letter(source, "zh-Hans")
        folded, suffix = letter_by_letter(head, "zh-Hans"), match[0]
        size = (
            _person(folded, folded_source)
            if suffix in _titles()
            else _place(folded, letter_by_letter(suffix, "zh-Hans"), text, match, folded_source)
        )
        if size:
            found.append(head[-size:] + suffix)
    return found


def _person(head: str, source: str) -> int:
    """Return how many characters before a title are a name that *source* lacks; 0 for none."""
    size = 0
    for given in (0, 1, 2):
        surname, name = head[-1 - given : len(head) - given], head[len(head) - given :]
        if len(head) <= given or surname not in name_words.SURNAMES:
            continue
        if given == 0:
            if surname in source:
                return 0
            if surname not in name_words.WORDS_TOO and not _in_a_word(head[:-1]):
                size = 1
            continue
        if not name_words.NOT_IN_GIVEN_NAMES.isdisjoint(name) or not all(map(is_han, name)):
            continue
        if surname in name_words.WORDS_TOO and given == 1:
            continue
        if name in source or surname + name in source:
            return 0
        size = max(size, given + 1)
    return size


def _in_a_word(before: str) -> bool:
    """Say whether the character before a lone surname may make a word with it (姓王, 小李)."""
    return before[-1:] in ("小", "老", "阿", "姓", "帝", "国", "女", "大")


def _place(head: str, suffix: str, text: str, match: re.Match[str], source: str) -> int:
    """Return how many characters before *suffix* name a place that *source* lacks; 0 for none."""
    after = letter_by_letter(text[match.end() : match.end() + 1], "zh-Hans")
    if head[-1] in name_words.NO_PLACE_BEFORE.get(suffix, "") or (
        after and after in name_words.NO_PLACE_AFTER.get(suffix, "")
    ):
        return 0
    tail, used = head[-2:], 2
    if suffix in name_words.ONE_CHARACTER:
        # Only after a word of place: 入选省队 and 带出省 name none.
        if head[-3:-2] not in name_words.PLACE_VERBS:
            return 0
    elif tail in name_words.ORDINARY:
        if text[max(0, match.start() - 5) : match.start() - 4].isalnum() and len(head) == 4:
            return 0
        tail, used = head[-4:-2], 4
    if len(tail) < 2 or tail in name_words.ORDINARY or not all(map(is_han, tail)):
        return 0
    if not name_words.NO_NAME.isdisjoint(tail) or tail[-1] in "上下里过出入" or tail in source:
        return 0
    # Both characters apart in the source: 沪川 may be short for what it says.
    return 0 if all(each in source for each in tail) else used


@cache
def _capitalised() -> re.Pattern[str]:
    # A stop belongs to an initial or a title, else it ends the sentence.
    rest = r"(?:(?:rs?|s|t|rof|r)?\.(?= [A-Z])|[A-Za-zÀ-ɏ]*(?:[.&'’-][A-Za-zÀ-ɏ]+)*(?!\w))"
    # The letter comes before the look back, so that the scan for it is fast.
    return re.compile(rf"[A-Z](?<![\w@/.#&-].){rest}(?: [A-Z]{rest})*")


@cache
def _vowel() -> re.Pattern[str]:
    return re.compile("[AEIOUY]")


@cache
def _possessive() -> re.Pattern[str]:
    return re.compile(r"['’]s\b|(?<=s)['’](?!\w)")


@cache
def _token() -> re.Pattern[str]:
    return re.compile(r"[^\W_]+")


@cache
def _any_word() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z]+")


@cache
def _latin_name() -> re.Pattern[str]:
    return re.compile(  # Beside a word in lower case it is part of an English sentence, which is no name.
        r"[A-Z](?<![A-Za-z0-9@/._%&=?#{<-].)(?<![a-z,.!?] .)[A-Za-z.'’&-]++(?![A-Za-z0-9@/_$]|://| [a-z])"
    )


@cache
def _persons_and_places() -> re.Pattern[str]:
    return re.compile(any_of(f"{name_words.TITLES}|{name_words.SUFFIXES}".split("|")))


@cache
def _titles() -> frozenset[str]:
    return frozenset(name_words.TITLES.split("|"))
