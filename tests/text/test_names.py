"""Names that an answer says and its source does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.text.names import added_names


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("Can you come?", "I told Lena Marsh about it.", ("Lena Marsh",)),
        ("Marta is late.", "The talk with Marta Kelm is late.", ("Marta Kelm",)),
        ("The shop is closed.", "The shop in Ostley is closed.", ("Ostley",)),
        ("He said no.", "Lena said no.", ("Lena",)),
        ("They met.", "They met at the WRX office.", ("WRX",)),
        ("The doctor called.", "The call came from Dr Vale's office.", ("Vale",)),
        ("It was sold.", "It was sold to Halverson Foods.", ("Halverson Foods",)),
        ("The line is late.", "“Take the bus,” wrote Otis from Brannock.", ("Otis", "Brannock")),
    ],
)
def test_a_new_english_name_is_seen(source: str, text: str, expected: tuple[str, ...]) -> None:
    """Capitals inside a sentence, and speakers at its start, are names."""
    assert added_names(source, text, "en") == expected


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("marta kelm is late", "Marta Kelm is late."),
        ("Lena is here", "It is Lena's turn."),
        ("Come on friday", "Come on Friday, in March."),
        ("are you in", "Yes, I am, and I'm glad."),
        ("hello", "Delays are likely. Heavy rain today."),
        ("the show", "New Update Available For Your Phone"),
        ("dear mr vale", "Dear Mr Vale, Thank you."),
        ("send it soon", "Please send it ASAP as a PDF."),
        ("the United Nations met", "Then the UN met."),
        ("the UN met", "Then the United Nations met."),
        ("a visitor from Germany", "The German visitor came."),
        ("police asked", "Police said no. Officials wanted more."),
        ("notes", "- Buy milk\n- Call home\n1. Sleep"),
        ("李雷来了", "Li Lei is here with Wang."),
        ("nothing", ""),
        ("so", "He left. Then: Silence."),
        ("see https://a.example", "See https://A.example/Path"),
        ("sale", "You have WON again, buy NOW, ITS A DEAL"),
        ("biscuit is gone", "She lost Biscuit. They'd like help."),
        ("so", "See you 🎆 Drive safely, I've time on Saturdays"),
    ],
)
def test_no_english_name_is_made_up_from_capitals(source: str, text: str) -> None:
    """Sentence starts, headlines, months, acronyms and other forms of a word are no new names."""
    assert added_names(source, text, "en") == ()


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("有人来电。", "刚才陈建国先生来电。", ("陈建国先生",)),
        ("请联系经理。", "请联系王经理。", ("王经理",)),
        ("李老师来了。", "张老师来了。", ("张老师",)),
        ("他住院了。", "他在云岭医院住院。", ("云岭医院",)),
        ("公司发了公告。", "远帆公司发了公告。", ("远帆公司",)),
        ("明天去旅游。", "明天去临溪市旅游。", ("临溪市",)),
        ("软件更新了。", "Larkson 软件更新了。", ("Larkson",)),
        ("他們換了律師。", "他們換了周雅文律師。", ("周雅文律師",)),
    ],
)
def test_a_new_chinese_name_is_seen(source: str, text: str, expected: tuple[str, ...]) -> None:
    """A surname before a title, two characters before a suffix, Latin letters in Chinese."""
    locale = "zh-Hant" if "們" in text else "zh-Hans"
    assert added_names(source, text, locale) == expected


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("陳建國先生來電。", "陈建国先生来电。"),
        ("王敏是经理。", "王经理来了。"),
        ("请找老师。", "请联系老师。"),
        ("有事。", "请联系客户经理或者项目经理。"),
        ("有事。", "对方经理同意了。"),
        ("买东西。", "去超市买东西，小区门口有银行。"),
        ("省点钱。", "这样节省时间，也省钱。"),
        ("快递丢了。", "快递公司已经联系该公司和物业公司。"),
        ("去看病。", "去附近医院看病。"),
        ("住在北京。", "住在北京市。"),
        ("发个邮件。", "发个PDF到APP里，OK吗？"),
        ("用larkson软件", "用 Larkson 软件"),
        ("Mr Chen called from Ostley City.", "陈先生从奥斯特利市来电。"),
        ("周末李老师来", "周末李老师会来"),
        ("全市停水", "全市停水，地区和社区不同"),
        ("他在上市公司。", "他在一家上市公司上班。"),
        ("", ""),
        ("他要走。", "他考上研究所，入选省队，带出省要批准。"),
        ("查余额。", "登录手机银行查余额。"),
        ("你们弄坏的", "损坏由贵公司造成"),
        ("好。", "好。Sounds good to me。It's fine。"),
    ],
)
def test_no_chinese_name_is_made_up_from_words(source: str, text: str) -> None:
    """Ordinary words that end like names, and the same name in the other script, are none."""
    assert added_names(source, text, "zh-Hans") == ()


@given(st.text(max_size=80), st.sampled_from(["zh-Hans", "zh-Hant", "en"]))
def test_a_text_adds_no_name_to_itself(text: str, locale: str) -> None:
    """No text crashes the look, and none adds to itself."""
    assert added_names(text, text, locale) == ()
