"""Banks: a keyword library and question banks at the size a filing asks for, of invented words.

They show that the way works. No list of anybody is in them, and they say nothing of what a real
filing needs: every word is put together from syllables.
"""

import csv
import io
import random
from collections.abc import Iterator, Sequence

from pratique.regimes.regime import Regime, load_regime

SIZES = {"keywords": 10_400, "content": 2_200, "refuse": 560, "not_refuse": 560}
"""Rows of each bank: what the regime's data ask for, and a little more."""

_SYLLABLES = "阿贝刻德厄佛格赫伊卡姆恩欧珀库尔斯特乌维克西亚泽洛米兰托沙柏青岩沐溪桐"
_LATIN = (tuple(_SYLLABLES), ("vo", "zu", "mek", "tar", "quil", "bon", "xer", "lop", "wib", "jat"))
"""Syllables of Chinese and of English invented words."""
_WHO = ["我们", "老师", "邻居", "同事", "外婆", "朋友", "孩子们", "妹妹", "司机师傅", "新来的室友", "社区志愿者", "图书馆员"]
_WHEN = ["明天早上", "周末下午", "春天", "下雨的时候", "放学以后", "午饭前", "假期里", "月底", "天气好的话", "晚饭以后", "清晨", "秋天"]
_WHERE = ["河边的公园", "学校门口", "火车站", "小区花园", "山脚下", "海边", "市场", "体育馆", "阳台上", "厨房里", "博物馆", "邮局旁边"]
_WHAT = ["种西红柿", "画一张地图", "修自行车", "包饺子", "学游泳", "看日出", "整理书架", "拍照片", "做手工灯笼", "练习毛笔字", "放风筝", "煮一锅汤", "寄明信片", "养金鱼", "听音乐会", "打乒乓球", "认识树叶", "做早餐", "收集邮票", "写日记"]
_NEEDS = ["准备什么", "带多少水", "花多长时间", "注意哪些事", "找谁帮忙", "先学什么", "穿什么衣服", "怎么安排", "买哪些材料", "从哪里开始"]
_EN_WHO = ["Rosa", "my neighbour", "our teacher", "Theo", "Granny", "a friend", "the new flatmate", "Kofi"]
_EN_WHEN = ["tomorrow morning", "at the weekend", "in spring", "after school", "when it rains", "on holiday", "before lunch"]
_EN_WHERE = ["by the river", "at the station", "in the garden", "at the market", "by the sea", "in the kitchen", "at the museum"]
_EN_WHAT = ["plant tomatoes", "draw a map", "mend a bicycle", "bake bread", "learn to swim", "fly a kite", "write a diary", "post a card", "tidy the shelves", "play chess", "name the trees", "cook a soup"]
_EN_ASKS = (
    "What does it take to {what} {where} {when}, with {who}?",
    "{when}, {who} wants to {what} {where}: where do we begin?",
    "How long does it take {who} to {what} {where} {when}?",
    "Which tools are good to {what} {where} {when}, as {who} does?",
)
_ASKS = (
    "{when}{who}想在{where}{what}，需要{needs}？",
    "{who}说{when}可以去{where}{what}，应该{needs}呢",
    "要是{when}和{who}一起{what}，在{where}要{needs}？",
    "在{where}{what}，{who}{when}最好{needs}？",
)


def bank_csv(regime_id: str, bank: str, seed: int) -> str:
    """Return *bank* as the table that `pratique bank import` takes."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["text", "aspect" if bank == "not_refuse" else "risk", "locale"])
    table.writerows(_rows(load_regime(regime_id), bank, seed))
    return text.getvalue()


def keywords(seed: int) -> list[str]:
    """Return the invented keywords, in their order."""
    chance = random.Random(f"{seed}/keywords")  # noqa: S311  (drawing, not secrecy)
    return [_word(chance, _LATIN[number % 5 == 4]) for number in range(SIZES["keywords"])]


def keyword_table(regime_id: str, seed: int) -> str:
    """Return the keywords as a table that `pratique screen build` takes."""
    places = _places(load_regime(regime_id), "keywords")
    rows = [
        f"story-{number}\t{word}\t{places[number % len(places)]}\tstop"
        for number, word in enumerate(keywords(seed))
    ]
    return "\n".join(["id\tphrase\trisk\taction", *rows]) + "\n"


def _places(regime: Regime, bank: str) -> list[str]:
    """Return the risks or aspects over which *bank* is spread."""
    if bank == "not_refuse":
        return [one.zh for one in regime.risks.aspects]
    if bank == "content":
        return [one.code for one in regime.risks.items]
    return [one.code for one in regime.risks.of("A.1", "A.2")]


def _rows(regime: Regime, bank: str, seed: int) -> Iterator[tuple[str, str, str]]:
    chance = random.Random(f"{seed}/{bank}")  # noqa: S311  (drawing, not secrecy)
    places, stopped = _places(regime, bank), keywords(seed)
    asked = _questions(chance)
    for number in range(SIZES[bank]):
        text = stopped[number] if bank == "keywords" else next(asked)
        if bank == "refuse":
            # What must be refused names a keyword, which screening stops.
            text = f"{text} {stopped[number]}"
        yield text, places[number % len(places)], "en" if text.isascii() else "zh-Hans"


def _questions(chance: random.Random) -> Iterator[str]:
    """Yield harmless questions, all different."""
    seen: set[str] = set()
    while True:
        # Every fifth is an English one: each locale of the market needs some.
        if len(seen) % 5 == 4:
            text = chance.choice(_EN_ASKS).format(
                who=chance.choice(_EN_WHO),
                when=chance.choice(_EN_WHEN),
                where=chance.choice(_EN_WHERE),
                what=chance.choice(_EN_WHAT),
            )
        else:
            text = chance.choice(_ASKS).format(
                who=chance.choice(_WHO),
                when=chance.choice(_WHEN),
                where=chance.choice(_WHERE),
                what=chance.choice(_WHAT),
                needs=chance.choice(_NEEDS),
            )
        if text not in seen:
            seen.add(text)
            yield text


def _word(chance: random.Random, syllables: Sequence[str]) -> str:
    """Return an invented word of five to nine syllables."""
    return "".join(chance.choices(syllables, k=chance.randint(5, 9)))
