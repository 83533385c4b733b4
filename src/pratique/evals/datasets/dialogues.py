"""Dialogues: conversations with a summary, or with what one side really wrote next.

DialogSum has a summary of each: measured is how near `summarize` comes to it, as a trend.
CrossWOZ, KdConv and Taskmaster have none (CrossWOZ's goals say what somebody was to ask for, not
what came of it), so that they measure `smart_reply`: whether one of three replies is near to what
the person really wrote next. Nobody can foresee that often, least of all in chats about facts, and
a reply of ours may not state a fact that the thread lacks. So it is a trend, and the reference is
of a kind that a reply can be: in CrossWOZ and Taskmaster the customer's last words, in KdConv the
last message that is short and has no number. A conversation without one is left out.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from pratique.errors import Malformed
from pratique.evals.datasets.dataset import Dataset, Row
from pratique.evals.datasets.files import records, require_text
from pratique.evals.datasets.pairs import Pair, paired
from pratique.evals.scorers import Target
from pratique.evals.suites import Sample

MOST_CHARACTERS = 15
"""Characters of a message that a reply can be like: no reply in Chinese may be longer."""

MOST_MESSAGES = 50
"""Messages of a thread that `smart_reply` takes; of a longer one the last are kept."""

NO_REPLY = "nobody's reply in it can be a reference"
"""Why a conversation is left out."""

_LINE = re.compile(r"#(Person\d+)#: *(\S.*)")
_MARK = re.compile(r"#(Person\d+)#")


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a conversation between a customer and a service."""

    role: str
    """Who wrote it."""
    text: str
    """What was written."""


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """One row of CrossWOZ or Taskmaster."""

    id: str
    """The set's own name of it."""
    messages: tuple[Message, ...]
    """The messages, oldest first."""


class Chat(msgspec.Struct, frozen=True, kw_only=True):
    """One row of KdConv: two people take turns."""

    domain: str
    """What it is about: film, music or travel."""
    messages: tuple[str, ...]
    """The messages, oldest first."""


class Summarised(msgspec.Struct, frozen=True, kw_only=True):
    """One row of DialogSum."""

    fname: str
    """The set's own name of it."""
    dialogue: str
    """The conversation, one line a message."""
    summary: str
    """What it comes to."""


def _dialogsum(name: str, folder: Path) -> Iterator[Row]:
    path = folder / "dialogsum.dev.jsonl"
    return paired(name, path, _summarised(path), _short, lambda _: "What was agreed, and by whom.")


def _summarised(path: Path) -> Iterator[Pair]:
    for line, row in records(path, Summarised):
        summary = require_text(row.summary, "summary", path, line)
        messages = [_LINE.fullmatch(one.strip()) for one in row.dialogue.split("\n")]
        spoken = [f"{found[1]}: {found[2]}" for found in messages if found]
        if len(spoken) != len(messages):
            message = f"line {messages.index(None) + 1} of `dialogue` is not `#PersonN#: words`"
            raise Malformed(message, path=path, line=line)
        yield Pair(line=line, text="\n".join(spoken), accept=(_MARK.sub(r"\1", summary),))


def _short(text: str) -> dict[str, object]:
    return {"text": text, "kind": "conversation", "length": "short"}


def _crosswoz(name: str, folder: Path) -> Iterator[Row]:
    path = folder / "crosswoz_val.jsonl"
    return _service(name, path, {"usr": "顾客", "sys": "客服"}, "顾客")


def _taskmaster(name: str, folder: Path) -> Iterator[Row]:
    path = folder / "data_07.jsonl"
    return _service(name, path, {"user": "Customer", "assistant": "Coffee bar"}, "Customer")


def _service(name: str, path: Path, names: dict[str, str], me: str) -> Iterator[Row]:
    for line, row in records(path, Service):
        unknown = [one.role for one in row.messages if one.role not in names]
        if unknown:
            message = f"unknown role `{unknown[0]}`, not {' or '.join(names)}"
            raise Malformed(message, path=path, line=line)
        thread = _checked([(names[one.role], one.text) for one in row.messages], path, line)
        own = [
            place
            for place in range(1, len(thread))
            if thread[place][0] == me and thread[place - 1][0] != me
        ]
        yield _row(name, path, line, thread, own[-1] if own else None)


def _kdconv(name: str, folder: Path) -> Iterator[Row]:
    for topic in ("film", "music", "travel"):
        path = folder / f"kdconv_{topic}_dev.jsonl"
        for line, row in records(path, Chat):
            if row.domain != topic:
                raise Malformed(f"domain `{row.domain}`, not `{topic}`", path=path, line=line)
            named = [("甲乙"[place % 2], text) for place, text in enumerate(row.messages)]
            thread = _checked(named, path, line)
            likely = [place for place in range(1, len(thread)) if _likely(thread[place][1])]
            found = likely[-1] if likely else None
            yield _row(f"{name}-{topic}", path, line, thread, found)


def _likely(text: str) -> bool:
    short = len(text) <= MOST_CHARACTERS and any(map(str.isalpha, text))
    return short and not any(map(str.isdigit, text))


def _checked(
    thread: Sequence[tuple[str, str]], path: Path, line: int
) -> tuple[tuple[str, str], ...]:
    if not thread:
        raise Malformed("`messages` is empty", path=path, line=line)
    return tuple((who, require_text(text, "text", path, line)) for who, text in thread)


def _row(
    name: str, path: Path, line: int, thread: Sequence[tuple[str, str]], place: int | None
) -> Row:
    """Return the row whose reference is the message at *place* of *thread*."""
    if place is None:
        return Row(path=path, line=line, left_out=NO_REPLY)
    me, reference = thread[place]
    before = thread[max(0, place - MOST_MESSAGES) : place]
    sample = Sample(
        id=f"{name}-{line:05d}",
        input={"thread": [{"from": who, "text": text} for who, text in before], "me": me},
        target=Target(accept=(reference,)),
        why="None of the replies is what one would write.",
    )
    return Row(path=path, line=line, sample=sample)


DATASETS = (
    Dataset(
        id="zh-dialogue-crosswoz",
        about="A customer's last words to a travel desk, as a trend (CrossWOZ)",
        licence="Apache-2.0",
        feature="smart_reply",
        scorer="resembles",
        locale="zh-Hans",
        folder="zh-dialogue-crosswoz",
        rows=_crosswoz,
    ),
    Dataset(
        id="zh-dialogue-kdconv",
        about="A short message in chats about films, music and places, as a trend (KdConv)",
        licence="Apache-2.0",
        feature="smart_reply",
        scorer="resembles",
        locale="zh-Hans",
        folder="zh-dialogue-kdconv",
        rows=_kdconv,
    ),
    Dataset(
        id="en-dialogue-dialogsum",
        about="Summaries of everyday conversations, as a trend (DialogSum)",
        licence="CC BY-NC-SA 4.0: for development only, not for commercial use",
        feature="summarize",
        scorer="resembles",
        locale="en",
        folder="en-dialogue-dialogsum",
        rows=_dialogsum,
    ),
    Dataset(
        id="en-dialogue-taskmaster4",
        about="A customer's last words at a coffee bar, as a trend (Taskmaster-4)",
        licence="CC BY 4.0",
        feature="smart_reply",
        scorer="resembles",
        locale="en",
        folder="en-dialogue-taskmaster4",
        rows=_taskmaster,
    ),
)
"""The sets of this family."""
