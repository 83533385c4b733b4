"""Screening a stream: nothing of a hit is shown, and nothing else is held back.

What is held begins where the text so far may still become a hit: at the longest end of its key
that begins some key. Every hit that starts before is known by then, every hit that starts later is
held whole; so allow phrases, longer phrases and word borders need no rule of their own.
"""

from pratique.errors import NotAllowed
from pratique.screening.entries import Side
from pratique.screening.fold import Unit, collapsed, is_dropped, key_of, units_of
from pratique.screening.fold_table import fold_table
from pratique.screening.patterns import LONGEST, may_begin, open_from
from pratique.screening.phrases import DROPPED, GAP, RUN, parted
from pratique.screening.resolving import Context, Find, Resolver
from pratique.screening.screen import Screen, judged
from pratique.screening.verdict import Hit, ends, masked
from pratique.text.growing import Growing

_LEFT = max(DROPPED, LONGEST) + 4
"""Characters kept of what was shown: for the word border, and for a number that goes on."""


class Stream:
    """The gate of one choice of one answer. It keeps the screen that it began with."""

    __slots__ = (
        "_at",
        "_closed",
        "_end",
        "_finished",
        "_hits",
        "_key",
        "_left",
        "_live",
        "_match",
        "_patterns",
        "_pieces",
        "_place",
        "_resolver",
        "_screen",
        "_shortest",
        "_tail",
        "_weak",
    )

    def __init__(
        self, screen: Screen, side: Side = "output", *, feature: str = "", locale: str = ""
    ) -> None:
        self._screen = screen
        self._resolver = Resolver(Context(side, feature, locale))
        self._live = screen.live
        self._shortest = screen.shortest
        self._patterns = screen.patterns
        self._weak = screen.signals
        self._match = screen.hard.matcher.find
        self._key = fold_table().key
        self._tail = ""
        self._at: str | None = ""
        self._left = ""
        self._place = 0
        self._pieces = Growing()
        self._hits: list[Hit] = []
        self._end: Hit | None = None
        self._closed = False
        self._finished = False

    @property
    def ended(self) -> Hit | None:
        """The hit that ended the stream: close the upstream, show the stock answer."""
        return self._end

    @property
    def retract(self) -> bool:
        """Whether what was shown has to go."""
        return self._end is not None and self._end.action == "replace"

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Hits so far, places counted from the start of the stream; weak ones after `finish`."""
        return tuple(self._hits)

    @property
    def held(self) -> int:
        """Characters that are held back now."""
        return len(self._tail)

    def feed(self, chunk: str) -> str:
        """Take *chunk* and return what may be shown now.

        After a hit that ends the stream nothing is ever returned.
        """
        if self._closed:
            return self._late()
        if self._at is not None:
            shown = self._quick(chunk, self._at)
            if shown is not None:
                return shown
        shown = self._slow(chunk)
        self._at = self._state()
        return shown

    def _quick(self, chunk: str, end: str) -> str | None:
        """Return what may be shown of an ordinary chunk; None where there is more to look at.

        *end* is the tail's key, which begins some key; one look-up a character carries it on, as
        the automaton would. Noise among what is held, a repetition of it or a whole key is for
        `_slow`.
        """
        live, last, repeated = self._live, end[-1:], False
        for one in chunk.translate(self._key):
            if one == last:
                repeated = True
                continue
            last = one
            if end:
                end += one
                while end not in live:
                    end = end[1:]
            elif one in live:
                end = one
            else:
                continue
            if len(end) >= self._shortest and self._screen.completes(end):
                return None
        text = self._tail + chunk
        hold = len(text)
        if end and not repeated and text.endswith(end):
            hold -= len(end)
        elif end:
            hold = self._plain_end(text, end, repeated)
        if hold < 0 or (self._patterns and may_begin(text)):
            return None
        self._tail, self._at = text[hold:], end
        return self._show(text[:hold]) if hold else ""

    def _plain_end(self, text: str, end: str, repeated: bool) -> int:
        """Return where the last of *text* begins whose key is *end*; -1 where that is not plain."""
        start = len(text) - len(end)
        if text.endswith(end) or text[start:].translate(self._key) == end:
            if repeated and start:
                before = text[start - 1].translate(self._key)
                return -1 if before in ("", end[0]) or before[-1] == end[0] else start
            return start
        at = text.rfind(end)
        after = text[at + len(end) :]
        if repeated or len(after) > GAP or after.translate(self._key):
            return -1
        return at

    def _state(self) -> str | None:
        """Return the tail's key where it begins some key, holds none and repeats nothing."""
        if not self._tail:
            return ""
        key = self._tail.translate(self._key)
        return key if key in self._live and not self._match(key) else None

    def _slow(self, chunk: str) -> str:
        text = self._tail + chunk
        key = text.translate(self._key)
        once = len(set(key)) == len(key)
        if not once:
            bare = collapsed(key)
            once = len(bare) == len(key)
            key = bare
        hold = len(text)
        for n in range(len(key), 0, -1):
            end = key[-n:]
            if end in self._live:
                # What ends as its key ends, but for a little noise, has none there and repeats nothing.
                bare = text if text.endswith(end) else self._bare(text)
                sound = once and bare.endswith(end)
                hold = len(bare) - n if sound else self._hold(text, key, n)
                break
        if self._patterns:
            return self._settle(text, key, min(hold, self._open(text)))
        if self._match(key):
            return self._settle(text, key, hold)
        return self._release(text, hold)

    def finish(self) -> str:
        """Say that the stream has ended, and return what may still be shown.

        A cancelled or broken stream is not finished: what it holds is never shown.
        """
        if self._closed:
            return self._late()
        self._closed = self._finished = True
        text, shown = self._tail, ""
        if text:
            shown = self._settle(text, collapsed(text.translate(self._key)), len(text) + 1)
        if self._end is None:
            self._note_weak()
        return shown

    def _late(self) -> str:
        """Return nothing after a hit; refuse after the end."""
        if self._finished:
            raise NotAllowed("this stream has already been finished", hint="open one an answer")
        return ""

    def _bare(self, text: str) -> str:
        """Return *text* without the noise at its end, as far as any phrase may hold that much."""
        end = len(text)
        while end and len(text) - end < GAP and not text[end - 1].translate(self._key):
            end -= 1
        return text[:end]

    def _hold(self, text: str, key: str, longest: int) -> int:
        """Return the place in *text* from which it may still become a hit.

        *longest* is the length of the longest end of its *key* that begins a phrase's key.
        """
        units, gap, dropped = units_of(text)
        cap = self._screen.gap
        longest_run = RUN + self._screen.hard.longest_text
        if len(gap) > cap or dropped > DROPPED:
            return len(text)
        runs: list[tuple[int, int]] = []
        for n, unit in enumerate(units):
            if n and unit.key == units[n - 1].key:
                runs[-1] = (runs[-1][0], n + 1)
            else:
                runs.append((n, n + 1))
        for n in range(longest, 0, -1):
            if key[-n:] not in self._live:
                continue
            first, end = runs[-n]
            later = range(end, len(units))
            dead = any(len(units[u].gap) > cap or units[u].dropped > DROPPED for u in later)
            if not dead and all(e - s <= longest_run for s, e in runs[len(runs) - n + 1 :]):
                return units[self._block(units, first, end)].place
        return len(text)

    def _block(self, units: list[Unit], first: int, end: int) -> int:
        """Return from which unit a repetition that may begin a hit is held.

        All of it, unless it is longer than any phrase can take: then whole blocks go, as
        `phrases` counts them.
        """
        latest = end - RUN - self._screen.hard.longest_text
        held, count = first, 0
        for n in range(first + 1, latest + 1):
            count = 0 if parted(units[n]) else count + 1
            if count % RUN == 0:
                held = n
        return held

    def _open(self, text: str) -> int:
        """Return where a pattern may be open, counted in *text*."""
        open_at = open_from(self._left + text, self._patterns) - len(self._left)
        if not 0 < open_at < len(text):
            return len(text) if open_at < 0 else open_at
        # A repetition that a number or an address takes part in is never cut in two.
        key = key_of(text[open_at])
        while open_at and key_of(text[open_at - 1]) in ("", key):
            if not key_of(text[open_at - 1]) and not is_dropped(text[open_at - 1]):
                break
            open_at -= 1
        return open_at

    def _settle(self, text: str, key: str, hold: int) -> str:
        """Judge what was found before *hold*, and return what may be shown."""
        finds = [find for find in self._finds(text, key) if find.start < hold]
        offset = self._place
        moved = [find._replace(start=find.start + offset, end=find.end + offset) for find in finds]
        for hit in self._resolver.hits(moved) if moved else []:
            self._hits.append(hit)
            if ends(hit):
                self._end = hit
                self._closed = True
                return self._cut(text, max(hit.anchor - offset, 0))
        return self._release(text, min(hold, len(text)))

    def _finds(self, text: str, key: str) -> list[Find]:
        found = self._match(key)
        finds: list[Find] = []
        before = len(self._left)
        whole = self._left + text
        if found:
            places = self._places(text, before)
            finds += judged(self._screen.hard, whole, found, places)
        if self._patterns:
            finds += self._screen.pattern_finds(whole, before)
        return [find._replace(start=find.start - before, end=find.end - before) for find in finds]

    def _places(self, text: str, before: int) -> list[int]:
        """Return where each run of the key begins, and the end."""
        places: list[int] = []
        previous = ""
        for unit in units_of(text).items:
            if unit.key != previous:
                places.append(unit.place + before)
            previous = unit.key
        return [*places, len(text) + before]

    def _release(self, text: str, hold: int) -> str:
        """Show *text* up to *hold* and keep the rest."""
        shown = text[:hold]
        self._tail = text[hold:]
        return self._show(shown) if shown else ""

    def _show(self, shown: str) -> str:
        """Take note of what is shown, and return it masked."""
        if self._weak:
            self._pieces.append(shown)
        place = self._place
        self._place = place + len(shown)
        left = self._left + shown
        self._left = left if len(left) < 4 * _LEFT else left[-_LEFT:]
        return masked(shown, place, self._hits) if self._hits else shown

    def _cut(self, text: str, at: int) -> str:
        """End the stream before *at*; what is held is never shown."""
        shown = self._release(text, at)
        self._tail = ""
        self._note_weak()
        return "" if self.retract else shown

    def _note_weak(self) -> None:
        """Add the signals in all that was shown: they hold nothing back, so they come last."""
        if self._weak:
            finds = list(self._screen.weak_finds(self._pieces.whole()))
            self._hits += Resolver(self._resolver.context).hits(finds)
