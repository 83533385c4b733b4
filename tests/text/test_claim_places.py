"""Where forms of the vocabulary may stand, and what sentences are cut into: fast and the same."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.text.claim_forms import matched
from pratique.text.claim_places import ByCharacter, ByWord, Entry, Form, Forms, Places
from pratique.text.claim_read import Mention, Read
from pratique.text.claim_scan import read, read_for
from pratique.text.claim_sentences import Sentence, sentences, stands_whole
from pratique.text.claim_words import Language, vocabulary

TOKEN = re.compile(r"[A-Za-z]+|\d+(?:[.:]\d+)?|[^\s]")
"""What a Chinese sentence is made of, in one pattern."""
FORMS = st.lists(st.sampled_from("甲乙丙*"), min_size=1, max_size=4).map(tuple)


@given(
    st.sets(FORMS.filter(lambda form: form[0] != "*" != form[-1]), min_size=1, max_size=8),
    st.lists(st.sampled_from(["甲", "乙", "丙", "，", "ai", "3.5", "\ud800"]), max_size=12),
)
def test_the_same_forms_stand_at_the_same_places(forms: set[Form], words: list[str]) -> None:
    """Chinese forms are found in one pass; by their first two characters they are found, too."""
    entries = {form: Entry() for form in sorted(forms)}
    text = "".join(one if len(one) == 1 else "\0" for one in words)
    sentence = Sentence(0, words, words, "", False, text=text)
    assert standing(sentence, ByCharacter(entries).find(sentence)) == standing(
        sentence, ByWord(entries).find(sentence)
    )


def standing(sentence: Sentence, places: Places) -> list[tuple[int, list[Form]]]:
    """Return the places at which forms stand, and these in the order in which they are tried."""
    found = [
        (at, [rest for rest in tails(forms) if stands(sentence, at, rest)]) for at, forms in places
    ]
    return [one for one in found if one[1] or sentence.words[one[0]] == "，"]


def tails(forms: Forms) -> list[Form]:
    """Return what forms have behind their first character."""
    return [rest for _, rest, _ in forms.ways]


def stands(sentence: Sentence, at: int, rest: Form) -> bool:
    """Say whether *rest* stands behind *at*."""
    return not rest or matched(sentence, at + 1, rest) >= 0


@given(st.text(alphabet="甲乙，、（）“ \t\u3000\x1cabZß3５٣:é👍\ud800"))
def test_chinese_sentences_are_made_of_characters_words_and_numbers(text: str) -> None:
    """Blanks fall away, Latin words and numbers stay whole, every other character is one."""
    tokens = TOKEN.findall(text)
    spoken = any(one[0].isalnum() for one in tokens)
    assert [one.written for one in sentences(text, english=False)] == ([tokens] if spoken else [])


EVENTS: dict[Language, list[str]] = {
    "zh-Hans": [
        "会议改到五楼",
        "提前",
        "取消",
        "获批",
        "被捕",
        "甲起诉乙",
        "窃贼",
        "出售工厂",
        "死亡",
    ],
    "en": [
        "meeting moved",
        "cancelled",
        "approved",
        "Ada arrested",
        "sued",
        "a sale",
        "sells mill",
    ],
}
CUES: dict[Language, list[str]] = {
    "zh-Hans": [
        "可能",
        "否认",
        "不",
        "将",
        "如果",
        "据传",
        "玩笑",
        "要求",
        "被",
        "案",
        "已",
        "拒绝",
        "堵",
    ],
    "en": [
        "may",
        "denies",
        "not",
        "will",
        "if",
        "to",
        "rumour",
        "won't",
        "nonsense",
        "in 1950",
        "late",
    ],
}
ENDS: dict[Language, list[str]] = {
    "zh-Hans": [
        "。",
        "。",
        "，",
        "，但",
        "；",
        "\n",
        "：",
        "？",
        "吗？",
        "AI，",
        "3点。",
        "谣言。",
        "🙃。",
    ],
    "en": [
        ". ",
        ". ",
        ", ",
        "; ",
        "\n",
        ": ",
        "?",
        " on Friday. ",
        " denied the. ",
        " it is false. ",
    ],
}


def pieces(language: Language) -> st.SearchStrategy[list[str]]:
    """Return clauses in which much is claimed, denied and doubted."""
    blank = " " if language == "en" else ""
    words = st.lists(st.sampled_from(EVENTS[language] + CUES[language]), min_size=1, max_size=3)
    clause = st.tuples(words, st.sampled_from(ENDS[language]))
    return st.lists(clause.map(lambda one: blank.join(one[0]) + one[1]), min_size=1, max_size=5)


def texts(language: Language) -> st.SearchStrategy[str]:
    """Return texts made of them."""
    return pieces(language).map("".join)


def told(mentions: list[Mention], events: frozenset[str]) -> list[tuple[object, ...]]:
    """Return what *mentions* say of *events*."""
    return [
        (one.events, one.start, one.end, one.status, one.near, one.ahead)
        for one in mentions
        if not events.isdisjoint([name for name, _ in one.events])
    ]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@settings(deadline=None)  # The first example waits for the vocabulary to be read.
@given(st.data())
def test_a_source_read_for_a_line_says_what_it_says_read_whole(
    language: Language, data: st.DataObject
) -> None:
    """Sentences that say nothing of a line are left unread, and read all the same when asked."""
    english = language == "en"
    source = sentences(data.draw(texts(language)), english=english)
    line = sentences(data.draw(texts(language)), english=english)
    words, claimed = vocabulary(language), read(line, language)
    events = frozenset(name for one in claimed for each in one.mentions for name, _ in each.events)
    wanted = {word for one in claimed for word in one.words.values()}
    if not source:
        return
    for part, whole in zip(
        read_for(source, claimed, words, events), read(source, language), strict=True
    ):
        assert sorted(part.asked) == [one for one in whole.words.items() if one[1] in wanted]
        assert [part.status[at] for at, _ in part.asked] == [
            whole.status[at] for at, _ in part.asked
        ]
        assert told(part.mentions, events) == told(whole.mentions, events)
        assert given_by(part) == given_by(whole)


def given_by(one: Read) -> tuple[int, int, dict[int, str]]:
    """Return what *one* gives whoever asks."""
    return one.cues, one.whole, one.words


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@settings(deadline=None)  # The first example waits for the vocabulary to be read.
@given(st.data())
def test_a_line_between_stops_is_a_sentence(language: Language, data: st.DataObject) -> None:
    """What is told without cutting a text into sentences is told by its sentences, too."""
    english = language == "en"
    parts = data.draw(pieces(language))
    start = data.draw(st.integers(0, len(parts) - 1))
    end = data.draw(st.integers(start + 1, len(parts)))
    text, line = "".join(parts), "".join(parts[start:end])
    if data.draw(st.booleans()):
        line = line.rstrip(" .;?。；？\n")
    if stands_whole(line, text):
        known = {one.key() for one in sentences(text, english=english)}
        assert known.issuperset(one.key() for one in sentences(line, english=english))


@given(st.text(alphabet="aBé '.,:;?!\n_-3\x1c\x85"))
def test_plain_english_is_cut_like_any_other(text: str) -> None:
    """A text in ASCII takes a faster way to the same words."""
    text = text.replace("é", "e").replace("\x85", " ")
    cut = [one.written for one in sentences(text, english=True)]
    assert [*cut, ["é"]] == [one.written for one in sentences(text + "\né", english=True)]
