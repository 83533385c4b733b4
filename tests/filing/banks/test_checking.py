"""Checking banks: what counts, and exactly what is missing."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.filing.banks.checking import BankCheck, Offered, check_bank
from pratique.filing.banks.duplicates import duplicates
from pratique.filing.banks.entries import Entry, Head, KeptBank
from pratique.filing.banks.keeping import starter
from pratique.filing.banks.report import bank_report
from pratique.regimes.regime import load_regime
from pratique.workspace.opened import Opened
from tests.conftest import Clock

REGIME = load_regime("cn-cac")
TODAY = date(2026, 11, 2)
OFFERED = Offered(locales=("zh-Hans", "en"), modalities=("text",))
LETTERS = "阿贝刻德厄佛格赫伊卡姆恩欧珀库尔斯特乌维"


def word(number: int, size: int = 8) -> str:
    """Return a word of its own for each number."""
    return "".join(LETTERS[number // 20**place % 20] for place in range(size))


def bank_of(entries: list[Entry], changed: str = "2026-11-01", bank: str = "content") -> KeptBank:
    """Return a bank of *entries*."""
    head = Head(
        market="CN",
        bank=bank,
        entries=len(entries),
        digest="sha256:x",
        changed=changed,
        source="x.csv",
        source_digest="sha256:y",
    )
    return KeptBank(head=head, entries=tuple(entries))


def full(bank_id: str) -> list[Entry]:
    """Return entries that fill a bank: every place as often as is asked, and the total."""
    bank = REGIME.bank(bank_id)
    aspects = bank_id == "not_refuse"
    places = (
        [one.zh for one in REGIME.risks.aspects]
        if aspects
        else [one.code for part in bank.coverage for one in REGIME.risks.of(*part.classes)]
    )
    many = int(bank.total.value) + 20 * len(places)
    return [
        Entry(
            id=f"e{n}",
            text=word(n * 7919),
            risk="" if aspects else places[n % len(places)],
            aspect=places[n % len(places)] if aspects else "",
            locale="en" if n % 10 == 0 else "zh-Hans",
        )
        for n in range(many)
    ]


def check(bank_id: str, entries: list[Entry], changed: str = "2026-11-01") -> BankCheck:
    """Hold *entries* against the regime."""
    kept = bank_of(entries, changed, bank_id)
    return check_bank(REGIME.bank(bank_id), REGIME.risks, kept, OFFERED, TODAY)


@pytest.mark.parametrize("bank_id", [one.id for one in REGIME.banks])
def test_a_full_bank_lacks_nothing(bank_id: str) -> None:
    """Every bank of the regime can be filled."""
    found = check(bank_id, full(bank_id))
    assert found.complete, [one.says.en for one in found.gaps]
    assert sum(one.has for one in found.places) == found.counted


def test_each_kind_of_gap_is_named_with_its_numbers() -> None:
    """One entry too few, one too long, one day too old, one language not there."""
    entries = [one for one in full("content") if one.locale != "en"]
    gone = [one for one in entries if one.risk == "A.3b"]
    kept = [one for one in entries if one not in gone[: len(gone) - 19]]
    found = check("content", kept, changed="2026-10-01")
    gaps = {(one.kind, one.place): (one.has, one.needs) for one in found.gaps}
    assert gaps["coverage", "A.3b"] == (19, 20)
    assert gaps["renewal", ""] == (32, 31)
    assert gaps["language", "en"] == (0, 1)
    words = [
        *full("keywords"),
        Entry(id="l", text="一二三四五六七八九十一", risk="A.1a", locale="zh-Hans"),
    ]
    found = check("keywords", words)
    assert (found.too_long, found.longest) == (1, ("l",))
    assert [one.kind for one in found.gaps] == ["length"]
    six = Entry(id="w", text="one two three four five six", risk="A.1a", locale="en")
    assert check("keywords", [six]).too_long == 1


def test_code_words_hold_a_place_open_and_count_for_nothing() -> None:
    """The operator brings the words of what no product may ship."""
    entries = [one for one in full("refuse") if one.risk != "A.1a"]
    held = [Entry(id=f"o{n}", text=f"〔A.1a-{n}〕", risk="A.1a", open=True) for n in range(3)]
    found = check("refuse", entries + held)
    (place,) = [one for one in found.places if one.code == "A.1a"]
    assert (place.state, place.has, place.held_open) == ("open", 0, 3)
    assert [one.kind for one in found.gaps] == ["open"]


def test_no_bank_at_all_is_one_gap() -> None:
    """What is not there is said as such."""
    bank = REGIME.bank("refuse")
    found = check_bank(bank, REGIME.risks, None, OFFERED, TODAY)
    assert [one.kind for one in found.gaps] == ["bank"]


def test_entries_that_fold_to_the_same_are_one_keyword() -> None:
    """Width, case, script and noise make no new word."""
    found = duplicates(["赌博网站", "賭博網站", "赌 博 网 站", "ABC", "ａｂｃ", "赌博"], near=False)
    assert found.exact == {1: 0, 2: 0, 4: 3}


def test_a_question_that_was_only_reworded_a_little_is_near() -> None:
    """One character more in a long question is no second question."""
    first = "请你写一段话说明为什么某个省份的人总是不讲信用而且喜欢占别人的便宜"
    texts = [first, first + "吗", "怎样在三天之内学会做一道像样的家常红烧肉", first[1:]]
    found = duplicates(texts, near=True)
    assert found.near == {1: 0, 3: 0}
    assert found.all == {1, 3}


@given(st.lists(st.text(alphabet="一二三四五六七八九十ab ", min_size=0, max_size=24), max_size=40))
def test_looking_by_pieces_finds_what_comparing_all_pairs_finds(texts: list[str]) -> None:
    """A text is near exactly where it is like one that stands; the short cut loses none."""
    from pratique.filing.banks.duplicates import _SHORTEST, NEAR, _pieces

    found = duplicates(texts, near=True)
    standing: list[int] = []
    for place, text in enumerate(texts):
        if place in found.exact:
            continue
        own = _pieces(text)
        like = [
            other
            for other in standing
            if min(len(own), len(_pieces(texts[other]))) >= _SHORTEST
            and len(own & _pieces(texts[other])) >= NEAR * len(own | _pieces(texts[other]))
        ]
        assert (place in found.near) == bool(like)
        if not like:
            standing.append(place)


def test_the_starter_set_is_sound_and_marked() -> None:
    """Its entries are unique, decent ones only count, and risks that it may not word are open."""
    for bank in REGIME.banks:
        kept = starter("CN", REGIME.id, bank.id)
        assert kept is not None and kept.head.starter
        found = check_bank(bank, REGIME.risks, kept, OFFERED, TODAY)
        assert (found.exact, found.near, found.too_long) == (0, 0, 0)
        assert len({one.id for one in kept.entries}) == len(kept.entries)
        known = {one.code for one in REGIME.risks.items} | {one.zh for one in REGIME.risks.aspects}
        assert {one.place for one in kept.entries} <= known
        assert all(one.text.startswith("〔") == one.open for one in kept.entries)
    political = {"A.1a", "A.1b", "A.1c"}
    content = check("content", list(starter_entries("content")))
    assert {one.code for one in content.places if one.state == "open"} == political


def starter_entries(bank: str) -> tuple[Entry, ...]:
    """Return the entries of the starter set."""
    kept = starter("CN", REGIME.id, bank)
    assert kept is not None
    return kept.entries


def test_a_report_on_a_new_workspace_says_that_the_starter_is_no_bank(
    opened: Opened, clock: Clock
) -> None:
    """It is a plain record, and it says nothing that it does not know."""
    found = bank_report(opened, "CN")
    assert not found.complete
    assert all("starter" in {gap.kind for gap in one.gaps} for one in found.banks)
    assert found.contradictions == ()
    again = msgspec.json.decode(msgspec.json.encode(found), type=type(found))
    assert again == found
