"""Records that go in and out of the rule-based model, one pair a feature."""

from datetime import datetime
from typing import Annotated, Literal, TypeVar

import msgspec

from pratique.errors import Malformed


class _Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all records here share: frozen, by keyword, no unknown fields."""


class Request(_Record, frozen=True):
    """What one call asks for."""

    feature: str
    """One of the features that the rules answer: `proofread`, `summarize`, ..."""

    locale: str
    """`en`, `zh-Hans` or `zh-Hant`."""

    input: msgspec.Raw
    """The feature's own input, read by its own record."""


class Span(_Record, frozen=True):
    """A stretch of text, in code points."""

    start: int
    """First code point."""

    end: int
    """One past the last code point."""


class ProofreadInput(_Record, frozen=True):
    """A text to correct."""

    text: str
    """The text as the user wrote it."""

    protected: tuple[Span, ...] = ()
    """Stretches that must come back as they are: quotes, code, links."""


class SummarizeInput(_Record, frozen=True):
    """A text to shorten."""

    text: str
    """An article, or lines of `Name: words`."""

    kind: Literal["article", "conversation"] = "article"
    """How to read the text."""

    length: Literal["short", "medium"] = "medium"
    """How much may be kept."""


class Message(_Record, frozen=True):
    """One message of a thread."""

    sender: str = msgspec.field(name="from")
    """Who wrote it."""

    text: str
    """What they wrote."""


class ReplyInput(_Record, frozen=True):
    """A thread that waits for an answer."""

    thread: tuple[Message, ...]
    """Messages, oldest first; possibly none."""

    me: str
    """The name of the person who will answer."""


Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time with its offset from UTC."""


class Item(_Record, frozen=True):
    """One notification."""

    app_category: str
    """Kind of application it came from: `messages`, `mail`, `travel`, ..."""

    title: str
    """Its first line: usually the sender."""

    body: str
    """Its text."""

    ts: Moment
    """When it came in."""


class PriorityInput(_Record, frozen=True):
    """A notification to judge."""

    item: Item
    """The notification."""

    now: Moment
    """When it is judged."""

    contacts: tuple[str, ...] = ()
    """Names of people close to the user."""


class RewriteInput(_Record, frozen=True):
    """A text to say otherwise."""

    text: str
    """The text as the user wrote it."""

    tone: Literal["default", "friendly", "professional", "concise"]
    """How it should sound."""


class KeypointsInput(_Record, frozen=True):
    """A text to take points from."""

    text: str
    """The text."""

    max: int
    """Most points that are wanted."""


class Notification(_Record, frozen=True):
    """One notification of a stack."""

    id: str
    """Its name in the stack."""

    title: str
    """Its first line: usually the sender."""

    body: str
    """Its text."""

    ts: str
    """When it came in."""


class StackInput(_Record, frozen=True):
    """A stack of notifications to say in one line."""

    app_category: str
    """Kind of application that they came from."""

    items: tuple[Notification, ...]
    """The notifications, oldest first."""


class Term(_Record, frozen=True):
    """A term that has a fixed translation."""

    term: str
    """As it stands in the text."""

    translation: str
    """As it must stand in the translation."""


Language = Literal["en", "zh-Hans", "zh-Hant"]
"""A language that texts are translated from and into."""


class TranslateInput(_Record, frozen=True):
    """A text to translate."""

    text: str
    """The text."""

    target: Language
    """Language to translate into."""

    source: Language | None = None
    """Language of the text, if known."""

    glossary: tuple[Term, ...] = ()
    """Terms with their translations."""


class Corrected(_Record, frozen=True):
    """A corrected text; the corrections follow from comparing it with the input."""

    corrected: str
    """The whole text, corrected."""


class Summary(_Record, frozen=True):
    """A shortened text."""

    summary: str
    """At most three sentences of the source."""


class Replies(_Record, frozen=True):
    """Answers to choose from."""

    replies: tuple[str, str, str]
    """Three that differ."""


class Rewritten(_Record, frozen=True):
    """A text said otherwise."""

    text: str
    """The whole text."""


class Points(_Record, frozen=True):
    """What matters in a text."""

    points: tuple[str, ...]
    """Clauses of the text, in its order."""


class Line(_Record, frozen=True):
    """What a stack of notifications comes to."""

    line: str
    """One line; empty when suppressed."""

    covers: tuple[str, ...]
    """Ids of the notifications that the line speaks of."""

    suppressed: bool
    """Whether they are better shown as they are."""


class Translated(_Record, frozen=True):
    """A translated text."""

    text: str
    """The translation."""

    detected: Language
    """Language that the text was taken to be in."""


Reason = Literal[
    "time_critical",
    "security_alert",
    "safety",
    "close_contact",
    "money_action",
    "travel_change",
    "delivery_now",
    "work_escalation",
    "not_urgent",
]
"""Why a notification is urgent, or that it is not."""


class Priority(_Record, frozen=True):
    """Whether to interrupt somebody."""

    urgent: bool
    """True when it cannot wait."""

    reason_code: Reason
    """The rule that decided."""


Shape = TypeVar("Shape", bound=msgspec.Struct)


def read(raw: bytes | msgspec.Raw, shape: type[Shape]) -> Shape:
    """Return *raw* JSON as a record of *shape*.

    Raises `Malformed`, with the path of the field that is wrong, when it does not fit.
    """
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(
            f"request does not fit `{shape.__name__}`: {error}",
            hint="send {'feature': ..., 'locale': ..., 'input': ...} in the shape of the feature",
        ) from error
