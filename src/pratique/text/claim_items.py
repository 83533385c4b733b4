"""Whether a line melts two items of its source into one."""

from collections.abc import Iterable

from pratique.text.claim_read import Read

_AND = frozenset(["and", "&", "和", "与", "跟", "同", "及", "、"])
_JOINTS = frozenset([";", ",", "，", "；", "/", "|", "。", "as", "while", "but"]) | _AND
_SENTENCES = 3
"""Most sentences an item has on average; what has more is a text in paragraphs."""
SELF = frozenset(
    ["i", "i'm", "i'll", "i've", "i'd", "my", "me", "we", "our", "us", "我", "咱", "俺"]
)
"""Words by which people in a chat speak of themselves."""


def items_merged(said: list[Read], claimed: list[Read]) -> bool:
    """Say whether one clause of *claimed* tells of whom one item names what only another says.

    In a chat it must be what somebody else said of themselves.
    """
    items = len({read.sentence.item for read in said})
    if items == 1 or len(said) > _SENTENCES * items or _one_matter(said):
        return False
    homes: dict[str, set[int]] = {}
    selves: set[int] = set()
    speakers: set[str] = set()
    chat = False
    for read in said:
        item = read.sentence.item
        if ":" in read.tokens or "：" in read.tokens:
            colon = next(at for at, word in enumerate(read.tokens) if word in ":：")
            speakers.update(word for at, word in read.asked if at < colon)
            if not read.sentence.asks:
                selves.add(item)
        chat = chat or not SELF.isdisjoint(read.tokens)
        for _, word in _placed(read, read.asked, 0, len(read.tokens)):
            homes.setdefault(word, set()).add(item)
    return any(
        _mixed(read, start, end, homes, selves if chat else None)
        and (not chat or any(word in speakers for _, word in _claimed(read, start, end)))
        for read in claimed
        for start, end in _clauses(read)
    )


def _one_matter(said: list[Read]) -> bool:
    """Say whether every item names somebody, behind its title, whom the first names too."""
    names: dict[int, list[str]] = {}
    for read in said:
        if not read.english or ":" in read.tokens:
            return False
        named = [word for at, word in read.words.items() if read.sentence.written[at][0].isupper()]
        names.setdefault(read.sentence.item, []).extend(named)
    first, *others = names.values()
    return bool(others) and all(_shared(first, other) for other in others)


def _shared(first: list[str], other: list[str]) -> bool:
    start = 0
    while start < min(len(first), len(other)) and first[start] == other[start]:
        start += 1
    return not set(first[start:]).isdisjoint(other[start:])


def _mixed(
    read: Read, start: int, end: int, homes: dict[str, set[int]], selves: set[int] | None
) -> bool:
    """Say whether the clause has a subject of one item only, and says of it what only another does."""
    found = [(at, homes[word]) for at, word in _claimed(read, start, end) if word in homes]
    if not found:
        return False
    subject_end = _subject_end(read, [at for at, _ in found])
    subjects = [home for at, home in found if at <= subject_end and len(home) == 1]
    told = [home for at, home in found if at > subject_end]
    if not subjects or not told or not all(len(home) == 1 for home in told):
        return False
    where = set.union(*told)
    if selves is not None and not where <= selves:
        return False
    if any(not where >= home for home in subjects):
        return True
    everybody: set[int] = set().union(*subjects)
    return selves is None and any(not home & everybody for home in told)


def _subject_end(read: Read, places: list[int]) -> int:
    """Return the last of *places* that belongs to the subject: all that `and` joins, and names."""
    end = places[0]
    for at in places[1:]:
        joined = any(one in _AND for one in read.tokens[end + 1 : at])
        close = at - end == 1 and (not read.english or read.sentence.named(at))
        if not (joined or close):
            break
        end = at
    return end


def _claimed(read: Read, start: int, end: int) -> list[tuple[int, str]]:
    return sorted(_placed(read, read.words.items(), start, end))


def _placed(
    read: Read, words: Iterable[tuple[int, str]], start: int, end: int
) -> list[tuple[int, str]]:
    """Return what tells items apart between *start* and *end*: *words*, names, numbers, events."""
    found = [(at, word) for at, word in words if start <= at < end]
    for mention in read.mentions:
        if start <= mention.start < end:
            found += [
                (mention.start, f"={n}")
                for n, how in mention.events[:1]
                if how not in ("noun", "hint")
            ]
    found += [(at, w) for at, w in enumerate(read.tokens[start:end], start) if w[0].isdigit()]
    return found


def _clauses(read: Read) -> list[tuple[int, int]]:
    found, start = [], 0
    claims = [mention.start for mention in read.mentions]
    for at, word in enumerate(read.tokens):
        if word not in _JOINTS:
            continue
        if word not in _AND or any(start <= one < at for one in claims):
            found.append((start, at))
            start = at + 1
    return [*found, (start, len(read.tokens))]
