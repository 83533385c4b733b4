"""One request through one variant: what is asked, mended once, and given up."""

import asyncio
from collections.abc import Mapping

import msgspec
import pytest

from pratique.assessment.candidates import offer
from pratique.features.packs import find_packs, packaged, read_pack
from pratique.features.prompts import rendered_repair
from pratique.partners.contract import Reply
from pratique.privacy import Sensitive
from pratique.serving.answer import Answer, answer
from pratique.serving.guard import starter_guard
from pratique.serving.variant import Variant, digest_of
from pratique.workspace.opened import Opened
from tests.conftest import RoteModel

SOURCE = "The water will be off on Friday from 9 am to noon. Please fill a bucket."
REQUEST: Mapping[str, object] = {"text": SOURCE, "kind": "article", "length": "short"}
GOOD = "The water is off on Friday from 9 am to noon."
BAD = "The water is off on Friday from 8 am to noon."


@pytest.fixture
def variant(opened: Opened) -> Variant:
    """Summaries in English, with a way to ask again."""
    found = offer(opened.workspace, "CN").variant("summarize", "en", "embedded/smollm2-135m")
    mended = msgspec.structs.replace(
        found.prompt, repair="Not accepted: {{ reasons | join('; ') }}. Answer again."
    )
    return msgspec.structs.replace(found, prompt=mended)


def answered(variant: Variant, *texts: str | Reply) -> tuple[Answer, RoteModel]:
    """Return what *variant* answers when its model says *texts* one after another."""
    left = list(texts)
    model = RoteModel(variant.candidate, lambda _: left.pop(0))
    found = answer(
        variant, Sensitive(REQUEST), model, content_id="c-1", deadline=5.0, guard=starter_guard()
    )
    return asyncio.run(found), model


def test_a_good_answer_is_asked_for_once(variant: Variant) -> None:
    """No second call is paid for."""
    found, model = answered(variant, GOOD)
    assert (found.status, found.asked, len(model.calls)) == ("ok", 1, 1)


def test_a_failed_check_is_mended_once_by_asking_again_with_the_reason(variant: Variant) -> None:
    """The model sees its own answer and what was wrong with it; what both calls used is counted."""
    found, model = answered(variant, BAD, GOOD)
    assert (found.status, found.asked) == ("ok", 2)
    assert found.output is not None and found.output.reveal() == {"summary": GOOD}
    first, second = model.calls
    assert second.turns[: len(first.turns)] == first.turns
    said, asked = (turn.content.reveal() for turn in second.turns[len(first.turns) :])
    assert said == BAD
    assert asked.startswith("Not accepted: numbers_from_source: 1 number(s)")
    assert found.usage.input_tokens == 6 and found.usage.output_tokens == 4


def test_an_answer_that_fails_again_is_invalid(variant: Variant) -> None:
    """Once, not for ever; and nothing of it is shown."""
    found, model = answered(variant, BAD, BAD)
    assert (found.status, found.asked, len(model.calls)) == ("invalid", 2, 2)
    assert found.output is None
    assert [one.id for one in found.checks if not one.passed] == ["numbers_from_source"]


@pytest.mark.parametrize(
    ("status", "shown"),
    [("timeout", "invalid"), ("unavailable", "invalid"), ("output_blocked", "blocked")],
)
def test_a_second_call_that_gives_nothing_leaves_the_first_to_tell_of(
    variant: Variant, status: str, shown: str
) -> None:
    """An answer that was refused by a filter says so; a fault of the network changes nothing."""
    found, _ = answered(variant, BAD, Reply(status=status))  # type: ignore[arg-type]
    assert found.status == shown and found.output is None


def test_a_prompt_without_a_way_to_ask_again_asks_once(variant: Variant) -> None:
    """Rules and base models cannot mend what they said."""
    plain = msgspec.structs.replace(
        variant, prompt=msgspec.structs.replace(variant.prompt, repair="")
    )
    found, model = answered(plain, BAD)
    assert (found.status, len(model.calls)) == ("invalid", 1)
    assert digest_of(plain) != digest_of(variant), "what a user gets differs"


def test_what_was_refused_is_not_asked_again(variant: Variant) -> None:
    """Only a failed check is mended."""
    found, model = answered(variant, Reply(status="input_blocked"))
    assert (found.status, len(model.calls)) == ("blocked", 1)


@pytest.mark.parametrize("folder", find_packs([packaged()]).values(), ids=lambda one: one.name)
def test_every_chat_prompt_can_ask_again(folder: object) -> None:
    """In the words of its own locale, with the reasons in it."""
    pack = read_pack(folder)  # type: ignore[arg-type]
    for locale in pack.locales:
        prompt = pack.prompt(locale, "alibaba", "any")
        assert "because-of-this" in rendered_repair(prompt, ["because-of-this"])
