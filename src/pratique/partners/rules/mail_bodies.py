"""What a mail says: its sender's name, and its sentences without greeting, quotation and footer."""

import re
from functools import cache

from pratique.partners.rules import words
from pratique.partners.rules.planted import ordered, without_orders
from pratique.partners.rules.records_text import Mail
from pratique.partners.rules.sentences import sentences

_READ = 12_000
_SENTENCES = 80
"""Characters and sentences of one mail that are read."""

_ADDRESS = re.compile(r"\s*<[^<>]*>\s*$|\s*[(（][^()（）]*@[^()（）]*[)）]\s*$")
_QUOTED = re.compile(
    r"^\s*>.*$|^\s*(?:On .{4,80} wrote:|-{2,}\s*(?:Original|Forwarded|原始).*)$", re.M
)
_ENGLISH_GREETED = re.compile(
    r"^(?:dear|hi|hello|hey|good (?:morning|afternoon|evening))\b[^,.!:\n]{0,40}[,.!:]\s*", re.I
)
_CHINESE_GREETED = re.compile(
    r"^(?:尊敬的|亲爱的|各位)?[^，。：:！\s\d]{0,8}(?:[您你]好|大家好|早上好|下午好|晚上好)?\s*[：:！](?!\d)\s*"
    r"|^[^，。：:！\s\d]{0,6}(?:[您你]好|大家好|早上好|下午好|晚上好)[，,。]\s*"
)
_RE = re.compile(r"^(?:\s*(?:re|fw|fwd|aw|回复|答复|转发|回覆|答覆)\s*[:：]\s*)+", re.IGNORECASE)


def sender(mail: Mail) -> str:
    """Return the name of who sent *mail*, or the address where there is no name."""
    name = _ADDRESS.sub("", mail.sender).strip(" \"'")
    return name or mail.sender.strip("<> ")


def address(mail: Mail) -> str:
    """Return the host that *mail* was sent from, in lower case; empty if none shows."""
    return mail.sender.rpartition("@")[2].strip("<> ").casefold() if "@" in mail.sender else ""


def subject(mail: Mail, locale: str) -> str:
    """Return what *mail* is headed, without marks of replies; nothing if it orders a machine."""
    bare = _RE.sub("", " ".join(mail.subject.split()))
    return "" if ordered(bare, locale) else bare


def said(mail: Mail, locale: str) -> list[str]:
    """Return the sentences of *mail* that tell something, without closing marks."""
    body = _QUOTED.sub("", without_orders(mail.body[:_READ], locale))
    greeted = _ENGLISH_GREETED if locale == "en" else _CHINESE_GREETED
    found = []
    for place, sentence in enumerate(sentences(body, locale)):
        if place == _SENTENCES:
            break
        bare = greeted.sub("", " ".join(sentence.split()), count=1).strip()
        if bare and not ordered(bare, locale) and not _idle(bare, locale):
            found.append(bare.rstrip(".。!！;；,， ") or bare)
    return found


def _idle(sentence: str, locale: str) -> bool:
    """Whether *sentence* only greets, signs or belongs to a footer."""
    closing, footer = _patterns(locale)
    short = len(sentence.split()) <= 7 if locale == "en" else len(sentence) <= 10
    return (short and closing.match(sentence) is not None) or footer.search(sentence) is not None


@cache
def _patterns(locale: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return patterns of how a mail closes and of what stands in its footer."""
    lists = words.phrases(locale, "mails.toml")
    closing = "|".join(map(re.escape, [*lists["closings"], *lists["greetings"]]))
    footer = "|".join(map(re.escape, lists["footers"]))
    end = r"\b" if locale == "en" else ""
    return (
        re.compile(rf"^(?:{closing}){end}(?!.*\d)", re.IGNORECASE),
        re.compile(footer, re.IGNORECASE),
    )
