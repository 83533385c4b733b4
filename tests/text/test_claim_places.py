"""Where forms of the vocabulary may stand, and what sentences are cut into: fast and the same."""

import re

import pytest
from hypothesis import given
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


SPOKEN: dict[Language, list[str]] = {
    "zh-Hans": [
        *("会议", "改到", "提前", "取消", "获批", "被捕", "起诉", "窃贼偷走", "和川食品", "五楼"),
        *(
            "可能",
            "否认",
            "不会",
            "将",
            "如果",
            "据传",
            "玩笑",
            "要求",
            "被",
            "案",
            "已",
            "？",
            "吗",
        ),
        *("，", "。", "；", "\n", "：", "AI", "3点", "想", "但", "并非如此", "谣言", "😂"),
    ],
    "en": [
        *("meeting ", "moved ", "cancelled ", "approved ", "Ada Brill ", "arrested ", "sued "),
        *("may ", "denies ", "not ", "will ", "if ", "to ", "rumour ", "just kidding ", "won't "),
        *(", ", ". ", "; ", "\n", ": ", "in 1950 ", "on Friday ", "the ", "sale ", "hoax ", "?"),
    ],
}


def texts(language: Language) -> st.SearchStrategy[str]:
    """Return texts in which much is claimed, denied and doubted."""
    return st.lists(st.sampled_from(SPOKEN[language]), min_size=1, max_size=30).map("".join)


def told(mentions: list[Mention], events: frozenset[str]) -> list[tuple[object, ...]]:
    """Return what *mentions* say of *events*."""
    return [
        (one.events, one.start, one.end, one.status, one.near, one.ahead)
        for one in mentions
        if not events.isdisjoint([name for name, _ in one.events])
    ]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
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
@given(st.data())
def test_a_line_between_stops_is_a_sentence(language: Language, data: st.DataObject) -> None:
    """What is told without cutting a text into sentences is told by its sentences, too."""
    english = language == "en"
    text = data.draw(texts(language))
    start = data.draw(st.integers(0, len(text)))
    line = text[start : data.draw(st.integers(start, len(text)))]
    if stands_whole(line, text):
        known = {one.key() for one in sentences(text, english=english)}
        assert known.issuperset(one.key() for one in sentences(line, english=english))


@given(st.text(alphabet="aBé '.,:;?!\n_-3\x1c\x85"))
def test_plain_english_is_cut_like_any_other(text: str) -> None:
    """A text in ASCII takes a faster way to the same words."""
    text = text.replace("é", "e").replace("\x85", " ")
    cut = [one.written for one in sentences(text, english=True)]
    assert [*cut, ["é"]] == [one.written for one in sentences(text + "\né", english=True)]
