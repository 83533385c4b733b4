"""Judges in the role `safeguard`: named by the market, part of the digest, asked at each request."""

import asyncio

import msgspec
import pytest

from pratique.assessment.candidates import offer
from pratique.errors import NotAllowed, Tampered, Unavailable
from pratique.filing.changes import changes_between
from pratique.partners.safeguards.clouds import CLOUDS
from pratique.partners.safeguards.embedded import EmbeddedJudge
from pratique.partners.standins.moderation import BLOCK, KEY_ID, SECRET, Moderation
from pratique.privacy import Sensitive
from pratique.regimes.regime import load_regime
from pratique.rollout.gate import Refusal
from pratique.serving.guard import Guard
from pratique.serving.safeguards import EMBEDDED
from pratique.serving.variant import digest_of
from pratique.settings.workspace import open_workspace
from pratique.web.service import Service
from pratique.workspace.opened import Opened


def name_judges(opened: Opened, *names: str) -> None:
    """Let the market name its safeguards."""
    path = opened.workspace.folder / "markets" / "CN.toml"
    line = "safeguards = [" + ", ".join(f'"{name}"' for name in names) + "]\n"
    path.write_text(
        path.read_text().replace('objective = "estimate"\n', f'objective = "estimate"\n{line}')
    )


def screening(service: Service) -> Guard:
    """Return the words in force."""
    found = service.guard
    assert not isinstance(found, Refusal)
    return found


def test_a_safeguard_is_part_of_what_is_approved(opened: Opened) -> None:
    """Another judge is another digest, and the regime says what that asks for."""
    before = offer(opened.workspace, "CN").variant("summarize", "en", "embedded/rules")
    name_judges(opened, EMBEDDED)
    after = offer(opened.workspace, "CN").variant("summarize", "en", "embedded/rules")
    assert digest_of(before) != digest_of(after)
    assert after.serving == before.serving and after.roles[1].role == "safeguard"
    changes = changes_between(load_regime("cn-cac"), before, after)
    assert [one.part for one in changes] == ["screening_policy"]


def test_the_service_asks_the_judges_of_the_variant(opened: Opened) -> None:
    """Those it was approved with, once made for each version of the words."""
    name_judges(opened, EMBEDDED)
    service = Service(opened, "CN")
    variant = offer(opened.workspace, "CN").variant("summarize", "en", "embedded/rules")
    words = screening(service)
    guard = service.guarded(variant, words)
    assert [type(one) for one in guard.safeguards] == [EmbeddedJudge]
    assert service.guarded(variant, words) is guard


def test_a_judge_at_another_snapshot_turns_off(opened: Opened) -> None:
    """Fail closed: it is not what was approved."""
    name_judges(opened, EMBEDDED)
    variant = offer(opened.workspace, "CN").variant("summarize", "en", "embedded/rules")
    other = msgspec.structs.replace(variant.roles[1], snapshot="sha256:other")
    changed = msgspec.structs.replace(variant, roles=(variant.serving, other))
    service = Service(opened, "CN")
    with pytest.raises(Tampered, match="embedded/safeguard"):
        service.guarded(changed, screening(service))


@pytest.mark.parametrize("cloud", ["alibaba", "baidu", "tencent"])
def test_a_moderation_service_judges_what_is_served(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, cloud: str
) -> None:
    """By the operator's key, over the service's own wire; without a key nothing is served."""
    (name,) = (one for one in CLOUDS if one.startswith(cloud))
    name_judges(opened, name)
    variant = offer(opened.workspace, "CN").variant("summarize", "en", "embedded/rules")
    keyless = Service(opened, "CN")
    with pytest.raises(Unavailable, match=f"{cloud.upper()}_MODERATION_KEY_ID"):
        keyless.guarded(variant, screening(keyless))
    with Moderation(cloud) as stand_in:
        path = opened.workspace.folder / "pratique.toml"
        access = f'\n[partners.{cloud}-moderation]\nbase_url = "{stand_in.root_url}"\n'
        path.write_text(path.read_text() + access)
        opened.workspace = open_workspace(opened.workspace.folder)
        monkeypatch.setenv(f"{cloud.upper()}_MODERATION_KEY_ID", KEY_ID)
        monkeypatch.setenv(f"{cloud.upper()}_MODERATION_SECRET", SECRET)
        service = Service(opened, "CN")
        guard = service.guarded(variant, screening(service))

        async def levels() -> list[str | None]:
            try:
                (judge,) = guard.safeguards
                texts = ("fine", f"is {BLOCK}")
                found = [await judge.check(Sensitive(t), "input", Sensitive(""), 5) for t in texts]
                return [one.level for one in found]
            finally:
                await service.pool.close()

        assert asyncio.run(levels()) == ["safe", "unsafe"]


def test_a_model_that_answers_is_no_safeguard(opened: Opened) -> None:
    """Its words would be taken for verdicts."""
    name_judges(opened, "embedded/rules")
    with pytest.raises(NotAllowed, match="is no safeguard"):
        offer(opened.workspace, "CN")
