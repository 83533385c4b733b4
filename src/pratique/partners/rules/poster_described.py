"""What an event on a poster is called, where it is, and what else is said of it."""

import re
from collections.abc import Sequence

from pratique.partners.rules.poster_lines import PosterLine, has, pattern
from pratique.partners.rules.poster_marks import Mark
from pratique.partners.rules.poster_pieces import (
    Piece,
    clause,
    kind_of,
    notelike,
    placelike,
    quoted,
    speaker,
    title_weight,
)
from pratique.partners.rules.poster_slots import Slot, may_title
from pratique.text.dates import Language

_TRAIN = re.compile(
    r"(?<![A-Za-z])[A-Z]{1,3}\s?\d{1,5}(?![\d:A-Za-z])|\b(?:[Cc]oach|[Tt]rain|[Bb]us|[Ff]light|[Ff]erry)\s+\w*\d+\w*"
)
_ROUTE = {
    "en": re.compile(
        r"(?<![A-Za-z])((?:[A-Z][A-Za-z'’]+\s)*[A-Z][A-Za-z'’]+)\s*(?:\bto\b|→|->|=>|➔|–|—)\s*[A-Z][A-Za-z]+"
    ),
    "zh": re.compile(
        r"([\u3400-\u9fff]{2,7})\s*(?:—+|–|-+>?|→|➔|至|开往|開往|⇀)\s*(?!\d)[\u3400-\u9fff]{2,7}"
    ),
}
_SIGNED = re.compile(r"[–—-]\s*((?:Dr|Mr|Mrs|Ms|Prof)?\.?\s?[A-Z][\w'’]+(?:\s[A-Z][\w'’]+)?)\s*$")


def describe(
    slots: Sequence[Slot],
    lines: Sequence[PosterLine],
    found: Sequence[Mark],
    parts: Sequence[Piece],
    language: Language,
) -> None:
    """Give every slot its title, its place and its notes."""
    free = list(parts)
    for index, slot in enumerate(slots):
        own = _own(slot, index, slots, parts, language)
        _titled(slot, own, free, lines, language, alone=len(slots) == 1)
    placed: list[Piece] = []
    for index, slot in enumerate(slots):
        own = [part for part in _around(index, slots, parts) if part in free]
        placed += _placed(slot, own, free, lines, language)
    placed += [part for part in free if placelike(part, language) and not notelike(part, language)]
    _shared_place(slots, placed, language)
    used = {slot.place for slot in slots}
    for index, slot in enumerate(slots):
        near = _around(index, slots, free)
        left = [part for part in near if part in free and _place_text(part, language) not in used]
        marked = [mark for mark in found if mark.role in ("doors", "deadline")]
        slot.notes = _notes(slot, index, slots, left, marked, lines, language)


def _own(
    slot: Slot, index: int, slots: Sequence[Slot], parts: Sequence[Piece], language: Language
) -> list[Piece]:
    """Return the pieces among which the title is looked for."""
    if len(slots) == 1:
        return list(parts)
    until = (slots[index + 1].line, slots[index + 1].at) if index + 1 < len(slots) else (10**9, 0)
    last = max(slots[index - 1].lines) if index else -1
    here = [p for p in parts if p.line in slot.lines and (p.line, p.start) < until]
    if index and slots[index - 1].line == slot.line:
        here = [p for p in here if p.start > slots[index - 1].at]
    shared_line = index + 1 < len(slots) and slots[index + 1].line == slot.line
    if shared_line:
        here = [p for p in here if p.start < slots[index + 1].at]
    if any(may_title(part, language) for part in here):
        return here
    before = [part for part in parts if last < part.line < slot.line]
    return before or here


def _around(index: int, slots: Sequence[Slot], parts: Sequence[Piece]) -> list[Piece]:
    """Return the pieces from this slot to the next; with one slot, all of them."""
    if len(slots) == 1:
        return list(parts)
    begin = (
        slots[index].line,
        0 if not index or slots[index - 1].line != slots[index].line else slots[index].at,
    )
    following = slots[index + 1] if index + 1 < len(slots) else None
    until = (
        (10**9, 0)
        if following is None
        else (following.line, 0 if following.line != slots[index].line else following.at)
    )
    return [part for part in parts if begin <= (part.line, part.start) < until]


def _titled(
    slot: Slot,
    own: Sequence[Piece],
    free: list[Piece],
    lines: Sequence[PosterLine],
    language: Language,
    *,
    alone: bool,
) -> None:
    near = range(len(lines)) if alone else sorted(slot.lines)
    marked = next((quoted(lines[number]) for number in near if quoted(lines[number])), "")
    spoken = speaker(lines[slot.line])
    ranked = [
        (
            title_weight(part, place == 0, language) + (1.0 if part.line in slot.lines else 0.0),
            -place,
            part,
        )
        for place, part in enumerate(own)
        if part in free and not (spoken and part.text == spoken)
    ]
    signed = _SIGNED.search(lines[slot.line].written)
    if language == "en" and has(lines[slot.line].low, "chat", "en"):
        slot.title = _chat_title(own, free, signed[1] if signed else "")
        return
    if ranked:
        best = max(ranked, key=lambda each: each[:2])[2]
        slot.title = best.text
        free.remove(best)
    if marked and marked not in slot.title:
        slot.title = marked
    _numbered(slot, free, lines, language)
    if not slot.title:
        slot.title = next((line.written.strip() for line in lines if line.written.strip()), "")


def _chat_title(own: Sequence[Piece], free: list[Piece], signed: str) -> str:
    """Return what a message proposes: its own word for it, or a meeting."""
    said = ""
    for part in own:
        if has(part.low, "chat", "en"):
            left = re.sub(rf"^.*(?:{pattern('chat', 'en').pattern})", "", part.low).strip(" ?!.,")
            said = said or (part.text[-len(left) :] if left and kind_of(left, "en") else "")
        if part in free and (has(part.low, "chat", "en") or (signed and signed in part.text)):
            free.remove(part)
    return said or (f"Meeting with {signed}" if signed else "Meeting")


def _departure(lines: Sequence[PosterLine], language: Language) -> str:
    """Return where a journey begins, of `A to B` or `A → B`; empty where none is written."""
    if kind_of("\n".join(line.low for line in lines), language) != "travel":
        return ""
    for line in lines:
        match = _ROUTE[language].search(line.written)
        if match is not None:
            return match[1].strip()
    return ""


def _numbered(
    slot: Slot, free: list[Piece], lines: Sequence[PosterLine], language: Language
) -> None:
    """Put the number of a train or a flight into the title of the journey."""
    whole = "\n".join(line.low for line in lines)
    if kind_of(whole, language) != "travel" or _TRAIN.search(slot.title):
        return
    for number in sorted(slot.lines):
        match = _TRAIN.search(lines[number].written)
        if match is not None:
            slot.title = f"{slot.title} {match[0]}".strip()
            free[:] = [part for part in free if part.text != match[0]]
            return


def _shared_place(slots: Sequence[Slot], placed: Sequence[Piece], language: Language) -> None:
    """Give a place that stands on a line of no event to all events that have none."""
    same = len({slot.days for slot in slots}) == 1
    lines = {number for slot in slots for number in ((slot.line,) if same else slot.lines)}
    apart = [part for part in placed if part.line not in lines]
    for slot in slots:
        if slot.place is None and apart:
            slot.place = _place_text(apart[-1], language)


def _placed(
    slot: Slot,
    own: Sequence[Piece],
    free: list[Piece],
    lines: Sequence[PosterLine],
    language: Language,
) -> list[Piece]:
    """Choose the place: what a label names, what ends in a word for a place, what follows."""
    route = _departure(lines, language)
    if route:
        slot.place = route
        return []
    labelled = [part for part in own if part.label == "place"]
    like = [part for part in own if placelike(part, language) and not notelike(part, language)]
    behind = [
        part
        for part in own
        if not notelike(part, language)
        and part.label not in ("head", "to")
        and (part.line, part.start) > (slot.line, slot.at)
        and not has(part.low, "ticket", language)
        and not has(part.low, "unknown", language)
        and len(part.low) <= (45 if language == "en" else 16)
    ]
    like.sort(key=lambda part: (part.line, part.start) < (slot.line, slot.at))
    if any(speaker(line) and ":" in line.written for line in lines) and language == "zh":
        behind = []
    chosen = next(iter([*labelled, *like, *behind]), None)
    if chosen is None:
        return []
    slot.place = _place_text(chosen, language)
    free.remove(chosen)
    return [chosen]


def _place_text(part: Piece, language: Language) -> str:
    """Return the place without the word that leads to it, and only where a journey begins."""
    text = part.text.strip()
    if language == "en":
        text = re.sub(r"^(?:both |all )?(?:at|in)\s+", "", text, flags=re.I)
        text = re.sub(r"\s+x+$", "", text)
        arrow = re.split(r"\s*(?:→|->|=>|➔)\s*|\s+to\s+", text)
    else:
        text = re.sub(r"(?:等|见|集合|见面)$", "", text)
        arrow = re.split(r"\s*(?:→|->|=>|➔|——?|至|—|–)\s*", text)
    return (arrow[0] or text).strip() or text


def _notes(
    slot: Slot,
    index: int,
    slots: Sequence[Slot],
    left: Sequence[Piece],
    marked: Sequence[Mark],
    lines: Sequence[PosterLine],
    language: Language,
) -> list[str]:
    """Return what is said beside title, time and place, in the order of the picture."""
    first, last = index == 0, index + 1 == len(slots)
    said: list[tuple[int, int, str]] = []
    for part in left:
        if (
            has(part.low, "ticket", language)
            and len(part.low) < 14
            and not notelike(part, language)
        ):
            continue
        said.append(
            (part.line, part.start, clause(lines[part.line], part.start, part.end, language))
        )
    for mark in [*marked, *slot.extra]:
        here = mark.line in slot.lines or (first and mark.line < slot.line)
        if here or len(slots) == 1 or (last and mark.line > slot.line):
            said.append(
                (mark.line, mark.start, clause(lines[mark.line], mark.start, mark.end, language))
            )
    if slot.lost or slot.days is None:
        said += [(n, 0, lines[n].written.strip()) for n in sorted(slot.lines)]
    texts = [text for _, _, text in sorted(said) if text and text not in (slot.title, slot.place)]
    whole = list(dict.fromkeys(texts))
    return [text for text in whole if not any(text in other for other in whole if other != text)]
