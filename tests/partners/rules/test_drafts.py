"""Reply drafts by rules: what a mail really asks, and a reply of the answers alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.partners.rules.drafts import reply_draft
from pratique.partners.rules.records import Message
from pratique.partners.rules.records_text import Answer, Draft, DraftInput, Questions
from pratique.text.lengths import length
from tests.partners.rules.scoring import LOCALES, passed, valid


def asked(
    text: str, locale: str = "en", me: str = "Tom", sender: str = "Ines", snippet: str = ""
) -> list[tuple[str, tuple[str, ...]]]:
    """Return the questions, with their options, that one mail puts."""
    thread = (Message(sender=sender, text=text),)
    found = reply_draft(DraftInput(thread=thread, me=me, snippet=snippet), locale)
    assert isinstance(found, Questions)
    return [(each.q, each.options) for each in found.questions]


def drafted(text: str, *answers: tuple[str, str], locale: str = "en") -> str:
    """Return the reply to one mail."""
    thread = (Message(sender="Ines", text=text),)
    chosen = tuple(Answer(q=question, a=answer) for question, answer in answers)
    found = reply_draft(DraftInput(thread=thread, me="Tom", answers=chosen), locale)
    assert isinstance(found, Draft)
    return found.draft


def test_two_questions_of_one_sentence_are_two() -> None:
    """Each gets its own answers."""
    found = asked("Will you come on Saturday, and can you bring the long rake?")
    assert [question for question, _ in found] == [
        "Will you come on Saturday?",
        "Can you bring the long rake?",
    ]


@pytest.mark.parametrize(
    ("locale", "text", "options"),
    [
        ("en", "Soup or stew?", ("Soup", "Stew")),
        ("en", "Which do you like: red, green or blue?", ("Red", "Green", "Blue")),
        ("zh-Hans", "您看六点还是七点合适？", ("六点", "七点")),
        ("zh-Hans", "需要停车位吗？", ("需要", "不需要")),
        ("zh-Hant", "靠窗還是走道？", ("靠窗", "走道")),
    ],
)
def test_options_are_those_that_the_mail_offers(
    locale: str, text: str, options: tuple[str, ...]
) -> None:
    """One taps what was asked, in its own words."""
    assert asked(text, locale)[0][1][: len(options)] == options


@pytest.mark.parametrize(
    ("locale", "text", "sender"),
    [
        ("en", "Did you know? Owls are back.", "Mill Letter"),
        ("en", "Bo, is the oven off?", "Ines"),
        ("en", "How are you? All is well here.", "Ines"),
        ("en", "Who knows what winter brings?", "Ines"),
        ("zh-Hans", "阿波，烤箱关了没？", "伊娜"),
        ("zh-Hant", "謝謝你的照片！那天多開心啊，是不是？", "伊娜"),
    ],
)
def test_bait_courtesy_and_questions_to_others_are_not_asked(
    locale: str, text: str, sender: str
) -> None:
    """The user has nothing to answer."""
    assert asked(text, locale, sender=sender) == []


def test_what_is_answered_already_is_not_asked() -> None:
    """The user has begun to write it."""
    found = asked("Soup or stew? And six or seven?", snippet="Stew, please, and")
    assert [question for question, _ in found] == ["Six or seven?"]


def test_a_draft_says_every_answer_and_promises_nothing() -> None:
    """What the user did not choose is not said."""
    draft = drafted("Did the parcel come, and does it fit?", ("Came?", "Yes"), ("Fits?", "Too big"))
    assert "Came: yes." in draft
    assert "Too big." in draft
    assert len(draft.split()) <= 8


def test_a_short_no_stays_short() -> None:
    """A chat gets no salutation."""
    assert drafted("You in?", ("In?", "No")) == "No."


def test_a_draft_goes_on_from_what_was_begun() -> None:
    """The user's own words stay."""
    thread = (Message(sender="伊娜", text="週日來嗎？"),)
    given_in = DraftInput(
        thread=thread, me="阿湯", snippet="謝謝邀請，", answers=(Answer(q="來？", a="來，四點"),)
    )
    assert reply_draft(given_in, "zh-Hant") == Draft(draft="謝謝邀請，來，四點。")


TEXTS = st.text(max_size=60) | st.text("a b?,. orandcan you六点还是吗呢？，。阿小", max_size=60)


@pytest.mark.parametrize("locale", LOCALES)
@given(
    thread=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=3),
    me=TEXTS,
    snippet=TEXTS,
    answers=st.lists(st.tuples(TEXTS, TEXTS), max_size=8),
)
@settings(max_examples=120, deadline=None)
def test_any_thread_gets_questions_or_a_draft(
    locale: str,
    thread: list[tuple[str, str]],
    me: str,
    snippet: str,
    answers: list[tuple[str, str]],
) -> None:
    """Nothing crashes; questions are short, and each has two to four answers."""
    given_in = DraftInput(
        thread=tuple(Message(sender=sender, text=text) for sender, text in thread),
        me=me,
        snippet=snippet,
        answers=tuple(Answer(q=question, a=answer) for question, answer in answers),
    )
    found = reply_draft(given_in, locale)
    assert isinstance(found, Draft if answers else Questions)
    assert valid("reply_draft", found)
    for question in found.questions if isinstance(found, Questions) else ():
        assert length(question.q, locale) <= (8 if locale == "en" else 13)


@pytest.mark.parametrize("piece", ["a or ", "can you a? ", "还是", "吗，", "a, "])
def test_a_long_hostile_mail_is_answered(piece: str) -> None:
    """No pattern may run away."""
    for locale in LOCALES:
        assert len(asked(piece * 3_000, locale)) <= 8


@pytest.mark.parametrize(("locale", "least"), [("en", 16), ("zh-Hans", 16), ("zh-Hant", 10)])
def test_development_samples_pass(locale: str, least: int) -> None:
    """What the rules were written by."""
    right, _ = passed("reply_draft", locale, DraftInput, reply_draft)
    assert right >= least
