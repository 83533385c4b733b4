"""Judges in the role `safeguard`: of a whole text, and beside a stream."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from pratique.privacy import Sensitive
from pratique.screening.modes import Course, counts
from pratique.screening.policy import ScreeningPolicy
from pratique.screening.safeguard import Judge, Judgement, Role, judged
from pratique.screening.windows import Debounce, Window, Windows


@dataclass(frozen=True, slots=True)
class Ruling:
    """What all judges together say of a text."""

    blocked: bool = False
    """Whether it stops here."""
    rules: tuple[str, ...] = ()
    """`judge:category` of what was found and `judge:timeout` where none was, each once."""
    categories: tuple[str, ...] = ()
    """What it is about, where it is blocked for what was found."""


async def ruled(
    judges: Sequence[Judge],
    policy: ScreeningPolicy,
    text: str,
    role: Role,
    context: str,
    seconds: float,
) -> Ruling:
    """Return what *judges* say of the whole *text*, which answers to *context*."""
    if not judges or not text:
        return Ruling()
    found = await asyncio.gather(
        *(judged(one, Sensitive(text), role, Sensitive(context), seconds) for one in judges)
    )
    return _together([_ruling(one, policy, each) for one, each in zip(judges, found, strict=True)])


def _ruling(judge: Judge, policy: ScreeningPolicy, found: Judgement) -> Ruling:
    if found.level is None:
        closed = any(one.on_timeout == "closed" for one in policy.of(judge.categories))
        return Ruling(closed, (f"{judge.name}:{found.status}",))
    if found.level == "safe":
        return Ruling()
    rules = tuple(f"{judge.name}:{one}" for one in found.categories or ("any",))
    if counts(policy.modes, policy.otherwise, found.level, found.categories):
        return Ruling(True, rules, found.categories)
    return Ruling(False, rules)


def _together(rulings: Sequence[Ruling]) -> Ruling:
    return Ruling(
        blocked=any(one.blocked for one in rulings),
        rules=tuple(dict.fromkeys(rule for one in rulings for rule in one.rules)),
        categories=tuple(dict.fromkeys(each for one in rulings for each in one.categories)),
    )


class Beside:
    """One judge beside one stream: asked window by window, heard in the order of the windows."""

    def __init__(self, judge: Judge, policy: ScreeningPolicy, context: str, seconds: float) -> None:
        self._judge = judge
        self._policy = policy
        self._context = context
        self._seconds = seconds
        self._windows = Windows(judge.window, min(judge.stride, judge.window))
        self._course = Course(policy.of(judge.categories))
        self._debounce = Debounce()
        self._asked: list[tuple[Window, asyncio.Task[Judgement]]] = []
        self._doubtful: list[Window] = []
        self._rulings: list[Ruling] = []
        self.retract = False
        """Whether text that was shown has to go."""

    @property
    def released(self) -> int:
        """Text may be shown up to here."""
        return self._course.released

    @property
    def over(self) -> bool:
        """Whether the stream ends here."""
        return self._course.over

    @property
    def ruling(self) -> Ruling:
        """What was found so far."""
        return _together([*self._rulings, Ruling(blocked=self.over)])

    @property
    def waiting(self) -> asyncio.Task[Judgement] | None:
        """The verdict that is waited for next; None where there is none."""
        return self._asked[0][1] if self._asked else None

    def feed(self, text: str) -> None:
        """Take *text*, which every other check lets through."""
        self._course.arrived(len(text))
        for window, part in self._windows.feed(text):
            self._ask(window, part)

    def close(self) -> None:
        """Say that the text has ended."""
        for window, part in self._windows.close():
            self._ask(window, part)

    def hear(self) -> None:
        """Take every verdict that is in, in order."""
        while self._asked and self._asked[0][1].done() and not self.over:
            window, task = self._asked.pop(0)
            self._heard(window, task.result())

    def cancel(self) -> None:
        """Give up what was asked."""
        for _, task in self._asked:
            task.cancel()
        self._asked.clear()

    def _ask(self, window: Window, part: str) -> None:
        asking = judged(
            self._judge, Sensitive(part), "output", Sensitive(self._context), self._seconds
        )
        self._asked.append((window, asyncio.ensure_future(asking)))

    def _heard(self, window: Window, found: Judgement) -> None:
        one = _ruling(self._judge, self._policy, found)
        self._rulings.append(Ruling(False, one.rules, one.categories))
        # One doubtful window alone is chance: what it held goes with what comes after it.
        fresh = self._doubtful[0].fresh if self._doubtful else window.fresh
        if found.level is None:
            step = self._course.silent(fresh, window.end)
        else:
            call = self._debounce.feed(one.blocked, last=window.last)
            if call == "wait":
                self._doubtful.append(window)
                return
            step = self._course.hit() if call == "hit" else self._course.clean(fresh, window.end)
        self._doubtful.clear()
        self.retract = self.retract or step.retract
