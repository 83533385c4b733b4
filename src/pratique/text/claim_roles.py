"""Who did it: whether a line gives a deed to another than its source does."""

from pratique.text.claim_read import Read
from pratique.text.claim_words import THEFT, Vocabulary

Names = set[str]
Deed = tuple[str, Names, Names]
"""A verb, who does it, and to whom."""

_STOPS = frozenset("，：:—")
_CONVERSE = {"lost_match": "won"}
"""Who loses to somebody is beaten by them."""
_REACH = 12
"""Most words on each side of a verb that are looked at."""
_AT = frozenset(["in", "at", "near", "of", "from", "on"])
_SUFFER = frozenset("被遭由")
_OBJECT = frozenset("把对向给将")


def swapped(said: list[Read], told: list[Deed], words: Vocabulary) -> bool:
    """Say whether a line that tells of the deeds *told* turns round who did it to whom."""
    if not told:
        return False
    doers: dict[str, Names] = {}
    others: dict[str, Names] = {}
    for read in said:
        if "己" not in read.tokens:  # `buy itself` has no other
            for verb, left, right in deeds(read, words):
                doers.setdefault(verb, set()).update(left)
                others.setdefault(verb, set()).update(right)
    known = {word for read in said for _, word in read.asked}
    return any(
        _turned(verb, left & known, right, doers[verb], others[verb])
        for verb, left, right in told
        if verb in doers
    )


def _turned(verb: str, left: Names, right: Names, doers: Names, others: Names) -> bool:
    first, second = doers - others, others - doers
    right = right & (doers | others)
    if left & first:
        return False
    if not left:
        return verb == "won" and bool(right & first) and not right & second
    return bool(right & first) or (verb == "won" and bool(left & second))


def deeds(read: Read, words: Vocabulary) -> list[Deed]:
    """Return each verb with direction, the losing told as a winning: who does it, and to whom."""
    sides = _parties(read)
    if sides:
        return [("sued", *sides)]
    found = []
    for verb, start, end in _verbs(read, words):
        left, right, suffers = _sides(read, start, end)
        if verb in _CONVERSE:
            verb = _CONVERSE[verb]
            left, right = (left, right) if suffers else (right, left)
        found.append((verb, left, right))
    return found


def _parties(read: Read) -> tuple[Names, Names] | None:
    """Return plaintiff and defendant where the sentence calls them so."""
    if read.english or "原" not in read.tokens:
        return None
    text = read.sentence.text
    places = text.find("原告"), text.find("被告")
    if min(places) < 0:
        return None
    first, second = (_run(read, at + 2, len(read.tokens)) for at in places)
    return first, second


def _sides(read: Read, start: int, end: int) -> tuple[Names, Names, bool]:
    """Return who did it, to whom, and whether the verb is passive without a doer's name."""
    tokens = read.tokens
    low, high = start, end
    while low > 0 and start - low < _REACH and tokens[low - 1] not in _STOPS:
        low -= 1
    while high < len(tokens) and high - end < _REACH and tokens[high] not in _STOPS:
        high += 1
    if read.english:
        return (*_english(read, low, start, end, high), False)
    suffers = tokens[start] in _SUFFER or (start > 0 and tokens[start - 1] in _SUFFER)
    return (*_chinese(read, low, start, end, high), suffers)


def _english(read: Read, low: int, start: int, end: int, high: int) -> tuple[Names, Names]:
    """Return who did it and to whom, by order, `by` and `for`."""
    tokens = read.tokens
    before, behind = people(read, low, start), people(read, end, high)
    if "by" in tokens[end - 1 : end + 4]:
        by = tokens.index("by", end - 1)
        agents = people(read, by + 1, min(len(tokens), by + _REACH))
        return agents, (before | behind) - agents
    if "for" in tokens[end - 1 : end + 1] and not before:
        return behind, set()
    if not behind and tokens[start].endswith(("ued", "bought", "sold")):
        return set(), before
    return before, behind


def people(read: Read, low: int, high: int) -> Names:
    """Return the names between *low* and *high*, not those of places; all words if there is none."""
    shared = [(at, read.words[at]) for at in range(low, high) if at in read.words]
    names: Names = set()
    skipping = False
    for at, word in shared:
        if not read.sentence.named(at):
            skipping = False
            continue
        follows = at - 1 >= low and read.sentence.named(at - 1)
        skipping = skipping if follows else at > 0 and read.tokens[at - 1] in _AT
        if not skipping:
            names.add(word)
    return names or {word for at, word in shared if not read.sentence.named(at)}


def _chinese(read: Read, low: int, start: int, end: int, high: int) -> tuple[Names, Names]:
    """Return who did it and to whom, by order, 被 and 把."""
    tokens = read.tokens
    for mark in range(start, low - 1, -1):
        if tokens[mark] in _SUFFER:
            return _run(read, mark + 1, start), _run(read, low, mark)
        if tokens[mark] in _OBJECT and mark > low:
            patients = _run(read, mark + 1, start)
            if patients:
                return _run(read, low, mark), patients
    return _run(read, low, start), _run(read, end, high)


def _run(read: Read, low: int, high: int) -> Names:
    """Return the first pairs of characters that stand together between *low* and *high*."""
    found: Names = set()
    last = -1
    for at in range(low, high - 1):
        if at in read.words:
            if found and at > last + 1:
                break
            found.add(read.words[at])
            last = at
    return found


def _verbs(read: Read, words: Vocabulary) -> list[tuple[str, int, int]]:
    found = [
        (name, mention.start, mention.end)
        for mention in read.mentions
        for name, strength in mention.events
        if name in words.directed and strength != "hint"
    ]
    if read.english:
        for at, word in enumerate(read.tokens):
            if word in words.verbs:
                found.append((words.verbs[word], at, at + 1))
        return found
    known = words.standing_verbs
    first: dict[int, tuple[int, int]] = {}
    for start, end, number in known.find(read.sentence.text):
        first.setdefault(number, (start, end))
    return found + [(words.verbs[known.words[number]], *place) for number, place in first.items()]


_HOME = frozenset(["home", "house", "flat", "from", "shop", "studio", "garage"])
_HOMES = "家宅店"
_SUSPECTED = frozenset(
    ["suspected", "suspect", "arrested", "wanted", "charged", "accused", "jailed"]
)
_HUNTED = ("涉嫌", "追捕", "通缉", "嫌犯", "被捕")


def victim_blamed(said: list[Read], claimed: list[Read]) -> bool:
    """Say whether *claimed* makes a thief of the one who was robbed."""
    victims: Names = set()
    for read in [one for one in said for each in one.mentions if _theft(each.events)]:
        victims |= _robbed(read)
    return bool(victims) and any(_blames(read, victims) for read in claimed)


def _theft(events: tuple[tuple[str, str], ...]) -> bool:
    return THEFT in [name for name, _ in events]


def _robbed(read: Read) -> Names:
    """Return the names that stand beside a home, a shop or masked men."""
    words = read.tokens
    if read.english:
        return {
            word
            for at, word in read.words.items()
            if read.sentence.named(at)
            and not _HOME.isdisjoint(words[max(0, at - 4) : at] + words[at + 1 : at + 4])
        }
    text = read.sentence.text
    found: Names = set()
    for home in (*_HOMES, "被两名", "被蒙面"):
        at = text.find(home)
        if at > 0:
            start = max(0, at - _REACH, text.rfind("，", 0, at) + 1)
            found |= {word for where, word in read.words.items() if start <= where < at}
    return {one for one in found if one not in ("窃贼", "劫匪") and "家" not in one}


def _blames(read: Read, victims: Names) -> bool:
    words = read.tokens
    named = victims.intersection(read.words.values())
    if not named:
        return False
    text = "".join(words)
    for mention in read.mentions:
        if not _theft(mention.events):
            continue
        doer = people(read, 0, mention.start) if read.english else _run(read, 0, mention.start)
        if doer & victims and _active(words, mention.start, mention.end, english=read.english):
            return True
    if not read.english:
        return any(one in text for one in _HUNTED)
    first = {word for at, word in read.words.items() if at < 3} & victims
    return (bool(first) and not _SUSPECTED.isdisjoint(words)) or "look for" in " ".join(words)


def _active(words: list[str], start: int, end: int, *, english: bool) -> bool:
    """Say whether the theft at *start* is told of the one who did it."""
    if english:
        return words[start] in ("stole", "steals", "robs", "robbed") and "by" not in words
    return _SUFFER.isdisjoint(words[max(0, start - 2) : end]) and words[end - 1] != "窃"
