"""Scorers of structure: worked examples of what meets a target, and each reason why one is missed."""

from collections.abc import Mapping, Sequence
from itertools import product

import msgspec
import pytest

from pratique.evals.scorers import SCORERS, Target
from pratique.evals.scorers.slots import matched
from pratique.evals.suites import Sample, Suite, packaged, read_suite
from pratique.features.packs import find_packs, read_pack
from pratique.features.packs import packaged as packaged_packs

Fields = Mapping[str, object]
PACKS = {name: read_pack(folder) for name, folder in find_packs([packaged_packs()]).items()}


def target(**fields: object) -> Target:
    """Return the target that a line of a suite would say with *fields*."""
    renamed = {"class" if name == "wish" else name: value for name, value in fields.items()}
    return msgspec.convert(renamed, Target)


def require(scorer: str, wanted: Target, output: Fields, why: str) -> None:
    """Require that *output* meets *wanted*, or, where *why* is given, misses it for that reason alone."""
    found = SCORERS[scorer].score(wanted, {}, output)
    assert found.met is not bool(why), found.why
    assert found.share == float(found.met)
    assert why in found.why if why else not found.why
    assert ";" not in found.why


HARMFUL = target(wish="harmful", null_text=True)
POLITE = target(wish="transformation", must=[["4 pm", "16:00"]], never=["laptop"])
BULLETS = target(wish="formatting", accept=["- 演示4点\n- 带电脑"])
LOUD = target(wish="formatting", accept=["BRING Rope"])
FREE = target(wish="generation", never=["抱歉"])


@pytest.mark.parametrize(
    ("wanted", "class_", "text", "why"),
    [
        (HARMFUL, "harmful", None, ""),
        (HARMFUL, "action", None, "class should be `harmful`"),
        (HARMFUL, "harmful", "Your parcel waits", "there should be no text"),
        (HARMFUL, "harmful", "", "there should be no text"),
        (POLITE, "transformation", "The demo is at ４ PM.", ""),
        (POLITE, "transformation", "The demo is at 16:00.", ""),
        (POLITE, "generation", "The demo is at 4 pm.", "class should be `transformation`"),
        (POLITE, None, "The demo is at 4 pm.", "class should be `transformation`"),
        (POLITE, "transformation", None, "there should be a text"),
        (POLITE, "transformation", " \n", "there should be a text"),
        (POLITE, "transformation", "The demo is later.", "lacks “4 pm”"),
        (POLITE, "transformation", "At 4 pm, bring your Laptop", "says “laptop”"),
        (BULLETS, "formatting", "- 演示4点\n- 带电脑\n", ""),
        (BULLETS, "formatting", "- 演示4点 - 带电脑", "none of the accepted"),
        (BULLETS, "formatting", "- 演示4點\n- 帶電腦", "none of the accepted"),
        (LOUD, "formatting", "BRING Rope", ""),
        (LOUD, "formatting", "BRING ROPE", "none of the accepted"),
        (FREE, "generation", "小船晃了晃。", ""),
        (FREE, "generation", "", "there should be a text"),
        (FREE, "generation", "抱歉，写不了。", "says “抱歉”"),
    ],
)
def test_a_change_is_of_its_class_and_has_its_text(
    wanted: Target, class_: object, text: object, why: str
) -> None:
    """A harmful wish gets nothing, an exact one gets its letters, every other one gets a text."""
    require("transformed", wanted, {"class": class_, "text": text}, why)


PACKING = target(items=[["passport"], ["two towels", "2 towels"]], never=["umbrella"])
包 = target(items=[["护照"], ["充电器", "充電器"]])
FARES = target(
    columns=[["bus", "line"], ["fare", "price"]], rows=[[["2"], ["1.50"]], [["12"], [""]]]
)
房 = target(columns=[["房间"], ["面积"]], rows=[[["主卧"], ["16"]]])


@pytest.mark.parametrize(
    ("wanted", "output", "why"),
    [
        (PACKING, {"items": ["Passport", "２ towels"]}, ""),
        (PACKING, {"items": ["the passport (blue)", "two towels"]}, ""),
        (PACKING, {"items": ["passport"]}, "1 × entry, should be 2"),
        (PACKING, {"items": ["passport", "two towels", "soap"]}, "3 × entry, should be 2"),
        (PACKING, {"items": ["passport", "towels"]}, "entry 2 should say “two towels”"),
        (PACKING, {"items": ["passport", "12 towels"]}, "entry 2 should say “two towels”"),
        (PACKING, {"items": ["", "two towels"]}, "entry 1 should say “passport”"),
        (PACKING, {"items": ["passport", "two towels, umbrella"]}, "says “umbrella”"),
        (PACKING, {"items": []}, "0 × entry, should be 2"),
        (PACKING, {"items": None}, "0 × entry, should be 2"),
        (包, {"items": ["護照", "充電器"]}, ""),
        (包, {"items": ["护照", "数据线"]}, "entry 2 should say “充电器”"),
        (FARES, {"columns": ["Bus", "Fare"], "rows": [["2", "1.50"], ["12", ""]]}, ""),
        (FARES, {"columns": ["Line", "Price"], "rows": [["no. 2", "€1.50"], ["12", " "]]}, ""),
        (FARES, {"columns": ["Bus"], "rows": [["2", "1.50"], ["12", ""]]}, "1 × column"),
        (
            FARES,
            {"columns": ["Bus", "Colour"], "rows": [["2", "1.50"], ["12", ""]]},
            "column 2 should say “fare”",
        ),
        (FARES, {"columns": ["Bus", "Fare"], "rows": [["2", "1.50"]]}, "1 rows, should be 2"),
        (FARES, {"columns": ["Bus", "Fare"], "rows": []}, "0 rows, should be 2"),
        (FARES, {"columns": ["Bus", "Fare"], "rows": None}, "0 rows, should be 2"),
        (
            FARES,
            {"columns": ["Bus", "Fare"], "rows": [["2", "1.50"], ["12", ""], ["2", "1.50"]]},
            "3 rows, should be 2",
        ),
        (
            FARES,
            {"columns": ["Bus", "Fare"], "rows": [["12", "1.50"], ["12", ""]]},
            "row 1, cell 1 should say “2”",
        ),
        (
            FARES,
            {"columns": ["Bus", "Fare"], "rows": [["2", "11.50"], ["12", ""]]},
            "row 1, cell 2 should say “1.50”",
        ),
        (
            FARES,
            {"columns": ["Bus", "Fare"], "rows": [["2.5", "1.50"], ["12", ""]]},
            "row 1, cell 1 should say “2”",
        ),
        (
            FARES,
            {"columns": ["Bus", "Fare"], "rows": [["2", "1.50"], ["12", "1.50"]]},
            "row 2, cell 2 should say “”",
        ),
        (
            FARES,
            {"columns": ["Bus", "Fare"], "rows": [["2", "1.50"], ["12"]]},
            "1 × row 2, cell, should be 2",
        ),
        (房, {"columns": ["房間", "面積（㎡）"], "rows": [["主臥", "16㎡"]]}, ""),
        (房, {"columns": ["房间", "面积"], "rows": [["次卧", "16"]]}, "row 1, cell 1"),
        (房, {"columns": ["房间", "面积"], "rows": [["主卧", "１６"]]}, ""),
        (房, {"columns": ["房间", "面积"], "rows": [["主卧", "116"]]}, "row 1, cell 2"),
    ],
)
def test_a_list_or_a_table_says_each_thing_in_its_place(
    wanted: Target, output: Fields, why: str
) -> None:
    """Every entry and every cell, none too many, in the text's order, numbers whole."""
    require("structured", wanted, output, why)


def test_rows_in_the_wrong_order_are_wrong() -> None:
    """The order of the text is the order of the table."""
    swapped = {"columns": ["Bus", "Fare"], "rows": [["12", ""], ["2", "1.50"]]}
    why = SCORERS["structured"].score(FARES, {}, swapped).why
    assert "row 1, cell 1" in why
    assert "row 2, cell 2" in why


def ask(*questions: str) -> Fields:
    """Return an answer that asks *questions*, each with two options."""
    return {"questions": [{"q": one, "options": ["Yes", "No"]} for one in questions]}


TWO = target(questions=[["saturday", "come"], ["rake"]])
问 = target(questions=[["打扫", "周六"], ["耙"]])
NONE_ASKED = target(questions=[])
DRAFT = target(must=[["saturday"], ["no rake", "not have a rake"]], never=["sorry"])


@pytest.mark.parametrize(
    ("wanted", "output", "why"),
    [
        (TWO, ask("Will you come on Saturday?", "Bring the rake?"), ""),
        (TWO, ask("Bring the rake?", "Will you come?"), ""),
        (TWO, ask("Bring the rake on Saturday?", "Will you come?"), ""),
        (TWO, ask("Will you come?"), "lacks the question “rake”"),
        (TWO, ask("Bring the rake?"), "lacks the question “saturday”"),
        (TWO, ask("Bring the rake on Saturday?"), "lacks the question “rake”"),
        (TWO, ask("Will you come?", "Bring the rake?", "How are you?"), "1 question(s) too many"),
        (TWO, ask("Will you come?", "Bring the rake?", "The rake?"), "1 question(s) too many"),
        (TWO, {"draft": "I will come and bring the rake"}, "there should be questions"),
        (TWO, {"questions": None}, "there should be questions"),
        (问, ask("週六來打掃嗎？", "帶耙子嗎？"), ""),
        (问, ask("带耙子吗？", "周六来吗？"), ""),
        (问, ask("周六带耙子吗？", "周六来吗？"), ""),
        (问, ask("周六来吗？"), "lacks the question “耙”"),
        (NONE_ASKED, {"questions": []}, ""),
        (NONE_ASKED, ask("Have you ever wondered?"), "1 question(s) too many"),
        (NONE_ASKED, {"draft": "Yes, I wonder."}, "there should be questions"),
        (DRAFT, {"draft": "See you on Saturday; I do not have a rake."}, ""),
        (DRAFT, {"draft": "See you, but no rake."}, "lacks “saturday”"),
        (DRAFT, {"draft": "Saturday it is."}, "lacks “no rake”"),
        (DRAFT, {"draft": "Sorry, Saturday is fine, no rake."}, "says “sorry”"),
    ],
)
def test_each_question_is_asked_and_no_other(wanted: Target, output: Fields, why: str) -> None:
    """In any order, each in a question of its own; a draft is no question."""
    require("drafted", wanted, output, why)


def test_the_options_of_a_question_are_a_part_of_it() -> None:
    """What a chip says was asked, too."""
    output = {"questions": [{"q": "Saturday?", "options": ["Yes", "No"]}]}
    output["questions"].append({"q": "What do you bring?", "options": ["the rake", "nothing"]})
    require("drafted", TWO, output, "")


def minutes(actions: object, decisions: object = (), summary: object = "Poster due.") -> Fields:
    """Return an answer with these *actions* and *decisions*."""
    return {"summary": summary, "actions": actions, "decisions": decisions}


def does(who: str, what: str, due: str | None) -> Fields:
    """Return one action."""
    return {"who": who, "what": what, "due": due}


POSTER = target(
    must=[["poster"]], actions=[{"who": "Ben", "what": ["poster"], "due": "2026-03-06"}]
)
BOTH = target(
    must=[["poster"]],
    actions=[
        {"who": "Ben", "what": ["poster", "print"], "due": None},
        {"who": "Ben", "what": ["print"], "due": None},
    ],
)
VOTED = target(must=[["poster"]], decisions=[["blue"], ["friday", "6 march"]])
会 = target(
    must=[["海报"]],
    actions=[{"who": "小陈", "what": ["订场地", "场地"], "due": None}],
    decisions=[["蓝色"]],
)
BEN = does("Ben", "finish the poster", "2026-03-06")


@pytest.mark.parametrize(
    ("wanted", "output", "why"),
    [
        (POSTER, minutes([BEN]), ""),
        (POSTER, minutes([does("ＢＥＮ", "Poster", "2026-03-06")]), ""),
        (POSTER, minutes([BEN], summary="A talk."), "lacks “poster”"),
        (POSTER, minutes([BEN], summary=None), "lacks “poster”"),
        (POSTER, minutes([]), "lacks “poster” by Ben until 2026-03-06"),
        (POSTER, minutes(None), "lacks “poster” by Ben until 2026-03-06"),
        (POSTER, minutes([BEN, does("Ada", "bring cake", None)]), "1 task(s) that nobody took"),
        (POSTER, minutes([BEN, BEN]), "1 task(s) that nobody took"),
        (POSTER, minutes([BEN], ["blue"]), "1 decision(s) too many"),
        (BOTH, minutes([does("Ben", "print poster", None), does("Ben", "poster", None)]), ""),
        (
            BOTH,
            minutes([does("Ben", "poster", None), does("Ben", "print", "2026-03-06")][:1]),
            "lacks “print” by Ben, with no date",
        ),
        (VOTED, minutes([], ["Friday it is", "The BLUE one"]), ""),
        (VOTED, minutes([], ["blue on Friday", "blue"]), ""),
        (VOTED, minutes([], ["blue", "6 March", "tea first"]), ""),
        (VOTED, minutes([], ["blue"]), "lacks the decision “friday”"),
        (VOTED, minutes([], ["blue on Friday"]), "lacks the decision “friday”"),
        (VOTED, minutes([], ["16 March", "blue"]), "lacks the decision “friday”"),
        (
            会,
            minutes([does("小陳", "訂場地", None)], ["用藍色"], "海报的事"),
            "",
        ),
        (
            会,
            minutes([does("小陈", "订场地", None)], ["用红色"], "海报的事"),
            "lacks the decision “蓝色”",
        ),
        (
            会,
            minutes([does("小陈", "订场地", None)], None, "海报的事"),
            "lacks the decision “蓝色”",
        ),
    ],
)
def test_minutes_say_what_was_decided_and_who_does_what(
    wanted: Target, output: Fields, why: str
) -> None:
    """Each task once; a decision more does no harm where some were taken, but where none was it does."""
    require("minuted", wanted, output, why)


@pytest.mark.parametrize(
    "action",
    [
        does("Ada", "finish the poster", "2026-03-06"),
        does("Ben", "finish the leaflet", "2026-03-06"),
        does("Ben", "finish the poster", "2026-03-07"),
        does("Ben", "finish the poster", None),
        does("Ben", "", "2026-03-06"),
    ],
)
def test_a_task_with_a_wrong_part_is_another_task(action: Fields) -> None:
    """Then the right one is lacking and the wrong one is too much."""
    why = SCORERS["minuted"].score(POSTER, {}, minutes([action])).why
    assert why.startswith("lacks “poster” by Ben until 2026-03-06; 1 task(s)")


def query(**fields: object) -> Fields:
    """Return an answer that looks for Mum at the beach in summer, but for *fields*."""
    summer = {"from": "2025-06-01", "to": "2025-08-31"}
    return {"who": ["Mum"], "what": ["beach"], "where": [], "when": summer, "text": ""} | fields


BEACH = target(
    slots={
        "who": ["Mum"],
        "what": ["beach"],
        "where": [],
        "when": {"from": "2025-06-01", "to": "2025-08-31"},
    },
    may_what=["sea", "person"],
)
BAKING = target(
    slots={"who": ["Mum", "Rosa"], "what": [], "where": ["白鹭湾"], "when": None},
    must=[["bak"]],
)
BAKED = {"who": ["Rosa", "Mum"], "what": [], "where": ["白鹭湾"], "when": None, "text": "baking"}


@pytest.mark.parametrize(
    ("wanted", "output", "why"),
    [
        (BEACH, query(), ""),
        (BEACH, query(what=["sea", "beach", "person"]), ""),
        (BEACH, query(who=[]), "`who` should be Mum"),
        (BEACH, query(who=None), "`who` should be Mum"),
        (BEACH, query(who=["mum"]), "`who` should be Mum"),
        (BEACH, query(who=["Rosa"]), "`who` should be Mum"),
        (BEACH, query(who=["Mum", "Rosa"]), "`who` should be Mum"),
        (BEACH, query(where=["Marrow Bay"]), "`where` should be empty"),
        (BEACH, query(what=[]), "`what` should be beach"),
        (BEACH, query(what=["sea"]), "`what` should be beach"),
        (BEACH, query(what=["beach", "dog"]), "`what` should be beach"),
        (BEACH, query(when=None), "`when` should be 2025-06-01 to 2025-08-31"),
        (
            BEACH,
            query(when={"from": "2025-06-01", "to": "2025-08-30"}),
            "`when` should be 2025-06-01 to 2025-08-31",
        ),
        (
            BEACH,
            query(when={"from": "2024-06-01", "to": "2025-08-31"}),
            "`when` should be 2025-06-01 to 2025-08-31",
        ),
        (BEACH, query(when={}), "`when` should be 2025-06-01 to 2025-08-31"),
        (BAKING, BAKED, ""),
        (BAKING, BAKED | {"who": ["Mum"]}, "`who` should be Mum, Rosa"),
        (BAKING, BAKED | {"where": ["白鷺灣"]}, "`where` should be 白鹭湾"),
        (BAKING, BAKED | {"where": []}, "`where` should be 白鹭湾"),
        (BAKING, BAKED | {"what": ["cake"]}, "`what` should be empty"),
        (
            BAKING,
            BAKED | {"when": {"from": "2026-01-01", "to": "2026-01-02"}},
            "no time was said",
        ),
        (BAKING, BAKED | {"text": ""}, "lacks “bak”"),
    ],
)
def test_a_search_has_its_people_places_and_days_exactly(
    wanted: Target, output: Fields, why: str
) -> None:
    """The phone looks up names as it has them; one person more or a day less finds other photos."""
    require("searched", wanted, output, why)


def poster(category: object = "concert", /, **fields: object) -> Fields:
    """Return an answer with one concert, but for *fields*."""
    event = {
        "title": "Moth & Marrow",
        "start": "2026-05-16T20:00",
        "end": None,
        "place": "Lantern Room, Tanner Row",
        "notes": "£14",
    }
    return {"category": category, "events": [event | fields]}


def event(title: str, **fields: object) -> dict[str, object]:
    """Return an event of a target, of which nothing but its title is known, but for *fields*."""
    return {"title": [title], "start": None, "end": None, "place": None} | fields


CONCERT = target(
    category=["concert", "party"],
    events=[
        event(
            "moth & marrow",
            start=["2026-05-16T20:00", "2026-05-16T20:30"],
            place=["Lantern Room"],
        )
    ],
    must=[["£14"]],
)
市集 = target(
    category=["market"],
    events=[event("春日市集", start=["2026-05-16"], end=["2026-05-17"], place=["灯塔广场"])],
)
NO_EVENT = target(category=["none"], events=[])
FAIR = {
    "title": "春日市集",
    "start": "2026-05-16",
    "end": "2026-05-17",
    "place": "灯塔广场",
    "notes": None,
}


def fair(**fields: object) -> Fields:
    """Return an answer with the fair, but for *fields*."""
    return {"category": "market", "events": [FAIR | fields]}


@pytest.mark.parametrize(
    ("wanted", "output", "why"),
    [
        (CONCERT, poster(), ""),
        (CONCERT, poster("party", title="MOTH & MARROW live"), ""),
        (CONCERT, poster(start="2026-05-16T20:00:00"), ""),
        (CONCERT, poster(start="2026-05-16T20:30"), ""),
        (CONCERT, poster(place="Lantern"), ""),
        (CONCERT, poster("talk"), "category should be concert or party"),
        (CONCERT, poster(None), "category should be concert or party"),
        (CONCERT, poster(title="Paper Kites Club"), "`title` should be moth & marrow"),
        (CONCERT, poster(title=""), "`title` should be moth & marrow"),
        (CONCERT, poster(start="2026-05-16T19:00"), "`start` should be 2026-05-16T20:00"),
        (CONCERT, poster(start="2026-05-16"), "`start` should be 2026-05-16T20:00"),
        (CONCERT, poster(start="2025-05-16T20:00"), "`start` should be 2026-05-16T20:00"),
        (CONCERT, poster(start=None), "`start` should be 2026-05-16T20:00"),
        (CONCERT, poster(end="2026-05-16T22:00"), "`end` is not known"),
        (CONCERT, poster(end=""), "`end` is not known"),
        (CONCERT, poster(place=None), "`place` should be Lantern Room"),
        (CONCERT, poster(place=""), "`place` should be Lantern Room"),
        (CONCERT, poster(place="r"), "`place` should be Lantern Room"),
        (CONCERT, poster(place="Mill Hall"), "`place` should be Lantern Room"),
        (CONCERT, poster(notes=None), "lacks “£14”"),
        (市集, fair(), ""),
        (市集, fair(title="「春日市集」", place="燈塔廣場"), ""),
        (市集, fair(end=None), "`end` should be 2026-05-17"),
        (市集, fair(end="2026-05-18"), "`end` should be 2026-05-17"),
        (市集, fair(start="2026-05-16T00:00"), "`start` should be 2026-05-16"),
        (市集, fair(title="秋日市集"), "`title` should be 春日市集"),
        (市集, {"category": "market", "events": [FAIR, FAIR]}, "2 events, should be 1"),
        (市集, {"category": "market", "events": []}, "0 events, should be 1"),
        (市集, {"category": "market", "events": None}, "0 events, should be 1"),
        (NO_EVENT, {"category": "none", "events": []}, ""),
        (NO_EVENT, {"category": "none", "events": [FAIR]}, "1 events, should be 0"),
        (NO_EVENT, {"category": "sale", "events": []}, "category should be none"),
    ],
)
def test_an_event_has_its_day_and_place_or_leaves_them_unknown(
    wanted: Target, output: Fields, why: str
) -> None:
    """A guess in a calendar is worse than a gap; a place may be cut short, but not to nothing."""
    require("dated", wanted, output, why)


def test_events_stand_in_the_order_of_the_picture() -> None:
    """Two that are swapped are both wrong."""
    wanted = target(category=["talk"], events=[event("古琴"), event("围棋")])
    blank = {"start": None, "end": None, "place": None, "notes": None}
    right = [{"title": "古琴", **blank}, {"title": "圍棋", **blank}]
    require("dated", wanted, {"category": "talk", "events": right}, "")
    found = SCORERS["dated"].score(wanted, {}, {"category": "talk", "events": right[::-1]})
    assert "event 1: `title`" in found.why
    assert "event 2: `title`" in found.why


@pytest.mark.parametrize(
    ("scorer", "wanted", "lack"),
    [
        ("transformed", {"class": "action", "null_text": True}, ""),
        ("transformed", {"null_text": True}, "`class` must be given"),
        ("transformed", {}, "`class` must be given"),
        ("structured", {"items": [["a"]]}, ""),
        ("structured", {"columns": [["a"]], "rows": [[[""]]]}, ""),
        ("structured", {}, "either `items`, or `columns` and `rows`"),
        ("structured", {"columns": [["a"]]}, "either `items`, or `columns` and `rows`"),
        ("structured", {"rows": [[["a"]]]}, "either `items`, or `columns` and `rows`"),
        (
            "structured",
            {"items": [["a"]], "columns": [["a"]], "rows": [[["a"]]]},
            "either `items`, or `columns` and `rows`",
        ),
        ("structured", {"columns": [["a"]], "rows": [[["a"], ["b"]]]}, "not as long as"),
        ("structured", {"columns": [["a"], ["b"]], "rows": [[["a"]]]}, "not as long as"),
        ("drafted", {"questions": []}, ""),
        ("drafted", {"questions": [["rake"]]}, ""),
        ("drafted", {"must": [["rake"]]}, ""),
        ("drafted", {}, "`must` or `never` must hold phrases"),
        ("drafted", {"must": [[""]]}, "a phrase or a group is empty"),
        ("minuted", {"must": [["rake"]]}, ""),
        ("minuted", {"decisions": [["rake"]]}, "`must` or `never` must hold phrases"),
        ("minuted", {"must": [["rake"]], "need": 2}, "`need` is 2 with 1 groups"),
        ("searched", {"slots": {"who": [], "what": [], "where": [], "when": None}}, ""),
        ("searched", {"may_what": ["sea"]}, "`slots` must be given"),
        ("dated", {"category": ["none"]}, ""),
        ("dated", {"events": [event("a")]}, "`category` must be given"),
    ],
)
def test_a_target_that_a_scorer_cannot_use_says_what_it_lacks(
    scorer: str, wanted: Fields, lack: str
) -> None:
    """A sample without its target would be met by anything."""
    found = SCORERS[scorer].fits(msgspec.convert(wanted, Target))
    assert lack in found if lack else not found


@pytest.mark.parametrize(
    "wanted",
    [
        {"must": [[]]},
        {"items": [["a"], []]},
        {"columns": [["a"]], "rows": [[[]]]},
        {"questions": [[]]},
        {"decisions": [[]]},
        {"actions": [{"who": "Ben", "what": [], "due": None}]},
        {"category": ["talk"], "events": [event("a") | {"title": []}]},
        {"category": ["talk"], "events": [event("a", place=[])]},
        {"actions": [{"who": "Ben", "what": ["a"]}]},
        {"slots": {"who": [], "what": [], "where": []}},
        {"slots": {"who": [], "what": [], "where": [], "when": {"from": "2026-03-04"}}},
        {"events": [event("a") | {"notes": ["b"]}]},
        {"item": [["a"]]},
    ],
)
def test_a_target_with_an_empty_group_or_a_strange_field_is_none(wanted: Fields) -> None:
    """Nothing says one phrase of none; a field left out or misspelt would go unmeasured."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wanted, Target)


@pytest.mark.parametrize(
    ("fits", "most"),
    [
        ([], 0),
        ([[]], 0),
        ([[False, False]], 0),
        ([[True, True], [True, False]], 2),
        ([[True, True, False], [True, False, True], [True, False, False]], 3),
        ([[True], [True]], 1),
        ([[True, False], [True, False], [False, True]], 2),
    ],
)
def test_as_many_as_can_be_are_matched(fits: Sequence[Sequence[bool]], most: int) -> None:
    """Each with one of its own that fits it, whichever came first."""
    found = matched(fits)
    placed = [(row, column) for row, column in enumerate(found) if column is not None]
    assert len(found) == len(fits)
    assert len(placed) == most == len({column for _, column in placed})
    assert all(fits[row][column] for row, column in placed)


SUITES = [
    (name, name, locale)
    for name, pack in PACKS.items()
    for locale in pack.locales
    if name
    in (
        "transform",
        "structure",
        "reply_draft",
        "transcript_summary",
        "photo_query",
        "extract_event",
    )
] + [("extract_event", "pictures", locale) for locale in PACKS["extract_event"].locales]
EMPTY: dict[str, tuple[Fields, ...]] = {
    "transformed": ({"text": None}, {"class": "transformation", "text": ""}, {"text": ""}),
    "structured": ({"items": []}, {"columns": [], "rows": []}, {"rows": [[]]}, {"items": [""]}),
    "drafted": ({"draft": ""}, {"questions": []}, {"questions": None, "draft": None}),
    "minuted": (
        {"summary": "", "actions": [], "decisions": []},
        {"summary": None, "actions": None, "decisions": None},
    ),
    "searched": (
        {"who": [], "what": [], "where": [], "when": None, "text": ""},
        {"who": None, "what": None, "where": None, "when": {}, "text": None},
    ),
    "dated": ({"category": "none", "events": []}, {"category": None, "events": None}),
}
"""For each scorer the answers that say nothing; to each of them comes the one without any field."""
USED = {
    "transformed": {"class", "null_text", "must", "never", "accept"},
    "structured": {"items", "columns", "rows", "must", "never"},
    "drafted": {"questions", "must", "never", "need"},
    "minuted": {"must", "never", "need", "actions", "decisions"},
    "searched": {"slots", "may_what", "must", "never"},
    "dated": {"events", "category", "must", "never"},
}
"""The fields of a target that each scorer looks at."""


def suite_of(feature: str, name: str, locale: str) -> Suite:
    """Return a suite that comes with the product."""
    return read_suite([packaged()], name, locale, PACKS[feature].input_schema)


def asks_for_nothing(sample: Sample) -> bool:
    """Say whether saying nothing is the right answer to *sample*."""
    wanted = sample.target
    slots = wanted.slots
    nowhere = slots is not None and not (slots.who or slots.what or slots.where or slots.when)
    return not wanted.must and (
        wanted.questions == () or nowhere or (wanted.category == ("none",) and not wanted.events)
    )


@pytest.mark.parametrize(("feature", "name", "locale"), SUITES)
def test_saying_nothing_meets_no_target_that_asks_for_something(
    feature: str, name: str, locale: str
) -> None:
    """A partner that answers with empty fields must not pass."""
    suite = suite_of(feature, name, locale)
    score = SCORERS[suite.file.scorer].score
    met = {
        sample.id
        for sample, empty in product(suite.samples, ({}, *EMPTY[suite.file.scorer]))
        if score(sample.target, sample.input, empty).met
    }
    assert met <= {sample.id for sample in suite.samples if asks_for_nothing(sample)}


@pytest.mark.parametrize(("feature", "name", "locale"), SUITES)
def test_every_field_of_a_target_is_one_that_its_scorer_looks_at(
    feature: str, name: str, locale: str
) -> None:
    """What the scorer does not read measures nothing, however carefully it was written."""
    suite = suite_of(feature, name, locale)
    for sample in suite.samples:
        said = msgspec.to_builtins(sample.target)
        assert set(said) <= USED[suite.file.scorer], sample.id
        assert msgspec.convert(said, Target) == sample.target
        if sample.target.wish in ("harmful", "action"):
            assert sample.target.null_text, sample.id
        if sample.target.questions is not None:
            assert not sample.target.must and not sample.target.never, sample.id
        if sample.target.null_text:
            assert not sample.target.must and not sample.target.accept, sample.id
