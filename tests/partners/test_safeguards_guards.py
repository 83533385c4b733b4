"""Guard models: their answers are read as they were specified, and nothing else is a pass."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.partners.contract import Reply
from pratique.partners.safeguards.contract import Role, Verdict
from pratique.partners.safeguards.guards import GuardModel
from pratique.partners.safeguards.llamaguard import LlamaGuard
from pratique.partners.safeguards.qwen3guard import Qwen3Guard
from pratique.privacy import Sensitive
from tests.conftest import RoteModel

NONE = Sensitive("")


def said(
    kind: type[GuardModel], answer: str | Reply, role: Role = "input"
) -> tuple[Verdict, RoteModel]:
    """Return the verdict when the model says *answer*, and the model."""
    model = RoteModel("local/guard", lambda _: answer)
    judge = kind(model, "sha256:1")
    return asyncio.run(judge.check(Sensitive("好"), role, Sensitive("问"), 5.0)), model


QWEN = [
    ("Safety: Safe\nCategories: None", "safe", ()),
    ("Safety: Unsafe\nCategories: Violent", "unsafe", ("violence",)),
    ("Safety: Controversial\nCategories: Unethical Acts", "controversial", ("abuse",)),
    ("Safety: Unsafe\nCategories: PII, Violent\nRefusal: No", "unsafe", ("privacy", "violence")),
    ("Safety: Unsafe\nCategories: Suicide & Self-Harm", "unsafe", ("self_harm",)),
    ("Safety: Unsafe\nCategories: Something New", "unsafe", ("other",)),
    ("Safety: Unsafe", "unsafe", ("other",)),
    ("Safety: Safe\nCategories: None\nRefusal: Yes", "safe", ()),
]
LLAMA = [
    ("\n\nsafe", "safe", ()),
    ("\n\nunsafe\nS1", "unsafe", ("violence",)),
    ("unsafe\nS2,S11", "unsafe", ("illegal_goods", "self_harm")),
    ("unsafe", "unsafe", ("other",)),
    ("unsafe\nS99", "unsafe", ("other",)),
]
CASES = [(Qwen3Guard, *one) for one in QWEN] + [(LlamaGuard, *one) for one in LLAMA]


@pytest.mark.parametrize(("kind", "answer", "level", "categories"), CASES)
def test_an_answer_is_read(
    kind: type[GuardModel], answer: str, level: str, categories: tuple[str, ...]
) -> None:
    """Level and categories are those of the answer; an unknown category still counts."""
    found, _ = said(kind, answer)
    assert (found.status, found.level, found.categories) == ("ok", level, categories)
    assert (found.model, found.version) == ("local/guard", "sha256:1")


@pytest.mark.parametrize("kind", [Qwen3Guard, LlamaGuard])
@pytest.mark.parametrize("answer", ["", "I think that is fine.", "Safety: Perhaps", "safely"])
def test_what_cannot_be_read_is_no_pass(kind: type[GuardModel], answer: str) -> None:
    """A model that answers instead of judging has judged nothing."""
    found, _ = said(kind, answer)
    assert (found.status, found.level, found.code) == ("unavailable", None, "unreadable")


@pytest.mark.parametrize("kind", [Qwen3Guard, LlamaGuard])
@given(st.text(max_size=60))
def test_no_answer_breaks_the_reader(kind: type[GuardModel], answer: str) -> None:
    """Whatever a model writes comes to a verdict or to none, and a level goes with `ok` alone."""
    found, _ = said(kind, answer)
    assert (found.status == "ok") == (found.level is not None)


def test_a_failed_call_is_no_verdict() -> None:
    """The status of the call is that of the verdict."""
    found, _ = said(Qwen3Guard, Reply(status="overloaded", retry_after=3.0))
    assert (found.status, found.level, found.retry_after) == ("overloaded", None, 3.0)


def test_an_answer_is_judged_after_its_question() -> None:
    """The model sees the conversation that it was trained on: who speaks decides the role."""
    for role, roles in (("input", ["user"]), ("output", ["user", "assistant"])):
        _, model = said(Qwen3Guard, "Safety: Safe", role)  # type: ignore[arg-type]
        assert [one.role for one in model.calls[0].turns] == roles
        assert model.calls[0].turns[-1].content.reveal() == "好"
