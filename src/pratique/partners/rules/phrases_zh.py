"""Chinese phrases that go wrong as a whole: 在 for 再, measure words, saying a thing twice."""

import re
from functools import cache

from pratique.partners.rules import words

_LATER = (
    "以后|明天|后天|回头|下次|改天|等会|等会儿|一会儿|待会|待会儿|到时候|然后|有空|有时间|有机会|之后|"
    "过几天|下周|晚点|吃完|吃完饭|做完|想好|想好了|考虑好|见面"
)
_DONE_LATER = "说|聊|去|来|谈|看|联系|买|做|吃|讨论|决定|见|商量|试|玩|约|处理"
_NO_MORE = "说|哭|来|去|拖|想|等|提|吵|闹|打扰|联系|生气|犯|迟到|熬夜|买|吃|喝|玩|犹豫|骗|担心|难过"
_DAYS = "假期|周末|时光|一天|童年|暑假|寒假|节日|春节|生活|夜晚|生日|晚年|一生|余生"
_ELEPHANT = "大对印现形气景抽图迹表万小白想好"
_NUMBER = r"[\d一二两三四五六七八九十百千万几半]"
_END = r"(?=[，。！？；,.!?;~\s]|吧|啊|哦|呗|$)"
_FOLLOWS = r"(?=[，。！？；、,.!?;\s的在和很是了给就都也还来去跟与或放送要被把]|$)"

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"({_LATER})在(?=(?:{_DONE_LATER})(?:一下)?{_END})"), r"\1再"),
    (
        re.compile(rf"(别|不要|不会|不能|不想|不敢|不用)在(?=(?:{_NO_MORE}).{{0,3}}了{_END})"),
        r"\1再",
    ),
    (re.compile(r"([我你他她们])再(?=家(?!教|长)|(?:上班|开会|吃饭|上课|开车|排队)呢)"), r"\1在"),
    (
        re.compile(
            rf"((?<![预邀合节契履签])约|大约|大概|差不多)({_NUMBER}{{1,8}}[^，。！？,.!?\s]{{0,5}}?)(?:左右|上下)"
        ),
        r"\1\2",
    ),
    (
        re.compile(
            rf"(超过|多于|不止|至少|起码)(了?{_NUMBER}{{1,8}}[^，。！？,.!?\s]{{0,4}}?)以上"
        ),
        r"\1\2",
    ),
    (re.compile(r"(有空|知道|可以|愿意|收到|[好吃到来去完忘看]了)嘛(?=[？?])"), r"\1吗"),
    (re.compile(rf"渡过(?=[^，。！？]{{0,6}}(?:{_DAYS}))"), "度过"),
    (re.compile(rf"(?<![{_ELEPHANT}])象(?=[^，。！？]{{1,8}}(?:一样|似的|那样))"), "像"),
    (re.compile(r"(防止|避免|杜绝)([^，。！？,.!?\n]{1,15}?)不再发生"), r"\1\2再次发生"),
    (
        re.compile(
            r"(^|[。！？\n])(通过[^，。！？\n]{2,30}，)使得?"
            r"(?=我们?|大家|他们?|她们?|同学|学生)"
        ),
        r"\1\2",
    ),
)


def rephrased(text: str) -> str:
    """Return *text* with phrases put right that no single word shows to be wrong."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    for pattern, measure in _measures():
        text = pattern.sub(rf"\1{measure}\2", text)
    return text


@cache
def _measures() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return patterns of 个 before a noun that has a measure word of its own."""
    found = []
    for row in words.rows("zh-Hans", "measures.tsv"):
        noun, measure, others = (*row, "")[:3]
        no = rf"(?![{others}])" if others else ""
        found.append((re.compile(rf"([一两三四五六七八九十几])个({noun}){no}{_FOLLOWS}"), measure))
    return tuple(found)
