"""Markdown: the field as the mapping `AIGC` of the front matter; all other lines stay as they are.

The front matter is read as YAML events, so that no alias is expanded and nothing nests in memory.
"""

import json
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from pratique.errors import Malformed
from pratique.labels.carriers.plain import decoded, ending

if TYPE_CHECKING:
    from yaml import Event

MAX_FRONT = 16_000
"""Most characters of front matter; this bound is ours."""

MAX_BRACKETS = 500
"""Most brackets that open in front matter: the time to read them grows with their square; ours."""

_MARK = "\ufeff"
_HINT = "front matter is keys and values between two lines of `---`"


class _Entry(NamedTuple):
    """A key at the top of the front matter, with the lines that it and its value take up."""

    key: str
    start: int
    """First line, from 0, within the front matter."""
    end: int
    """The line after its last."""
    plain: bool
    """Whether its value nests no deeper than a label does, and names no alias."""


def read(data: bytes) -> list[str]:
    """Return the text of every label in *data*, as JSON."""
    lines, front = _parts(decoded(data))
    return [_json(one, lines) for one in front or () if one.key == "AIGC"]


def write(data: bytes, text: str) -> bytes:
    """Return *data* with the label *text* in place of any in its front matter."""
    whole = decoded(data)
    lines, front = _parts(whole)
    end = ending(whole)
    # The keyword is the key itself here, and JSON is YAML.
    inner = msgspec.json.decode(text, type=dict[str, msgspec.Raw])["AIGC"]
    label = f"AIGC: {bytes(inner).decode()}{end}"
    if front is None:
        mark = _MARK if whole.startswith(_MARK) else ""
        return f"{mark}---{end}{label}---{end}{whole.removeprefix(_MARK)}".encode()
    kept = _without(lines, front)
    close = _close(kept)
    return "".join([*kept[:close], label, *kept[close:]]).encode()


def rest(data: bytes) -> object:
    """Return the text without the label, and without front matter that holds nothing else."""
    lines, front = _parts(decoded(data))
    kept = _without(lines, front or [])
    if front is not None and len(kept) < len(lines) and _close(kept) == 1:
        kept = kept[2:]
    return "".join(kept).removeprefix(_MARK)


def _parts(text: str) -> tuple[list[str], list[_Entry] | None]:
    """Return the lines of *text*, and the keys of its front matter; None where it has none."""
    lines = text.splitlines(keepends=True)
    if not lines or lines[0].removeprefix(_MARK).rstrip() != "---":
        return lines, None
    close = _close(lines)
    if close == len(lines):
        return lines, None
    front = "".join(lines[1:close])
    if len(front) > MAX_FRONT:
        raise Malformed(
            f"its front matter has {len(front):,} characters, more than {MAX_FRONT:,}", hint=_HINT
        )
    if front.count("[") + front.count("{") > MAX_BRACKETS:
        raise Malformed(f"its front matter opens more than {MAX_BRACKETS} brackets", hint=_HINT)
    return lines, _entries(front)


def _close(lines: list[str]) -> int:
    """Return the line that closes the front matter; the count of lines where none does."""
    closing = (n for n, line in enumerate(lines) if n and line.rstrip() in ("---", "..."))
    return next(closing, len(lines))


def _without(lines: list[str], front: list[_Entry]) -> list[str]:
    """Return *lines* without those that a label in the front matter takes up."""
    gone = {1 + n for one in front if one.key == "AIGC" for n in range(one.start, one.end)}
    return [line for n, line in enumerate(lines) if n not in gone]


def _json(entry: _Entry, lines: list[str]) -> str:
    import yaml

    if not entry.plain:
        raise Malformed("its `AIGC` is no mapping of seven keys", hint=_HINT)
    # The base loader takes every value as the text that it is: `Label: 1` means "1".
    text = "".join(lines[1 + entry.start : 1 + entry.end])
    found = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  (it makes texts only)
    return json.dumps(found, ensure_ascii=False)


def _entries(front: str) -> list[_Entry] | None:
    """Return the keys at the top of *front*; None where it is no mapping, so no front matter."""
    import yaml

    try:
        events = [
            event
            for event in yaml.parse(front, Loader=yaml.SafeLoader)
            if isinstance(event, (yaml.NodeEvent, yaml.CollectionEndEvent))
        ]
    except yaml.YAMLError as error:
        raise Malformed(f"its front matter is no YAML: {error}", hint=_HINT) from error
    if not events:
        return []
    if not isinstance(events[0], yaml.MappingStartEvent):
        return None
    if events[0].flow_style:
        raise Malformed("its front matter is no block of keys", hint=_HINT)
    return _entries_of(events[1:-1])


def _entries_of(events: "list[Event]") -> list[_Entry]:
    """Return the entries of a block mapping from the events between its start and its end."""
    import yaml

    nodes: list[list[Event]] = [[]]
    depth = 0
    for event in events:
        nodes[-1].append(event)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth == 0:
            nodes.append([])
    return [_entry(key, value) for key, value in zip(nodes[:-1:2], nodes[1::2], strict=True)]


def _entry(key: "list[Event]", value: "list[Event]") -> _Entry:
    import yaml

    ends = [event.end_mark for event in value if isinstance(event, yaml.ScalarEvent)]
    # The end of a block collection lies where the next thing starts; that of a flow one does not.
    if isinstance(value[0], yaml.CollectionStartEvent) and value[0].flow_style:
        ends.append(value[-1].end_mark)
    last = max([*ends, key[-1].end_mark], key=lambda mark: mark.index)
    return _Entry(
        key=key[0].value if isinstance(key[0], yaml.ScalarEvent) else "",
        start=key[0].start_mark.line,
        end=last.line + (1 if last.column else 0),
        plain=len(value) <= 40 and not any(isinstance(one, yaml.AliasEvent) for one in value),
    )
