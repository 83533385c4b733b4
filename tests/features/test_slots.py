"""Checks of slots, one row a rule: what is caught, and what must be let be."""

from collections.abc import Mapping

import pytest

from pratique.features.checks import CHECKS, CheckUse, checked
from pratique.text.phishing import after_a_secret, told_as_a_claim

Fields = Mapping[str, object]
LIMITS = {
    "en": {"any": 8, "option": 4},
    "zh-Hans": {"any": 12, "option": 8},
    "zh-Hant": {"any": 12, "option": 8},
}


def why(check: str, request: Fields, output: Fields, locale: str = "en", **use: object) -> str:
    """Return why *check* does not hold of *output*, or nothing."""
    fields = {"id": check, "revision": CHECKS[check][0]} | use
    (found,) = checked([CheckUse(**fields)], locale, request, output)  # type: ignore[arg-type]
    assert found.passed is not bool(found.why)
    return found.why


@pytest.mark.parametrize(
    ("class_", "text", "held"),
    [
        ("harmful", None, True),
        ("action", None, True),
        ("formatting", "- a\n- b", True),
        ("attribution", "阿达说：好", True),
        ("transformation", "改好了", True),
        ("generation", "一首詩", True),
        ("harmful", "Here it is", False),
        ("harmful", "", False),
        ("action", "已为您设好闹钟", False),
        ("formatting", None, False),
        ("generation", None, False),
        ("transformation", "", False),
        ("attribution", " \n", False),
    ],
)
def test_a_wish_has_a_text_unless_it_is_refused(class_: str, text: object, held: bool) -> None:
    """A blank text is none: it would wipe out what the user wrote."""
    output = {"class": class_, "text": text}
    assert (why("class_fits_text", {}, output) == "") is held


@pytest.mark.parametrize(
    ("form", "output", "held"),
    [
        ("list", {"items": ["a"]}, True),
        ("table", {"columns": ["a"], "rows": [["b"]]}, True),
        ("list", {"columns": ["a"], "rows": [["b"]]}, False),
        ("table", {"items": ["a"]}, False),
        ("list", {}, False),
    ],
)
def test_the_form_is_the_one_that_was_asked_for(form: str, output: Fields, held: bool) -> None:
    """The user tapped either the list or the table."""
    assert (why("form_as_asked", {"form": form}, output) == "") is held


@pytest.mark.parametrize(
    ("output", "held"),
    [
        ({"items": ["a", "b"]}, True),
        ({"columns": ["a", "b"], "rows": [["1", "2"], ["3", ""]]}, True),
        ({"columns": ["名称"], "rows": [["护照"]]}, True),
        ({"columns": ["a", "b"], "rows": [["1"]]}, False),
        ({"columns": ["a", "b"], "rows": [["1", "2"], ["1", "2", "3"]]}, False),
        ({"columns": ["a", "b"], "rows": [["1", "2"], ["", " "]]}, False),
        ({"columns": ["a"], "rows": [[]]}, False),
        ({"columns": [], "rows": [["1"]]}, False),
    ],
)
def test_a_table_is_as_wide_as_its_head(output: Fields, held: bool) -> None:
    """A cell may be unknown, a whole row of such says nothing."""
    assert (why("rectangular", {}, output) == "") is held


@pytest.mark.parametrize(
    ("source", "entry", "held"),
    [
        ("pack the passports, the blue charger and two towels", "Blue charger", True),
        ("pack the passports, the blue charger and two towels", "2 towels", True),
        ("300 g of potatoes, peeled", "potatoes (300 g), peeled", True),
        ("300 g of potatoes, peeled", "Potatoes, 300g", True),
        ("the rent is 4200 yuan", "4,200 yuan", True),
        ("the film starts at 8 pm", "20:00", True),
        ("half a litre of milk", "0.5 l milk", True),
        ("出差别忘了护照、蓝色充电器和两条毛巾", "蓝色充电器", True),
        ("出差别忘了护照、蓝色充电器和两条毛巾", "藍色充電器", True),
        ("要帶：護照、藍色資料夾和雨衣", "蓝色资料夹", True),
        ("买三斤苹果和鸡蛋", "3斤苹果", True),
        ("房租每月３５００元", "3500元", True),
        ("投入3万元", "30000元", True),
        ("帶 iPhone 和 Ｕ盤", "IPHONE", True),
        ("Anna's house, 5 rooms", "Anna’s house", True),
        ("pack the passports, the blue charger and two towels", "umbrella", False),
        ("pack the passports, the blue charger and two towels", "3 towels", False),
        ("pack the passports, the blue charger and two towels", "red charger cable", False),
        ("300 g of potatoes, peeled", "500 g potatoes", False),
        ("the rent is 4200 yuan", "420 yuan", False),
        ("it is 35 km to the lake", "3.5", False),
        ("12 eggs", "2", False),
        ("12 eggs", "2 eggs", False),
        ("15 chairs", "5", False),
        ("the film starts at 8 pm", "21:00", False),
        ("出差别忘了护照、蓝色充电器和两条毛巾", "雨伞", False),
        ("出差别忘了护照、蓝色充电器和两条毛巾", "三条毛巾", False),
        ("出差别忘了护照、蓝色充电器和两条毛巾", "红色数据线", False),
        ("要帶：護照、藍色資料夾和雨衣", "雨傘", False),
        ("买三斤苹果和鸡蛋", "13斤苹果", False),
        ("投入3万元", "3亿元", False),
        ("开业打8折", "5折", False),
    ],
)
def test_entries_and_cells_are_from_the_text(source: str, entry: str, held: bool) -> None:
    """In its words and its numbers, however they are written; the same in a list as in a table."""
    request = {"text": source}
    table = {"columns": ["无关"], "rows": [[entry], [""]]}
    for output in ({"items": [entry]}, table):
        assert (why("cells_from_source", request, output, source="text") == "") is held


def test_the_head_of_a_table_need_not_be_in_the_text() -> None:
    """Its words are for the reader, and an unknown cell is empty."""
    output = {"columns": ["Thing", "Price"], "rows": [["leek", ""], ["salt", "  "]]}
    assert not why("cells_from_source", {"text": "leek, salt"}, output, source="text")
    output = {"columns": ["Thing", "Price"], "rows": [["leek", "2 euros"], ["soap", ""]]}
    found = why("cells_from_source", {"text": "leek, salt"}, output, source="text")
    assert found.startswith("2 entry(s)")


@pytest.mark.parametrize(
    ("request_", "output", "held"),
    [
        ({}, {"questions": []}, True),
        ({"answers": {}}, {"draft": "Yes"}, True),
        ({"answers": {"q": "a"}}, {"draft": "好的"}, True),
        ({}, {"draft": "Yes"}, False),
        ({"answers": {}}, {"questions": []}, False),
        ({}, {}, False),
    ],
)
def test_first_it_asks_then_it_drafts(request_: Fields, output: Fields, held: bool) -> None:
    """A draft before the answers would make them up."""
    assert (why("step_as_asked", request_, output) == "") is held


@pytest.mark.parametrize(
    ("locale", "question", "options", "held"),
    [
        ("en", "Will you come on Saturday at all then?", ["Yes", "No"], True),
        ("en", "Come?", ["Yes, I will come", "No, I can't come"], True),
        ("en", "Which?", ["The blue one", "The red one"], True),
        ("zh-Hans", "周六上午你来打扫吗吗？", ["来", "不来"], True),
        ("zh-Hans", "来吗？", ["一二三四五六七八", "不来"], True),
        ("zh-Hans", "来 吗 来 吗 来 吗 ？", ["来", "不来"], True),
        ("zh-Hant", "週六上午你來打掃嗎呢？", ["來", "不來"], True),
        ("en", "So will you come on Saturday at all then?", ["Yes", "No"], False),
        ("en", "Come?", ["Yes, I will surely come", "No"], False),
        ("en", "Come?", ["Yes", "yes"], False),
        ("en", "Come?", ["Yes", "Yes "], False),
        ("en", "Come?", ["OK", "ＯＫ", "No"], False),
        ("zh-Hans", "这个周六上午你来不来打扫？", ["来", "不来"], False),
        ("zh-Hans", "来吗？", ["来", "一二三四五六七八九"], False),
        ("zh-Hans", "来吗？", ["来", "来"], False),
        ("zh-Hant", "這個週六上午你來不來打掃？", ["來", "不來"], False),
    ],
)
def test_questions_and_options_fit_a_chip(
    locale: str, question: str, options: list[str], held: bool
) -> None:
    """Words for English, characters for Chinese; two chips that say the same are one."""
    output = {"questions": [{"q": "?", "options": ["a", "b"]}, {"q": question, "options": options}]}
    assert (why("questions_short", {}, output, locale, most=LIMITS) == "") is held


def test_no_questions_are_short_enough() -> None:
    """A draft has none, and a mail may ask nothing."""
    assert not why("questions_short", {}, {"draft": "word " * 40}, most=LIMITS)
    assert not why("questions_short", {}, {"questions": []}, most=LIMITS)


@pytest.mark.parametrize(
    ("speaker", "who", "held"),
    [
        ("Ada", "Ada", True),
        ("Ada", "ADA", True),
        ("Ada", "Ａｄａ", True),
        ("阿达", "阿达", True),
        ("阿達", "阿达", True),
        ("陈小姐", "陳小姐", True),
        ("O’Hara", "O'Hara", True),
        ("Ada", "Ada ", True),
        ("Ada", "Ben", False),
        ("Ada", "Ada Lind", False),
        ("Ada", "Ad", False),
        ("阿达", "小达", False),
        ("阿达", "阿达和小本", False),
        ("Speaker 1", "Speaker 2", False),
        ("Ada", "", False),
    ],
)
def test_whoever_has_to_do_something_has_spoken(speaker: str, who: str, held: bool) -> None:
    """Case, width and script are no other person; a part of a name is."""
    turns = [{"speaker": speaker, "text": "Zora and Ben will", "ts": "00:00:01"}]
    output = {"actions": [{"who": who, "what": "call", "due": None}]}
    assert (why("speakers_known", {"turns": turns}, output) == "") is held


def test_without_tasks_nobody_is_a_stranger() -> None:
    """And every one of several is looked at."""
    turns = [{"speaker": "Ada", "text": "hi", "ts": ""}, {"speaker": "Ben", "text": "hi", "ts": ""}]
    tasks = [{"who": who, "what": "call", "due": None} for who in ("Ben", "Cy", "Ada", "Dee")]
    assert not why("speakers_known", {"turns": turns}, {"actions": []})
    assert why("speakers_known", {"turns": turns}, {"actions": tasks}).startswith("2 action(s)")


@pytest.mark.parametrize(
    ("check", "field", "source"),
    [("people_known", "who", "people"), ("places_known", "where", "places")],
)
@pytest.mark.parametrize(
    ("known", "found", "held"),
    [
        (["Mum", "Rosa"], ["Mum"], True),
        (["Mum", "Rosa"], ["Rosa", "Mum"], True),
        (["Mum", "Rosa"], [], True),
        ([], [], True),
        (["白鹭湾", "月湖步道"], ["月湖步道"], True),
        (["Mum", "Rosa"], ["mum"], False),
        (["Mum", "Rosa"], ["Mum", "Theo"], False),
        (["Mum", "Rosa"], ["Mum Rosa"], False),
        (["Mum", "Rosa"], [""], False),
        ([], ["Mum"], False),
        (["白鷺灣"], ["白鹭湾"], False),
        (["白鹭湾"], ["白鹭"], False),
    ],
)
def test_people_and_places_are_the_devices_own(
    check: str, field: str, source: str, known: list[str], found: list[str], held: bool
) -> None:
    """To the letter: the index knows no other writing of a name."""
    assert (why(check, {source: known}, {field: found}) == "") is held


@pytest.mark.parametrize(
    ("first", "last", "held"),
    [
        ("2026-05-16", "2026-05-16", True),
        ("2026-05-16", "2026-05-17", True),
        ("2025-12-31", "2026-01-01", True),
        ("2028-02-29", "2028-03-01", True),
        ("2026-05-16T20:00", "2026-05-16T22:30", True),
        ("2026-05-16T20:00", "2026-05-16T20:00", True),
        ("2026-05-16T20:00", "2026-05-16", True),
        ("2026-05-16", "2026-05-16T09:00", True),
        ("2026-05-16T23:00", "2026-05-17", True),
        ("2026-05-16T20:00", "2026-05-16 22:00", True),
        ("2026-05-16T20:00+08:00", "2026-05-16T15:00+01:00", True),
        ("2026-05-16T20:00:00", "2026-05-16T20:30", True),
        ("2026-02-30", "2026-03-01", False),
        ("2026-02-29", "2026-03-01", False),
        ("2026-04-01", "2026-04-31", False),
        ("2026-13-01", "2026-13-02", False),
        ("2026-5-16", "2026-5-17", False),
        ("16 May 2026", "17 May 2026", False),
        ("五月十六日", "五月十七日", False),
        ("2026-05-16T25:00", "2026-05-17", False),
        ("2026-05-16T20:61", "2026-05-17", False),
        ("", "2026-05-17", False),
        ("2026-05-17", "2026-05-16", False),
        ("2026-01-01", "2025-12-31", False),
        ("2026-05-16T20:00", "2026-05-16T19:59", False),
        ("2026-05-16T20:00", "2026-05-15", False),
        ("2026-05-16", "2026-05-15T23:59", False),
        ("2026-05-16T20:00", "2026-05-16 19:00", False),
        ("2026-05-16T20:00+08:00", "2026-05-16T20:30+09:00", False),
    ],
)
def test_a_span_is_of_the_calendar_and_runs_forward(first: str, last: str, held: bool) -> None:
    """The same for the days of a search as for an event; where one has no time the day decides."""
    search = {"when": {"from": first, "to": last}}
    picture = {"events": [{"title": "x", "start": first, "end": last, "place": None}]}
    assert (why("dates_sound", {}, search) == "") is held
    assert (why("dates_sound", {}, picture) == "") is held


@pytest.mark.parametrize(
    ("output", "held"),
    [
        ({"when": None}, True),
        ({"events": []}, True),
        ({"actions": [{"due": None}]}, True),
        ({"actions": [{"due": "2026-03-06"}]}, True),
        ({"events": [{"start": None, "end": "2026-05-16"}]}, True),
        ({"events": [{"start": "2026-05-16T09:00", "end": None}]}, True),
        ({"actions": [{"due": "2026-03-06"}, {"due": "2026-02-30"}]}, False),
        ({"actions": [{"due": "Friday"}]}, False),
        ({"events": [{"start": None, "end": "2026-09-31"}]}, False),
        ({"events": [{"start": "2026-05-16", "end": None}, {"start": "soon", "end": None}]}, False),
    ],
)
def test_every_date_of_an_answer_is_looked_at(output: Fields, held: bool) -> None:
    """One that is not known is none; every task and every event has its turn."""
    assert (why("dates_sound", {}, output) == "") is held


@pytest.mark.parametrize(
    ("category", "events", "held"),
    [
        ("none", [], True),
        ("concert", [{"title": "x"}], True),
        ("none", [{"title": "x"}], False),
        ("concert", [], False),
    ],
)
def test_a_category_goes_with_an_event(category: str, events: list[Fields], held: bool) -> None:
    """The phone offers an entry in the calendar exactly where there is one."""
    assert (why("category_fits_events", {}, {"category": category, "events": events}) == "") is held


@pytest.mark.parametrize(
    ("text", "title", "place", "held"),
    [
        ("LANTERN ROOM\nMoth & Marrow live\n8 pm", "Moth & Marrow", "Lantern Room", True),
        ("LANTERN ROOM\nMoth & Marrow live\n8 pm", "MOTH&MARROW LIVE", None, True),
        ("灯笼小馆\n蛾与髓 现场", "蛾与髓", "灯笼小馆", True),
        ("燈籠小館\n蛾與髓 現場", "蛾与髓", "灯笼小馆", True),
        ("松嶺國小 校慶運動會\n操場", "松嶺國小校慶運動會", "操場", True),
        ("", "Anything", "Anywhere", True),
        ("LANTERN ROOM\nMoth & Marrow live\n8 pm", "Moth & Marrow", "Mill Hall", False),
        ("LANTERN ROOM\nMoth & Marrow live\n8 pm", "Jazz evening", "Lantern Room", False),
        ("灯笼小馆\n蛾与髓 现场", "蛾与髓", "白鹭剧场", False),
        ("B1 演講廳", "演講廳", "B2 演講廳", False),
        ("12 Tanner Row", "12 Tanner Row", "2 Tanner Row", False),
    ],
)
def test_title_and_place_are_from_the_picture(
    text: str, title: str, place: object, held: bool
) -> None:
    """A picture without its text cannot be compared with."""
    output = {"events": [{"title": title, "place": place, "start": None, "end": None}]}
    request = {"ocr_text": text} if text else {"image": {"data": ""}}
    assert (why("places_from_source", request, output, source="ocr_text") == "") is held


@pytest.mark.parametrize(
    ("mail", "bait"),
    [
        ("Final notice: confirm your password", True),
        ("Your account is LOCKED. Send us the card number.", True),
        ("Reply with your PIN within 24 hours", True),
        ("Enter your passwords immediately", True),
        ("您的账户将被冻结，请回复验证码", True),
        ("帳戶即將停用，請輸入網銀密碼", True),
        ("请立即回复您的PIN码", True),
        ("請馬上回覆卡背CVV碼", True),
        ("Your password was changed. Thanks for using Ferry Post.", False),
        ("Final notice: the pool closes on Friday", False),
        ("Urgent: bring the pink pots and a pineapple", False),
        ("Is it urgent? I am spinning wool", False),
        ("验证码会发到你手机上", False),
        ("请立即回电", False),
        ("快遞馬上到，請下樓", False),
        ("", False),
    ],
)
def test_bait_asks_for_a_secret_and_presses(mail: str, bait: bool) -> None:
    """One of the two alone is an ordinary mail; a secret is a whole word, in Chinese text too."""
    assert after_a_secret(mail) is bait


@pytest.mark.parametrize(
    ("summary", "told"),
    [
        ("Suspicious mail asks for your PIN", True),
        ("The sender CLAIMS the account is locked", True),
        ("Purportedly from the bank; wants your password", True),
        ("A possible phishing mail", True),
        ("自称银行，索要验证码", True),
        ("疑似釣魚郵件", True),
        ("邮件声称账户将停用", True),
        ("Confirm your password today", False),
        ("Your account is locked until you send the PIN", False),
        ("The scheme was proclaimed a success", False),
        ("请在今天内回复验证码", False),
        ("帳戶將停用，請輸入密碼", False),
        ("", False),
    ],
)
def test_a_claim_is_told_by_its_words(summary: str, told: bool) -> None:
    """Somebody says so, or it is suspicious: a reader must see one of the two."""
    assert told_as_a_claim(summary) is told


def mail(subject: str, body: str) -> dict[str, str]:
    """Return a mail of a thread."""
    return {"from": "x", "ts": "2026-03-04T09:00:00+08:00", "subject": subject, "body": body}


BAIT = mail("FINAL NOTICE", "Confirm your password and card PIN")
诱饵 = mail("账户将被冻结", "请回复短信验证码")
LUNCH = mail("Lunch", "At one?")


@pytest.mark.parametrize(
    ("messages", "topline", "synopsis", "held"),
    [
        ([BAIT], "Suspicious mail about your account", "It wants the password.", True),
        ([BAIT], "Password wanted", "The sender claims it is the last notice.", True),
        ([诱饵], "可疑邮件", "对方要验证码。", True),
        ([诱饵], "账户邮件", "来信自称银行，索要验证码。", True),
        ([LUNCH], "Lunch at one", "Lunch is at one.", True),
        ([mail("Password", "It was changed."), mail("Pool", "Closed, urgent")], "a", "b", True),
        ([BAIT], "Confirm your password", "The bank needs your password and PIN.", False),
        ([LUNCH, BAIT], "Lunch at one", "Lunch is at one; confirm your PIN.", False),
        ([BAIT, LUNCH], "Lunch at one", "Lunch is at one.", False),
        ([诱饵], "请回复验证码", "账户将被冻结，请回复短信验证码。", False),
        ([mail("密碼", "逾期失效")], "請更新密碼", "密碼逾期失效。", False),
        ([mail("", "密碼：請馬上回覆")], "請回覆密碼", "請馬上回覆密碼。", False),
    ],
)
def test_a_demand_for_a_secret_is_told_as_one(
    messages: list[Fields], topline: str, synopsis: str, held: bool
) -> None:
    """One mail of the thread is enough, and one field that says so."""
    output = {"topline": topline, "synopsis": synopsis}
    assert (why("phishing_told", {"messages": messages}, output) == "") is held


@pytest.mark.parametrize(
    ("said", "written", "held"),
    [
        ("twelve hundred for the hall", "The hall costs 1,200", True),
        ("we need 30 chairs by friday", "30 chairs are due on 2026-03-06", True),
        ("let's meet tomorrow", "They meet on 5 March at 9:00", True),
        ("tomorrow then", "周四见", True),
        ("预算三万块", "预算30000元", True),
        ("打八折吧", "打8折", True),
        ("下周一交", "3月9日交", True),
        ("农历初三", "正月初三", True),
        ("預算三萬", "預算3萬", True),
        ("we need 30 chairs by friday", "40 chairs are due on Friday", False),
        ("the hall is 1200 euros", "The hall costs 2,100 euros", False),
        ("most of us agree", "80% agree", False),
        ("预算三万块", "预算五万元", False),
        ("预算三万块", "预算3亿元", False),
        ("打八折吧", "打五折", False),
        ("預算三萬", "預算13萬", False),
        ("a few came", "17 people came", False),
        ("涨了百分之五", "涨了15%", False),
    ],
)
def test_amounts_are_as_they_were_said(said: str, written: str, held: bool) -> None:
    """A date may be counted from today, an amount must have been spoken."""
    turns = [{"speaker": "Ada 99", "text": said, "ts": "00:00:45"}]
    use = {"field": "summary", "source": "turns"}
    found = why("amounts_from_source", {"turns": turns}, {"summary": written}, **use)
    assert (found == "") is held


def test_the_time_of_a_turn_is_no_amount_that_was_said() -> None:
    """Its clock is for the machine."""
    turns = [{"speaker": "Ada", "text": "some chairs", "ts": "00:00:45"}]
    use = {"field": "summary", "source": "turns"}
    assert why("amounts_from_source", {"turns": turns}, {"summary": "45 chairs"}, **use)
