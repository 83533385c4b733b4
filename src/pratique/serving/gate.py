"""The gate of one streamed answer: keywords first, then judges; what both let through is shown."""

import asyncio

from pratique.screening.stream import Stream
from pratique.serving.guard import Guard
from pratique.serving.judges import Beside
from pratique.serving.screened import categories_of, rules_of
from pratique.serving.variant import Variant


class Gate:
    """Takes the text of an answer as it comes and gives back what may be shown."""

    def __init__(self, variant: Variant, guard: Guard, context: str) -> None:
        self._words = Stream(guard.screen, "output", feature=variant.feature, locale=variant.locale)
        self.judges = tuple(
            Beside(one, variant.screening, context, guard.seconds) for one in guard.safeguards
        )
        """Who judges beside it."""
        self._passed = ""
        self._shown = 0

    @property
    def over(self) -> bool:
        """Whether the answer ends here: close the upstream, show the stock answer."""
        if self._words.ended is not None:
            return True
        return bool(self.judges) and any(one.over for one in self.judges)

    @property
    def retract(self) -> bool:
        """Whether what was shown has to go."""
        return self._words.retract or any(one.retract for one in self.judges)

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the rules that found something so far."""
        judged = (rule for one in self.judges for rule in one.ruling.rules)
        return tuple(dict.fromkeys((*rules_of(self._words.hits), *judged)))

    @property
    def categories(self) -> tuple[str, ...]:
        """What it is about, where it is over."""
        judged = (each for one in self.judges if one.over for each in one.ruling.categories)
        return tuple(dict.fromkeys((*categories_of(self._words.hits), *judged)))

    def feed(self, text: str) -> str:
        """Take *text* and return what may be shown now."""
        if not text:
            return ""
        shown = self._words.feed(text)
        return self._pass(shown) if self.judges else shown

    def heard(self) -> str:
        """Take the verdicts that are in and return what may be shown now."""
        for one in self.judges:
            one.hear()
        return self._due()

    async def finish(self) -> str:
        """Say that the answer has ended well, wait for the judges, and return the rest of it."""
        shown = self._pass(self._words.finish())
        for one in self.judges:
            one.close()
        for one in self.judges:
            while not self.over and (task := one.waiting) is not None:
                await asyncio.wait((task,))
                one.hear()
        return shown + self._due()

    def close(self) -> None:
        """Give up: nothing more is shown."""
        for one in self.judges:
            one.cancel()

    def _pass(self, text: str) -> str:
        """Return what may be shown of all that the keywords let through, *text* last."""
        if not self.judges:
            return text
        if text:
            self._passed += text
            for one in self.judges:
                one.feed(text)
        return self._due()

    def _due(self) -> str:
        if not self.judges or self.retract:
            return ""
        limit = min(one.released for one in self.judges)
        due = self._passed[: max(limit - self._shown, 0)]
        self._passed = self._passed[len(due) :]
        self._shown += len(due)
        return due
