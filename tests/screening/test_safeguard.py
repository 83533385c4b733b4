"""A judge of a whole text: cut into windows, put together, never taken for a pass."""

import asyncio

import pytest

from pratique.partners.safeguards import contract
from pratique.privacy import Sensitive
from pratique.screening.safeguard import Judge, Judgement, Role, judged

NONE = Sensitive("")


class RoteJudge:
    """Finds the word 坏 bad, and says nothing where 停 stands."""

    name = "rote/judge"
    languages: tuple[str, ...] = ()
    categories: tuple[str, ...] = ("fraud",)
    window = 10
    stride = 5

    async def check(
        self,
        text: Sensitive[str],
        role: Role,  # noqa: ARG002
        context: Sensitive[str],  # noqa: ARG002
        deadline: float,  # noqa: ARG002
    ) -> contract.Verdict:
        """Judge by rote."""
        assert len(text.reveal()) <= self.window
        if "断" in text.reveal():
            return contract.Verdict(status="rate_limited", model=self.name)
        if "停" in text.reveal():
            await asyncio.Event().wait()
        bad = "坏" in text.reveal()
        return contract.Verdict(
            level="unsafe" if bad else "safe",
            categories=("fraud",) if bad else (),
            score=0.9 if bad else 0.1,
            model=self.name,
            version="1",
        )


def judge(text: str, deadline: float = 5.0) -> Judgement:
    """Return what the judge says of all of *text*."""
    rote: Judge = RoteJudge()
    return asyncio.run(judged(rote, Sensitive(text), "input", NONE, deadline))


def test_one_bad_window_makes_the_whole_bad() -> None:
    """The worst level, all categories and the highest score are those of the text."""
    found = judge("前面没有问题。" * 4 + "这里坏了。" + "后面没有问题。" * 4)
    assert (found.level, found.categories, found.score) == ("unsafe", ("fraud",), 0.9)
    assert found.windows > 5


@pytest.mark.parametrize(("word", "status"), [("断", "rate_limited"), ("停", "timeout")])
def test_a_window_without_a_verdict_is_no_pass(word: str, status: str) -> None:
    """A text of which a part was not judged is not `safe`; what is bad elsewhere still counts."""
    found = judge(f"没有问题。这里{word}了。没有问题的。", deadline=0.05)
    assert (found.status, found.level) == (status, None)
    both = judge(f"这里坏了，坏得很。然后呢。这里{word}了。还有别的话。", deadline=0.05)
    assert (both.status, both.level) == (status, "unsafe")


def test_nothing_is_safe() -> None:
    """An empty text needs no judge."""
    assert judge("").level == "safe"
