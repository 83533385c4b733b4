"""Instructions: each kind is followed by an answer that does what it asks, and by no other."""

import random

import pytest

from pratique.evals.instructions import KINDS, Instruction, lack, unmet
from pratique.evals.tongues import tongue
from tests.fuzzing import text as fuzzed

CASES: list[tuple[Instruction, list[str], list[str]]] = [
    (
        Instruction(kind="keywords:existence", texts=("ferry", "Osk")),
        ["A FERRY on the osk."],
        ["A ferry.", "The Osk."],
    ),
    (
        Instruction(kind="keywords:frequency", texts=("so",), count=2),
        ["So so.", "so, so, so"],
        ["So it is."],
    ),
    (
        Instruction(kind="keywords:frequency", texts=("渡轮",), count=2, relation="less than"),
        ["渡轮晚点。", "晚点。"],
        ["渡轮和渡轮"],
    ),
    (
        Instruction(kind="keywords:forbidden_words", texts=("key", "锁")),
        ["The monkey sleeps.", "门开了"],
        ["A Key.", "一把锁", "key是钥匙"],
    ),
    (
        Instruction(kind="keywords:letter_frequency", texts=("q",), count=2),
        ["Quite quiet"],
        ["Quiet", "calm"],
    ),
    (
        Instruction(kind="language:response_language", texts=("it",)),
        ["Il traghetto per la città non è in ritardo."],
        ["The ferry to the town is not late.", "渡轮没有晚点。"],
    ),
    (
        Instruction(kind="length_constraints:number_sentences", count=2),
        ["One. Two.", "一。二！三？"],
        ["One", "At 3.5 it ends."],
    ),
    (
        Instruction(kind="length_constraints:number_words", count=4, relation="less than"),
        ["I don't know.", "不知道"],
        ["I really don't know.", "我不知道"],
    ),
    (
        Instruction(kind="length_constraints:number_paragraphs", count=2),
        ["one\n***\ntwo", "***\none\n***\ntwo\n***"],
        ["one", "one\n***\n***\ntwo", "one\n******\ntwo", "one\n\ntwo"],
    ),
    (
        Instruction(
            kind="length_constraints:nth_paragraph_first_word", texts=("So",), count=2, nth=2
        ),
        ["One.\n\nSo it is.", 'One.\n \n"so," he said.', "One.\n\n**So** it is."],
        ["So.\n\nOne.", "So it is.", "One.\n\nSome.", "One.\n\nSo.\n\nThree."],
    ),
    (
        Instruction(kind="detectable_content:number_placeholders", count=2),
        ["Dear [name], from [place]"],
        ["Dear [name]", "[] []"],
    ),
    (
        Instruction(kind="detectable_content:postscript", texts=("P.S.",)),
        ["Bye.\nP.S. Come.", "p. s. come", "P.S: come"],
        ["Bye.", "P.P.S. Come.", "PS come", "steps"],
    ),
    (
        Instruction(kind="detectable_content:postscript", texts=("P.P.S",)),
        ["P.P.S. Come."],
        ["P.S. Come."],
    ),
    (
        Instruction(kind="detectable_format:number_bullet_lists", count=2),
        ["* a\n* b", "Both:\n- a\n  - b"],
        ["* a", "* a\n* b\n* c", "**a**\n**b**", "---\n---"],
    ),
    (
        Instruction(kind="detectable_format:constrained_response"),
        ["My answer is maybe.", "Well. My answer is no."],
        ["Maybe.", "My answer is: yes"],
    ),
    (
        Instruction(kind="detectable_format:number_highlighted_sections", count=2),
        ["*a b* and **c**"],
        ["*a*", "* a\n* b", "** **"],
    ),
    (
        Instruction(kind="detectable_format:multiple_sections", texts=("Day",), count=2),
        ["Day 1: go\nDay 2: stay", "DAY 1 day2"],
        ["Day 1: go", "Day X, Day Y"],
    ),
    (
        Instruction(kind="detectable_format:json_format"),
        ['{"a": 1}', '```json\n["a"]\n```', "  [] "],
        ["a: 1", "3", '{"a": 1} so', "[" * 100_000],
    ),
    (
        Instruction(kind="detectable_format:title"),
        ["<<Ferry>>\nIt is late."],
        ["<Ferry>", "<< >>", "<<Fer\nry>>"],
    ),
    (
        Instruction(kind="combination:two_responses"),
        ["One\n******\nTwo", "One******Two******"],
        ["One", "One\n******\nOne", "One\n***\nTwo", "A******B******C"],
    ),
    (
        Instruction(kind="combination:repeat_prompt", texts=("Where is it?",)),
        ["where is it? There."],
        ["It is there.", "You ask: where is it?"],
    ),
    (
        Instruction(kind="startend:end_checker", texts=("Is that all?",)),
        ["Yes. Is that all?", '"Yes. is that all?"\n'],
        ["Is that all? Yes."],
    ),
    (
        Instruction(kind="startend:quotation"),
        ['"Yes."', " “是的。”\n"],
        ["Yes.", '"Yes', '"', '"Yes." he said'],
    ),
    (
        Instruction(kind="change_case:english_capital"),
        ["THE FERRY IS LATE."],
        ["The ferry", "123", "IL TRAGHETTO È PER LA CITTÀ"],
    ),
    (
        Instruction(kind="change_case:english_lowercase"),
        ["the ferry is late."],
        ["The ferry", "123", "渡轮"],
    ),
    (
        Instruction(kind="change_case:capital_word_frequency", count=2),
        ["NO and NO", "I AM here"],
        ["No and NO", "123 456"],
    ),
    (
        Instruction(kind="punctuation:no_comma"),
        ["Yes.", "是的。"],
        ["Yes, sir.", "是，先生", "甲、乙"],
    ),
    (
        Instruction(kind="answer:is", texts=("Osk", "*塔恩。*")),
        ["Osk", " “Osk”.", "*塔恩。*"],
        ["osk", "The Osk", "塔恩"],
    ),
    (
        Instruction(kind="answer:is", texts=("到了。",)),
        ["到了。"],
        ["到了"],
    ),
    (
        Instruction(kind="answer:names", texts=("four", "11"), count=20),
        ["It was four.", "11分"],
        ["fourteen", "2011", "It was four " * 9],
    ),
    (
        Instruction(kind="answer:option", texts=("(B)",)),
        ["(B)", "b is no option, so (A) is not it: （B）", "B", "B."],
        ["(A)", "(B) or (C)", "Bees", "b"],
    ),
    (
        Instruction(kind="answer:number", texts=("$1,300",)),
        ["$1,300", "2 × 650 = 1300.00", "一共１３００美元"],
        ["13", "1300 of 2000", "none"],
    ),
]


def test_every_kind_has_answers_that_follow_and_some_that_do_not() -> None:
    """A kind without both may say yes, or no, to everything."""
    assert {instruction.kind for instruction, _, _ in CASES} == set(KINDS)


@pytest.mark.parametrize(("instruction", "good", "bad"), CASES)
def test_an_instruction_is_followed_by_what_does_as_it_says(
    instruction: Instruction, good: list[str], bad: list[str]
) -> None:
    """And by nothing else."""
    assert lack(instruction) == ""
    for answer in good:
        assert unmet([instruction], answer) == (), answer
    for answer in bad:
        assert unmet([instruction], answer) == (instruction.kind,), answer


@pytest.mark.parametrize(("instruction", "good", "bad"), CASES)
def test_an_empty_answer_follows_nothing(
    instruction: Instruction, good: list[str], bad: list[str]
) -> None:
    """It has no comma and no forbidden word, and is no answer."""
    for loose in (False, True):
        assert unmet([instruction], " \n\t", loose=loose) == (instruction.kind,)


@pytest.mark.parametrize(
    "answer", ["Sure!\n“Yes.”", "“Yes.”\nHope that helps.", "Sure!\n“Yes.”\nBye.", "**“Yes.”**"]
)
def test_what_stands_around_an_answer_is_forgiven_loosely(answer: str) -> None:
    """A first line, a last one, both, or asterisks."""
    wanted = [Instruction(kind="startend:quotation")]
    assert unmet(wanted, answer) == ("startend:quotation",)
    assert unmet(wanted, answer, loose=True) == ()


def test_any_text_can_be_checked_and_loosely_is_never_harder() -> None:
    """Answers come from models: none may break a check."""
    chance = random.Random(7)
    wanted = [instruction for instruction, _, _ in CASES]
    for _ in range(400):
        answer = fuzzed(chance)
        strict = unmet(wanted, answer)
        assert set(unmet(wanted, answer, loose=True)) <= set(strict)


@pytest.mark.parametrize(
    ("instruction", "said"),
    [
        (Instruction(kind="keywords:unheard_of"), "unknown kind"),
        (Instruction(kind="keywords:existence"), "names no text"),
        (Instruction(kind="keywords:frequency", texts=("a",)), "count of 0"),
        (Instruction(kind="language:response_language", texts=("tlh",)), "cannot be told"),
        (
            Instruction(
                kind="length_constraints:nth_paragraph_first_word", texts=("a",), count=2, nth=0
            ),
            "paragraph 0 of 2",
        ),
    ],
)
def test_an_instruction_that_lacks_something_is_told(instruction: Instruction, said: str) -> None:
    """It would be followed by everything, or by nothing."""
    assert said in lack(instruction)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("bg", "Фериботът за града не е закъснял, но ще тръгне след един час."),
        ("ru", "Паром в город не опоздал, но он отправится через час, как и вчера."),
        ("de", "Die Fähre in die Stadt ist nicht zu spät, und ich warte mit dir."),
        ("en", "The ferry to the town is not late, and I wait with you."),
        ("es", "El barco para la ciudad no es el que sale a las dos."),
        ("fi", "Lautta ei ole myöhässä, ja minä odotan, että se lähtee."),
        ("fr", "Le bateau est dans le port et les gens ne sont pas sur le quai."),
        ("it", "Il traghetto per la città non è in ritardo e mi aspetta."),
        ("pt", "O barco não é o que sai da cidade, mas um outro para a ilha."),
        ("sw", "Kivuko cha kwenda mjini hakijachelewa, na watu wengi wa mji ni wageni."),
        ("vi", "Chuyến phà này không trễ và tôi đã đợi với các bạn."),
        ("hi", "नाव देर से नहीं है और मैं घाट पर हूँ।"),
        ("mr", "नाव उशिरा नाही आणि मी घाटावर आहे."),
        ("ne", "डुङ्गा ढिलो छैन र म घाटमा छु, यो राम्रो छ।"),
        ("bn", "নৌকা দেরি করেনি।"),
        ("gu", "હોડી મોડી નથી."),
        ("kn", "ದೋಣಿ ತಡವಾಗಿಲ್ಲ."),
        ("te", "పడవ ఆలస్యం కాలేదు."),
        ("ta", "படகு தாமதமாகவில்லை."),
        ("pa", "ਕਿਸ਼ਤੀ ਦੇਰ ਨਾਲ ਨਹੀਂ ਹੈ।"),
        ("th", "เรือไม่ได้มาสาย"),
        ("ko", "배는 늦지 않았습니다."),
        ("zh", "渡轮没有晚点。"),
        ("ar", "السفينة لا تتأخر عن الموعد، وهي في الميناء مع الركاب."),
        ("fa", "کشتی دیر نکرده است و من در بندر هستم."),
        ("ur", "کشتی دیر سے نہیں ہے اور میں گھاٹ پر ہوں۔"),
        (None, "123 !"),
        (None, "Osk Tarn"),
        (None, ""),
    ],
)
def test_a_language_is_told_by_its_script_and_its_common_words(code: str | None, text: str) -> None:
    """Where neither tells, nothing is claimed."""
    assert tongue(text) == code
