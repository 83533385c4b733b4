"""Where forms of the vocabulary may stand, and what sentences are cut into: fast and the same."""

import re

from hypothesis import given
from hypothesis import strategies as st

from pratique.text.claim_forms import matched
from pratique.text.claim_places import ByCharacter, ByWord, Entry, Form, Forms, Places
from pratique.text.claim_sentences import Sentence, sentences

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
