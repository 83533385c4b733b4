"""Edit precision, recall and F0.5, against counts made by hand.

With tp edits right, fp unwanted and fn missed, F0.5 = 1.25 tp / (1.25 tp + fp + 0.25 fn).
"""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import Malformed
from pratique.evals.metrics.edits import EditCounts, edit_score, edits_between
from pratique.evals.metrics.tokens import Unit

UNITS: list[Unit] = ["character", "word"]
SHORT = st.text(alphabet="ab的得 ,", max_size=12)
SINGLE = st.text(alphabet="的得地 ，", max_size=12)
"""Texts whose every character is a token, so that places in both are the same."""


@pytest.mark.parametrize(
    ("unit", "source", "target", "expected"),
    [
        # 他0 跑1 的2 很3 快4
        ("character", "他跑的很快", "他跑得很快", [(2, 3, "得")]),
        # two neighbours replaced are one edit
        ("character", "我再见他", "我在看他", [(1, 3, "在看")]),
        # an insertion has no width
        ("character", "我明天北京", "我明天去北京", [(3, 3, "去")]),
        # of two equal characters the last one is dropped …
        ("character", "我很很喜欢", "我很喜欢", [(2, 3, "")]),
        # … whatever was changed before it, so that the two never become one edit
        ("character", "我很很喜欢", "你很喜欢", [(0, 1, "你"), (2, 3, "")]),
        # the last 很 touches the 大 that is replaced, and is one edit with it
        ("character", "你真很很大", "我真很小", [(0, 1, "我"), (3, 5, "小")]),
        # a doubled word: 研究研究 drops its last two
        ("character", "去研究研究吧", "去研究吧", [(3, 5, "")]),
        # an insertion beside its equal settles behind it as well
        ("character", "谢你", "谢谢你", [(1, 1, "谢")]),
        # a Latin word is one token among characters: 我0 用1 iphnoe2
        ("character", "我用iphnoe拍", "我用iPhone拍", [(2, 3, "iPhone")]),
        # a space is a character in Chinese
        ("character", "你 好", "你好", [(1, 2, "")]),
        ("word", "He go home", "He goes home", [(1, 2, "goes")]),
        # hello0 world1: the comma joins the edit that it touches
        ("word", "hello world", "Hello, world.", [(0, 1, "Hello ,"), (2, 2, ".")]),
        # words that give way one for one are an edit each: has1 an2 …
        ("word", "I has an map", "I have a map", [(1, 2, "have"), (2, 3, "a")]),
        # … but which of two words became the one is a guess: go1 in2
        ("word", "we go in home", "we went home", [(1, 3, "went")]),
        # is3 it4 change places: one is put in before, and taken out behind
        ("word", "I know what is it", "I know what it is", [(3, 3, "it"), (4, 5, "")]),
        # between words the number of spaces is nothing
        ("word", "two  spaces", "two spaces", []),
        ("word", "", "New", [(0, 0, "New")]),
        ("word", "Old text", "", [(0, 2, "")]),
    ],
)
def test_edits_are_places_among_tokens_and_what_stands_there_afterwards(
    unit: Unit, source: str, target: str, expected: list[tuple[int, int, str]]
) -> None:
    """Edits that touch are one, but for words replaced one for one; equal tokens follow one rule."""
    assert list(edits_between(source, target, unit)) == expected


LETTERS = "a b c d e f g h i j k l m n o p"
TWO_MADE = "A b C d e f g h i j k l m n o p"
ONE_WANTED = "A b c d e f g h i j k l m n o p"
EIGHT_WANTED = "A b C d E f G h I j K l M n O p"
TWO_RIGHT = ("x y z", "X y Z", ["X y Z"])
"""tp 2"""

Sample = tuple[str, str, list[str]]


@pytest.mark.parametrize(
    ("unit", "samples", "counts", "f"),
    [
        # nothing wanted, nothing made: precision 1, recall 1
        ("character", [("我很高兴。", "我很高兴。", ["我很高兴。"])], (0, 0, 0), 1.0),
        # the one wanted was made
        ("character", [("他跑的很快", "他跑得很快", ["他跑得很快"])], (1, 0, 0), 1.0),
        # the one wanted was missed: precision 1, recall 0
        ("character", [("他跑的很快", "他跑的很快", ["他跑得很快"])], (0, 0, 1), 0.0),
        # one made in a right text: precision 0, recall 1
        ("character", [("他跑得很快", "他跑的很快", ["他跑得很快"])], (0, 1, 0), 0.0),
        # the right place with the wrong character is unwanted, and the wanted one is missed
        ("character", [("他跑的很快", "他跑地很快", ["他跑得很快"])], (0, 1, 1), 0.0),
        # 的→地 made, 的→得 missed: 1.25 / (1.25 + 0.25)
        (
            "character",
            [("他高兴的跑的很快", "他高兴地跑的很快", ["他高兴地跑得很快"])],
            (1, 0, 1),
            5 / 6,
        ),
        # 门→们 right; 公圆→花园 (3, 5) is not 圆→园 (4, 5): 1.25 / (1.25 + 1 + 0.25)
        (
            "character",
            [("我门去公圆玩", "我们去花园玩", ["我们去公园玩"])],
            (1, 1, 1),
            1 / 2,
        ),
        # the doubled 很 right, 我→你 unwanted: 1.25 / (1.25 + 1)
        ("character", [("我很很喜欢", "你很喜欢", ["我很喜欢"])], (1, 1, 0), 5 / 9),
        # the wide comma right, the stop at the end unwanted: 1.25 / 2.25
        ("character", [("好的,谢谢", "好的，谢谢。", ["好的，谢谢"])], (1, 1, 0), 5 / 9),
        # one misspelt Latin name is one edit, and its capital letter counts
        ("character", [("我用iphnoe拍", "我用iphone拍", ["我用iPhone拍"])], (0, 1, 1), 0.0),
        ("character", [("我用iphnoe拍", "我用iPhone拍", ["我用iPhone拍"])], (1, 0, 0), 1.0),
        # 的→得 right, the spaces around App (before and behind) unwanted: 1.25 / (1.25 + 2)
        (
            "character",
            [("这App做的好", "这 App 做得好", ["这App做得好"])],
            (1, 2, 0),
            5 / 13,
        ),
        # of two references the one that was followed: 进步的→提高得 is one edit of three characters
        (
            "character",
            [("进步的快", "提高得快", ["进步得快", "提高得快"])],
            (1, 0, 0),
            1.0,
        ),
        # left alone, and one reference leaves it alone too
        ("character", [("他走了", "他走了", ["他已走了", "他走了"])], (0, 0, 0), 1.0),
        # left alone, and the references want 1 edit or 2: both give 0, fewer missed count
        (
            "character",
            [("他跑的慢的", "他跑的慢的", ["他跑得慢得", "他跑得慢的"])],
            (0, 0, 1),
            0.0,
        ),
        # four texts (1,0,0) + (0,1,0) + (0,0,1) + (0,0,0): 1.25 / (1.25 + 1 + 0.25)
        (
            "character",
            [
                ("他跑的快", "他跑得快", ["他跑得快"]),
                ("在家", "再家", ["在家"]),
                ("在见", "在见", ["再见"]),
                ("好", "好", ["好"]),
            ],
            (1, 1, 1),
            1 / 2,
        ),
        ("character", [("", "", [""])], (0, 0, 0), 1.0),
        ("word", [("He go home.", "He goes home.", ["He goes home."])], (1, 0, 0), 1.0),
        # has→have right, an→a unwanted: 1.25 / 2.25
        ("word", [("I has an apple", "I have a apple", ["I have an apple"])], (1, 1, 0), 5 / 9),
        # the stop right; `Hello` without its comma unwanted, `Hello ,` missed: 1.25 / 2.5
        ("word", [("hello world", "Hello world.", ["Hello, world."])], (1, 1, 1), 1 / 2),
        # a contraction is one word
        ("word", [("Its a nice day", "It's a nice day", ["It's a nice day"])], (1, 0, 0), 1.0),
        # go→went right, a→nothing unwanted: by the first reference 5/9, by the second
        # (1, 1, 1) 1/2
        (
            "word",
            [
                (
                    "Then I go to a market",
                    "Then I went to market",
                    ["Then I went to a market", "Then I went to the market"],
                )
            ],
            (1, 1, 0),
            5 / 9,
        ),
        # `it` moved (2 edits wanted); `is` was dropped instead (1 unwanted)
        ("word", [("I know what is it", "I know what it", ["I know what it is"])], (0, 1, 2), 0.0),
        # Chinese characters within English are a token each: only the misspelling was wanted
        (
            "word",
            [("Meet at 南京路 tomorow", "Meet at 南京 tomorrow", ["Meet at 南京路 tomorrow"])],
            (0, 1, 1),
            0.0,
        ),
        (
            "word",
            [("Meet at 南京路 tomorow", "Meet at 南京路 tomorrow", ["Meet at 南京路 tomorrow"])],
            (1, 0, 0),
            1.0,
        ),
        # a text that came back empty: one edit over all of it
        ("word", [("Thanks a lot", "", ["Thanks a lot"])], (0, 1, 0), 0.0),
        # alone the hypothesis is held to eight edits: (2, 0, 6) 2.5/4 beats (1, 1, 0) 1.25/2.25
        ("word", [(LETTERS, TWO_MADE, [ONE_WANTED, EIGHT_WANTED])], (2, 0, 6), 5 / 8),
        # after two right ones (3, 1, 0) 3.75/4.75 beats (4, 0, 6) 5/6.5
        ("word", [TWO_RIGHT, (LETTERS, TWO_MADE, [ONE_WANTED, EIGHT_WANTED])], (3, 1, 0), 15 / 19),
        # the other way round the choice is made before they are known: 5/6.5
        ("word", [(LETTERS, TWO_MADE, [ONE_WANTED, EIGHT_WANTED]), TWO_RIGHT], (4, 0, 6), 10 / 13),
    ],
)
def test_edits_made_are_counted_against_edits_wanted(
    unit: Unit, samples: list[Sample], counts: tuple[int, int, int], f: float
) -> None:
    """Counts are summed over the corpus, each text held to its kindest reference."""
    score = edit_score(samples, unit)
    assert (score.counts.right, score.counts.unwanted, score.counts.missed) == counts
    assert score.f.value == pytest.approx(f, abs=1e-12)
    assert (score.f.count, score.f.counts) == (len(samples), "texts")


def test_precision_and_recall_say_how_many_edits_they_were_counted_over() -> None:
    """A precision of 1 means nothing where no edit was made, and its count shows that."""
    # tp 1, fp 1, fn 3: made 2, wanted 4
    score = edit_score([("a b c d e f g", "A b x d e f g", ["A b C d E f G"])], "word")
    assert (score.precision.value, score.precision.count) == (1 / 2, 2)
    assert (score.recall.value, score.recall.count) == (1 / 4, 4)
    untouched = edit_score([("a b", "a b", ["A b"])], "word")
    assert (untouched.precision.value, untouched.precision.count) == (1.0, 0)
    assert (untouched.recall.value, untouched.recall.count) == (0.0, 1)


def test_other_weights_of_recall_follow_the_formula() -> None:
    """P = 3/4, R = 3/5: F1 = 6/9, F2 = 5 (9/20) / (3 + 3/5) = 5/8."""
    counts = EditCounts(right=3, unwanted=1, missed=2)
    assert counts.f(1.0) == pytest.approx(2 / 3)
    assert counts.f(2.0) == pytest.approx(5 / 8)


def test_no_texts_are_refused() -> None:
    """Nothing measured is not a perfect score."""
    with pytest.raises(Malformed, match="0 texts"):
        edit_score([], "word")


def test_a_text_without_references_is_named() -> None:
    """Held to nothing, every edit would be unwanted or none: neither is true."""
    with pytest.raises(Malformed, match="sample 1 has no reference"):
        edit_score([("a", "a", ["a"]), ("b", "b", [])], "word")


def test_one_text_in_place_of_a_list_of_references_is_refused() -> None:
    """Python would take each of its characters for a reference."""
    with pytest.raises(Malformed, match="one text, not a list"):
        edit_score([("a b", "a b", "a b")], "word")


@given(st.lists(st.tuples(SHORT, SHORT, st.lists(SHORT, min_size=1, max_size=3)), min_size=1))
def test_every_figure_lies_between_0_and_1(samples: list[Sample]) -> None:
    """Whatever the texts are."""
    for unit in UNITS:
        score = edit_score(samples, unit)
        for figure in (score.precision, score.recall, score.f):
            assert 0.0 <= figure.value <= 1.0


@given(st.text(max_size=30))
def test_identical_texts_have_no_edits(text: str) -> None:
    """A text that is left alone is never held against anybody."""
    for unit in UNITS:
        assert edits_between(text, text, unit) == ()


@given(SINGLE, SINGLE)
def test_edits_made_to_the_source_give_the_target(source: str, target: str) -> None:
    """The edits hold all that changed, in order, and none touches the next."""
    at, rebuilt = 0, ""
    for edit in edits_between(source, target, "character"):
        assert edit.start > at or not rebuilt
        rebuilt += source[at : edit.start] + edit.replacement
        at = edit.end
    assert rebuilt + source[at:] == target


@given(SHORT, SHORT, st.lists(SHORT, min_size=1, max_size=4), st.randoms())
def test_the_order_of_references_does_not_matter_to_one_text(
    source: str, hypothesis: str, references: list[str], chance: Random
) -> None:
    """The kindest reference is the same wherever it stands."""
    shuffled = list(references)
    chance.shuffle(shuffled)
    for unit in UNITS:
        assert edit_score([(source, hypothesis, references)], unit) == edit_score(
            [(source, hypothesis, shuffled)], unit
        )


@given(SHORT, SHORT, SHORT)
def test_a_further_reference_never_lowers_the_score_of_one_text(
    source: str, hypothesis: str, reference: str
) -> None:
    """To accept more is to be kinder."""
    for unit in UNITS:
        alone = edit_score([(source, hypothesis, [reference])], unit)
        both = edit_score([(source, hypothesis, [reference, hypothesis])], unit)
        assert both.f.value == 1.0 >= alone.f.value
