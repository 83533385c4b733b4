"""Records of the features that change, order or sum up a longer text, one pair a feature."""

from typing import Literal

import msgspec

from pratique.partners.rules.records import Message


class _Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all records here share: frozen, by keyword, no unknown fields."""


class Change(_Record, frozen=True):
    """An earlier change of the same text."""

    instruction: str
    """What was asked for."""

    text: str
    """What came of it."""


class TransformInput(_Record, frozen=True):
    """A text with what is to be done to it."""

    text: str
    """What the user wrote."""

    instruction: str
    """The wish, in the user's words."""

    history: tuple[Change, ...] = ()
    """Earlier wishes, oldest first."""


Class = Literal["harmful", "action", "formatting", "attribution", "transformation", "generation"]
"""What kind of wish it is."""


class Transformed(_Record, frozen=True):
    """What came of a wish."""

    kind: Class = msgspec.field(name="class")
    """The kind of the wish."""

    text: str | None
    """The text as it is wanted; None where nothing is written."""


class StructureInput(_Record, frozen=True):
    """A text to bring into form."""

    text: str
    """The text."""

    form: Literal["list", "table"]
    """Which form."""


class Items(_Record, frozen=True):
    """A list."""

    items: tuple[str, ...]
    """Its entries, in the order of the text; at least one."""


class Table(_Record, frozen=True):
    """A table."""

    columns: tuple[str, ...]
    """Its head."""

    rows: tuple[tuple[str, ...], ...]
    """Its rows, each as long as the head; an unknown cell is empty."""


class Mail(_Record, frozen=True):
    """One mail of a thread."""

    sender: str = msgspec.field(name="from")
    """Who sent it, with or without an address."""

    ts: str
    """When it was sent."""

    subject: str
    """What it is headed."""

    body: str
    """What it says."""


class MailInput(_Record, frozen=True):
    """A thread of mails to sum up."""

    messages: tuple[Mail, ...]
    """The mails, oldest first; at least one."""


class MailSummary(_Record, frozen=True):
    """What a thread of mails comes to."""

    topline: str
    """One line for a list of mails."""

    synopsis: str
    """At most three sentences."""


class Answer(_Record, frozen=True):
    """What the user chose for one question."""

    q: str
    """The question."""

    a: str
    """The answer."""


class DraftInput(_Record, frozen=True):
    """A thread to reply to, before or after the user was asked."""

    thread: tuple[Message, ...]
    """The messages, oldest first."""

    me: str
    """The name under which the user writes."""

    snippet: str = ""
    """What the user has begun to write."""

    answers: tuple[Answer, ...] = ()
    """What the user chose; none before they were asked."""


class Question(_Record, frozen=True):
    """One question for the user."""

    q: str
    """The question, short."""

    options: tuple[str, ...]
    """Two to four answers to choose from."""


class Questions(_Record, frozen=True):
    """What a thread wants to know."""

    questions: tuple[Question, ...]
    """At most eight; none where nothing is asked."""


class Draft(_Record, frozen=True):
    """A reply."""

    draft: str
    """The text."""


class Spoken(_Record, frozen=True):
    """One turn of a recording."""

    speaker: str
    """Who spoke."""

    text: str
    """What was heard."""

    ts: str
    """Time in the recording."""


class TranscriptInput(_Record, frozen=True):
    """A recording to sum up."""

    turns: tuple[Spoken, ...]
    """What was said, in order; at least one turn."""

    today: str
    """The date of the recording, ISO 8601."""


class Action(_Record, frozen=True):
    """Something that somebody took on."""

    who: str
    """A speaker's name, as in the turns."""

    what: str
    """What is to be done."""

    due: str | None
    """By when, ISO 8601; None where nothing was said."""


class Minutes(_Record, frozen=True):
    """What a call or a meeting came to."""

    summary: str
    """At most three sentences."""

    decisions: tuple[str, ...]
    """What was decided."""

    actions: tuple[Action, ...]
    """Who does what."""
