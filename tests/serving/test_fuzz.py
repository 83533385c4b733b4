"""Whatever a user sends and a model answers: no crash, always an outcome."""

import asyncio
import os
import random

import msgspec
import pytest

from pratique.features.packs import find_packs, packaged, read_pack
from pratique.labels.policy import label_policy
from pratique.partners.catalogue import find_candidate, read_partners
from pratique.partners.catalogue import packaged as packaged_partners
from pratique.partners.contract import Reply
from pratique.partners.ruled import RulesModel
from pratique.privacy import Sensitive
from pratique.regimes.regime import load_regime
from pratique.serving.answer import BadInput, answer, judged, require_valid_input
from pratique.serving.guard import starter_guard
from pratique.serving.variant import Variant, variant_of
from tests.fuzzing import text, value

PACKS = {name: read_pack(folder) for name, folder in find_packs([packaged()]).items()}
PARTNERS = read_partners([packaged_partners()])
LABEL = label_policy(load_regime("cn-cac"), "001191000000MA0000000N10001")
EACH = int(os.environ.get("PRATIQUE_FUZZ_REQUESTS", "300"))
"""Requests a feature; `make check-all` asks for 10,000."""
STATUSES = {"ok", "refused", "blocked", "invalid", "truncated", "failed"}


def variants(feature: str, model: str) -> list[Variant]:
    """Return the feature's variants by one embedded model."""
    candidate = find_candidate(PARTNERS, model)
    pack = PACKS[feature]
    return [variant_of(pack, candidate, "CN", locale, LABEL) for locale in pack.locales]


@pytest.mark.parametrize("feature", PACKS)
def test_the_rules_come_to_an_outcome_on_any_request(feature: str) -> None:
    """Through the whole path: rendered, answered, read, checked, labelled."""
    chance = random.Random(f"rules/{feature}")
    model, offered = (
        RulesModel(find_candidate(PARTNERS, "embedded/rules")),
        variants(feature, "embedded/rules"),
    )

    async def run() -> None:
        for number in range(EACH):
            request = value(PACKS[feature].input_schema, chance)
            assert isinstance(request, dict)
            variant = offered[number % len(offered)]
            require_valid_input(variant, request)
            try:
                found = await answer(
                    variant,
                    Sensitive(request),
                    model,
                    content_id=str(number),
                    deadline=30,
                    guard=starter_guard(),
                )
            except BadInput as error:
                assert "image" in request and str(error).startswith("`/image`")
                continue
            assert found.status in STATUSES
            assert (found.output is None) == (found.status != "ok")

    asyncio.run(run())


@pytest.mark.parametrize("feature", PACKS)
def test_any_answer_of_a_model_comes_to_an_outcome(feature: str) -> None:
    """Half of the answers are of the asked form with nasty values, half are anything at all."""
    chance = random.Random(f"answers/{feature}")
    offered = [
        one
        for model in ("embedded/rules", "embedded/smollm2-135m", "embedded/gemma3-270m")
        for one in variants(feature, model)
    ]
    for number in range(EACH):
        request = value(PACKS[feature].input_schema, chance)
        assert isinstance(request, dict)
        if chance.random() < 0.5:
            said = msgspec.json.encode(value(PACKS[feature].output_schema, chance)).decode()
        else:
            said = text(chance, 30)
        reply = Reply(status="ok", text=Sensitive(said), truncated=chance.random() < 0.1)
        found = judged(
            offered[number % len(offered)], Sensitive(request), reply, content_id=str(number)
        )
        assert found.status in STATUSES
        kept = found.status == "truncated" and offered[number % len(offered)].shows_pieces
        assert (found.output is None) == (found.status != "ok" and not kept)
