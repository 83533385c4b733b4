"""Lines that change what their source says, in both languages and either script."""

import json
import random
import time

import pytest

from pratique.evals.headlines import instances
from pratique.evals.suites import packaged
from pratique.text.claim_words import inflected, vocabulary
from pratique.text.claims import false_claims
from tests import fuzzing

FOLDER = packaged() / "false_headline"
LOCALES = ("en", "zh-Hans", "zh-Hant")


@pytest.mark.parametrize(
    ("source", "line", "name"),
    [
        (
            "Police hold a warrant for Ada Brill, still at large.",
            "Ada Brill arrested",
            "arrested",
        ),
        (
            "Corvel Foods denies that it has sold its mill.",
            "Corvel Foods has sold its mill",
            "denied_as_sold",
        ),
        (
            "Corvel Foods may sell its mill in spring.",
            "Corvel Foods sells its mill",
            "possible_as_sold",
        ),
        (
            "The old pool will reopen on 3 June.",
            "Old pool has reopened",
            "planned_as_opened",
        ),
        (
            "Ninety years ago today the grain store burned down.",
            "Grain store burns down",
            "past_as_fire",
        ),
        (
            "Firefighters rehearse a fire at the paper mill on Monday.",
            "Fire at the paper mill",
            "unreal_as_fire",
        ),
        ("The price of milk rose last week.", "Price of milk falls", "down"),
        ("The branch lost 40 thousand crowns.", "Branch lost 40 million crowns", "unit_changed"),
        ("Ada Brill is suing Tom Varr.", "Tom Varr sues Ada Brill", "subject_swapped"),
        (
            "Ada Brill retires after 30 years\nTom Varr arrested over fraud",
            "Ada Brill arrested over fraud",
            "items_merged",
        ),
        (
            "Thieves took six paintings from the home of Ada Brill.",
            "Ada Brill stole six paintings",
            "victim_blamed",
        ),
        ("警方通缉嫌疑人钟立柏，目前仍在逃。", "钟立柏落网", "arrested"),
        ("和川食品否认出售云门工厂。", "和川食品出售云门工厂", "denied_as_sold"),
        ("和川食品可能出售云门工厂。", "和川食品出售云门工厂", "possible_as_sold"),
        ("新码头将于6月3日启用。", "新码头已启用", "planned_as_opened"),
        ("钟立柏起诉宋可青。", "宋可青起诉钟立柏", "subject_swapped"),
        ("分公司亏损40万元。", "分公司亏损40亿元", "unit_changed"),
        ("Some pupils of year 4 have no seat.", "All pupils of year 4 have no seat", "part_as_all"),
        ("停电的两万户中已有八千户恢复供电。", "两万户全部恢复供电", "part_as_all"),
        ("The pier bus is free for one night only.", "Pier bus free for good", "brief_as_lasting"),
        ("本周五一晚，末班电车免票。", "末班电车今后免票", "brief_as_lasting"),
        ("The hall holds up to 400 guests.", "Hall holds more than 400 guests", "bound_turned"),
        ("新礼堂最多坐400人。", "新礼堂至少坐400人", "bound_turned"),
        ("The choir meets in room 7, not in room 5.", "Choir meets in room 5", "denied_number"),
        ("合唱团在7号厅集合，不是5号厅。", "合唱团在5号厅集合", "denied_number"),
        (
            "The club would neither confirm nor deny the sale of its keeper.",
            "Club denies sale of its keeper",
            "left_open",
        ),
        (
            "The new pier at Corran is longer than the old pier.",
            "New Corran pier shorter than old pier",
            "opposite",
        ),
    ],
)
def test_a_changed_status_is_named(source: str, line: str, name: str) -> None:
    """The name says what became of what: a denial told as a sale, a plan told as an opening."""
    assert name in false_claims(source, line)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("Police hold a warrant for Ada Brill, still at large.", "Warrant out for Ada Brill"),
        ("Corvel Foods denies that it has sold its mill.", "Corvel Foods: mill not sold"),
        ("Corvel Foods may sell its mill in spring.", "Corvel Foods may sell mill"),
        ("The old pool will reopen on 3 June.", "Old pool to reopen on 3 June"),
        ("Ada Brill is suing Tom Varr.", "Tom Varr sued by Ada Brill"),
        ("Ada Brill was arrested last night.", "Police arrest Ada Brill"),
        (
            "Ada Brill retires after 30 years\nTom Varr arrested over fraud",
            "Ada Brill retires; Tom Varr arrested over fraud",
        ),
        ("The fare goes from 3.80 to 4.20.", "Fare rises to 4.20"),
        ("Some pupils of year 4 have no seat.", "Year 4: some pupils without a seat"),
        ("The pier bus is free for one night only.", "Pier bus free for one night"),
        ("The hall holds up to 400 guests.", "Hall holds 400 guests at most"),
        ("The choir meets in room 7, not in room 5.", "Choir meets in room 7, not 5"),
        ("Corvel Foods has put the gala off to 30 August.", "Corvel gala moved to 30 August"),
        ("Ada Brill fell into a ditch.", "Ada Brill falls into ditch"),
        ("停电的两万户中已有八千户恢复供电。", "两万户停电，八千户已恢复"),
        ("和川食品否认出售云门工厂。", "和川食品：没有出售云门工厂"),
        ("新码头将于6月3日启用。", "新码头6月3日启用"),
        ("钟立柏起诉宋可青。", "宋可青被钟立柏告上法庭"),
        ("渡轮票由3.8元调至4.2元。", "渡轮票涨到4.2元"),
    ],
)
def test_a_fair_line_passes(source: str, line: str) -> None:
    """A hedge that is kept, a passive or another word for the same is no false claim."""
    assert false_claims(source, line) == ()


def test_traditional_characters_are_read_like_simplified_ones() -> None:
    """A line for Taiwan is held to the same as one for the mainland."""
    assert false_claims("和川食品否認出售雲門工廠。", "和川食品出售雲門工廠") == ("denied_as_sold",)
    assert false_claims("和川食品否認出售雲門工廠。", "和川食品否認出售工廠") == ()


def test_a_line_in_another_language_than_its_source_is_not_judged() -> None:
    """Nothing can be compared; that the language is wrong is another check's finding."""
    assert false_claims("和川食品否认出售云门工厂。", "Corvel Foods sells its mill") == ()


@pytest.mark.parametrize(("source", "line"), [("", "Ada Brill arrested"), ("Hello", ""), ("", "")])
def test_nothing_is_claimed_of_or_by_an_empty_text(source: str, line: str) -> None:
    """An empty text is left to the checks that are about it."""
    assert false_claims(source, line) == ()


@pytest.mark.parametrize("feature", ["summarize", "notification_summary"])
@pytest.mark.parametrize("locale", LOCALES)
def test_what_the_source_says_itself_is_fair(feature: str, locale: str) -> None:
    """A summary that copies its source, in full or in part, changes nothing."""
    path = packaged() / feature / "dev" / f"{locale}.jsonl"
    for row in path.read_text(encoding="utf-8").splitlines():
        given = json.loads(row)["input"]
        items = [f"{one['title']} {one['body']}" for one in given.get("items", ())]
        text = given.get("text") or "\n".join(items)
        assert false_claims(text, text) == ()
        for part in text.replace("。", "。\n").replace(". ", ".\n").split("\n"):
            assert false_claims(text, part) == (), part


@pytest.mark.parametrize("locale", LOCALES)
def test_patterns_are_told_apart(locale: str) -> None:
    """Of the patterns' lines, hardly a fair one is held back and hardly a forbidden one passes."""
    alarms, missed, fair, forbidden = 0, 0, 0, 0
    for instance in instances(FOLDER / "patterns", locale, 2):
        source = "\n".join(instance.items)
        fair += len(instance.fair)
        forbidden += len(instance.forbidden)
        alarms += sum(bool(false_claims(source, line)) for line in instance.fair)
        missed += sum(not false_claims(source, line) for line in instance.forbidden)
    assert alarms <= fair * 0.01
    assert missed <= forbidden * 0.015


@pytest.mark.parametrize("locale", LOCALES)
def test_open_lines_are_told_apart(locale: str) -> None:
    """The labelled lines that the rules were written by stay judged as they were."""
    alarms, found, false = 0, 0, 0
    path = FOLDER / "labelled" / f"{locale}.jsonl"
    for row in path.read_text(encoding="utf-8").splitlines():
        one = json.loads(row)
        if one["split"] != "open":
            continue
        alarm = bool(false_claims(one["source"], one["summary"]))
        alarms += alarm and one["good"]
        found += alarm and not one["good"]
        false += not one["good"]
    assert found / (found + alarms) >= 0.95
    assert found / false >= 0.88


@pytest.mark.parametrize("seed", range(4))
def test_no_text_is_too_odd(seed: int) -> None:
    """Whatever a user or a model writes, the check answers: it stands in the way of every reply."""
    chance = random.Random(seed)
    odd = ("İ", "ß", "1:", "from 3..4 to 5", "由3:到4", "٣", "原告被告", "被", "", "not in 5.5.")
    for _ in range(400):
        source = fuzzing.text(chance) + chance.choice(odd)
        line = chance.choice(odd) + fuzzing.text(chance)
        assert isinstance(false_claims(source, line), tuple)


@pytest.mark.parametrize("feature", ["summarize", "notification_summary"])
def test_a_doubt_in_another_item_does_not_taint_a_fact(feature: str) -> None:
    """What one item leaves open says nothing of what another states."""
    joint = "\n" if feature == "notification_summary" else " "
    source = joint.join(("Ada Brill retires in May.", "Perhaps it rains on Sunday."))
    assert false_claims(source, "Ada Brill retires in May") == ()


def test_long_texts_take_time_in_proportion() -> None:
    """A text four times as long takes about four times as long, whatever it repeats."""

    def seconds(count: int) -> float:
        began = time.perf_counter()
        false_claims("X may be arrested, not jailed, by no police. " * count, "X was arrested")
        false_claims("网传甲方可能被捕，未起诉，" * count, "甲方被捕")
        return time.perf_counter() - began

    seconds(10)
    assert min(seconds(1200), seconds(1200)) < 12 * max(seconds(300), seconds(300))


def test_verbs_are_inflected_as_english_does() -> None:
    """One form written down stands for every form in a headline."""
    assert [form for form, _ in inflected("deny")] == ["deny", "denies", "denying", "denied"]
    assert [form for form, _ in inflected("stop")] == ["stop", "stops", "stopping", "stopped"]
    assert [form for form, _ in inflected("sell/sold")] == ["sell", "sells", "selling", "sold"]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_events_refer_to_known_events(language: str) -> None:
    """A misspelt name would silently support or exclude nothing."""
    words = vocabulary("en" if language == "en" else "zh-Hans")
    for event in words.events.values():
        assert {*event.entails, *event.against} <= set(words.events), event.id
    assert words.directed <= set(words.events)
