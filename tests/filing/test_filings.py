"""Filing: freezes what was measured, and enters only what a regulator may have answered."""

import shutil
from datetime import date
from pathlib import Path

import msgspec
import pytest

from pratique.assessment.candidates import offer
from pratique.assessment.choose import choose, sign_off
from pratique.assessment.decisions import Assessment, keep_assessment, latest_assessment
from pratique.assessment.findings import Decision, Finding
from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.filing.approvals import approval_of, read_approvals
from pratique.filing.approving import enter_approval
from pratique.filing.changes import changes_since
from pratique.filing.file import file_selection
from pratique.filing.filings import Filing, list_filings
from pratique.filing.manifest import verify_pack
from pratique.rollout.verify import verify
from pratique.serving.variant import Variant, digest_of, thawed
from pratique.store import snapshots
from pratique.workspace.opened import Opened
from tests.conftest import Clock, grown

DOCUMENT = "b" * 64


def finding(variant: Variant, decision: Decision, seconds: float = 0.0) -> Finding:
    """Return a finding about *variant*, as if it had been measured on no sample."""
    return Finding(
        feature=variant.feature,
        locale=variant.locale,
        candidate=variant.candidate,
        digest=digest_of(variant),
        metric="passed",
        estimate=0.9,
        low=0.8,
        high=1.0,
        samples=40,
        calls=40,
        full_calls=64,
        bar=0.8,
        finding=decision,
        truth="bank",
        alpha=0.002,
        seed=1,
        run_id="run-1",
        suite="sha256:suite",
        suite_id=variant.feature,
        seconds_per_call=seconds,
    )


def assessed(opened: Opened, meets: set[tuple[str, str]], seconds: float = 0.0) -> None:
    """Keep an assessment in which the rules meet the bar for *meets* (feature, locale), and select."""
    variants = [
        v for v in offer(opened.workspace, "CN").variants if v.candidate == "embedded/rules"
    ]
    assessment = Assessment(
        market="CN",
        standard="embedded",
        standard_digest="sha256:standard",
        seed=1,
        alpha=0.05,
        family="bonferroni",
        left_out=(),
        findings=tuple(
            finding(v, "meets" if (v.feature, v.locale) in meets else "falls_short", seconds)
            for v in variants
        ),
    )
    with opened.database.begin() as connection:
        keep_assessment(connection, assessment, opened.clock())
    choose(opened, "CN")


@pytest.fixture(scope="session")
def filed_shop(new_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a draft filing of two variants."""

    def file(opened: Opened) -> None:
        assessed(opened, {("summarize", "en"), ("priority", "zh-Hans")})
        file_selection(opened, "CN", draft=True)

    return grown(new_shop, tmp_path_factory.mktemp("filed"), file)


@pytest.fixture
def new_folder(
    request: pytest.FixtureRequest, tmp_path: Path, new_shop: Path, filed_shop: Path
) -> Path:
    """The folder of a workspace: with a filing for tests that ask for it."""
    made = filed_shop if "filed" in request.fixturenames else new_shop
    return Path(shutil.copytree(made, tmp_path / "shop"))


@pytest.fixture
def filed(opened: Opened) -> Filing:
    """A draft filing of two variants."""
    with opened.database.connect() as connection:
        (found,) = list_filings(connection)
    return found


def edit_prompt(opened: Opened, feature: str, file: str, old: str, new: str) -> None:
    """Change a prompt in the workspace's own copy of a pack."""
    pack = next(pack for pack in offer(opened.workspace, "CN").packs if pack.id == feature)
    own = opened.workspace.folder / "features" / feature
    if pack.folder != own:
        shutil.copytree(pack.folder, own)
    path = own / "prompts" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_filing_freezes_what_was_selected(opened: Opened, filed: Filing) -> None:
    """The snapshots hold the very variants that were measured, and the pack verifies."""
    assert {(one.feature, one.locale) for one in filed.variants} == {
        ("summarize", "en"),
        ("priority", "zh-Hans"),
    }
    assert (filed.state, filed.simulated) == ("draft", True)
    with opened.database.connect() as connection:
        for one in filed.variants:
            frozen = thawed(snapshots.get(connection, one.digest))
            assert digest_of(frozen) == one.digest
            assert frozen == offer(opened.workspace, "CN").variant(
                one.feature, one.locale, "embedded/rules"
            )
        assert list_filings(connection, "CN") == [filed]
    assert verify_pack(opened.workspace.folder / filed.pack, opened.verifies) == []


def test_the_same_is_filed_once(opened: Opened, clock: Clock, filed: Filing) -> None:
    """Building again, from the very same and however much later, gives the very same pack."""
    clock.go_on(days=1)
    assert file_selection(opened, "CN", draft=True) == filed


def test_a_second_filing_has_its_own_name(opened: Opened, clock: Clock, filed: Filing) -> None:
    """Even where a crash left only the folder of the first."""
    (opened.workspace.folder / "filings" / filed.id.replace("-1", "-2")).mkdir()
    clock.go_on(hours=1)
    assessed(opened, {("summarize", "en")})
    assert file_selection(opened, "CN", draft=True).id == filed.id.removesuffix("-1") + "-3"


def test_what_changed_since_it_was_measured_cannot_be_filed(opened: Opened) -> None:
    """The pack would show figures of something else."""
    assessed(opened, {("summarize", "en")})
    edit_prompt(opened, "summarize", "embedded/rules/en.toml", "user = '", "user = ' ")
    with pytest.raises(NotAllowed, match="was changed since it was measured"):
        file_selection(opened, "CN", draft=True)


def test_a_selection_older_than_the_assessment_cannot_be_filed(
    opened: Opened, clock: Clock
) -> None:
    """Select again first."""
    assessed(opened, {("summarize", "en")})
    clock.go_on(hours=1)
    with opened.database.begin() as connection:
        newer = Assessment(
            market="CN",
            standard="x",
            standard_digest="",
            seed=2,
            alpha=0.05,
            family="bonferroni",
            left_out=(),
            findings=(),
        )
        keep_assessment(connection, newer, opened.clock())
    with pytest.raises(NotAllowed, match="assessed again"):
        file_selection(opened, "CN", draft=True)


def test_nothing_served_is_nothing_filed(opened: Opened) -> None:
    """An empty filing would be approved for nothing."""
    assessed(opened, set())
    with pytest.raises(NotAllowed, match="nobody serves anything"):
        file_selection(opened, "CN", draft=True)


def test_a_filing_that_is_no_draft_needs_everything(opened: Opened) -> None:
    """What the regime asks for is open, so only a draft can be built."""
    assessed(opened, {("summarize", "en")})
    with pytest.raises(NotAllowed):
        file_selection(opened, "CN", draft=False)
    assert not list((opened.workspace.folder / "filings").iterdir())


def test_a_draft_is_approved_in_a_rehearsal_only(opened: Opened, filed: Filing) -> None:
    """And what comes of it says that it is simulated."""
    approval = enter_approval(
        opened,
        filed.id,
        number="N-1",
        issued=date(2026, 11, 2),
        expires=date(2027, 2, 1),
        document_sha256=DOCUMENT,
    )
    assert approval.simulated and approval.entered_by == "ada"
    with pytest.raises(NotAllowed, match="is a draft"):
        approval_of(
            filed,
            workspace="shop",
            rehearsal=False,
            number="N-1",
            issued=date(2026, 11, 2),
            expires=date(2027, 2, 1),
            document_sha256=DOCUMENT,
            entered_by="ada",
        )
    with pytest.raises(NotAllowed, match="entered already"):
        enter_approval(
            opened,
            filed.id,
            number="N-1",
            issued=date(2026, 11, 2),
            expires=date(2027, 2, 1),
            document_sha256=DOCUMENT,
        )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"number": " "}, "regulator's number"),
        ({"number": "x" * 101}, "regulator's number"),
        ({"document_sha256": "abc"}, "is no SHA-256"),
        ({"expires": date(2026, 1, 1)}, "before it is issued"),
    ],
)
def test_an_unsound_answer_is_refused(
    opened: Opened, filed: Filing, fields: dict[str, object], message: str
) -> None:
    """Each field is checked before anything is kept."""
    values: dict[str, object] = {
        "number": "N-1",
        "issued": date(2026, 11, 2),
        "expires": date(2027, 2, 1),
        "document_sha256": DOCUMENT,
    }
    with pytest.raises(Malformed, match=message):
        enter_approval(opened, filed.id, **(values | fields))  # type: ignore[arg-type]
    with opened.database.connect() as connection:
        assert not read_approvals(connection, opened.verifies, "shop")


def test_an_unknown_filing_lists_the_known_ones(opened: Opened, filed: Filing) -> None:
    """What there is, is the best hint."""
    with pytest.raises(NotFound, match="no filing `CN-0`") as caught:
        changes_since(opened, "CN", "CN-0")
    assert filed.id in caught.value.hint


def test_changes_are_named_with_what_they_ask_for(opened: Opened, filed: Filing) -> None:
    """Nothing changed; then a prompt, its decoding and a model's snapshot, each with its kind."""
    assert changes_since(opened, "CN", filed.id) == []
    edit_prompt(opened, "summarize", "embedded/rules/en.toml", "user = '", "user = ' ")
    edit_prompt(opened, "summarize", "embedded/rules/en.toml", "max_tokens = ", "max_tokens = 1")
    own = opened.workspace.folder / "partners" / "embedded.toml"
    from pratique.partners.catalogue import packaged

    text = (packaged() / "embedded.toml").read_text()
    own.write_text(text.replace('snapshot = "rules-2"', 'snapshot = "rules-3"'))
    found = {(one.feature, one.locale, one.part) for one in changes_since(opened, "CN", filed.id)}
    assert found == {
        ("summarize", "en", "prompt"),
        ("summarize", "en", "decoding"),
        ("summarize", "en", "model_snapshot"),
        ("priority", "zh-Hans", "model_snapshot"),
    }
    kinds = {one.part: one.kind for one in changes_since(opened, "CN", filed.id)}
    assert set(kinds.values()) <= {"none", "notify", "file_again"}
    assert kinds["model_snapshot"] == "file_again"


def test_verify_names_a_finding_that_no_outcome_supports(opened: Opened, filed: Filing) -> None:
    """The figures of this test were made up, and that is found."""
    faults = verify(opened).faults
    assert faults and all("0 outcomes are kept, it counts 40" in fault for fault in faults)


def test_records_read_back_as_they_were(opened: Opened, filed: Filing) -> None:
    """Everything kept is plain data."""
    assert msgspec.json.decode(msgspec.json.encode(filed), type=Filing) == filed


RULES, SECOND, THIRD = "embedded/rules", "embedded/smollm2-135m", "embedded/gemma3-270m"


def ranked(opened: Opened, decisions: dict[str, Decision]) -> Filing:
    """File a selection in which the rules serve one feature and others met its bar, too."""
    estimates = {RULES: 0.9, SECOND: 0.85, THIRD: 0.82}
    findings = tuple(
        msgspec.structs.replace(finding(v, decisions[v.candidate]), estimate=estimates[v.candidate])
        for v in offer(opened.workspace, "CN").variants
        if (v.feature, v.locale) == ("summarize", "en") and v.candidate in decisions
    )
    assessment = Assessment(
        market="CN",
        standard="embedded",
        standard_digest="sha256:standard",
        seed=1,
        alpha=0.05,
        family="bonferroni",
        left_out=(),
        findings=findings,
    )
    with opened.database.begin() as connection:
        keep_assessment(connection, assessment, opened.clock())
    choose(opened, "CN")
    return file_selection(opened, "CN", draft=True)


def test_fallbacks_are_filed_in_their_order(opened: Opened) -> None:
    """Who stands in is frozen and submitted like who serves, and the pack says in which order."""
    filed = ranked(opened, {RULES: "meets", SECOND: "meets", THIRD: "falls_short"})
    with opened.database.connect() as connection:
        (kept,) = list_filings(connection, "CN")
        held = [
            (one.place, thawed(snapshots.get(connection, one.digest)).candidate)
            for one in kept.variants
        ]
    assert kept == filed and held == [(0, RULES), (1, SECOND)]
    pack = opened.workspace.folder / filed.pack
    assert f"Fallback 1: `{SECOND}`" in (pack / "results.md").read_text()
    (choice,) = msgspec.json.decode((pack / "selection.json").read_bytes())["selection"]
    assert choice["fallbacks"] == [SECOND]
    assert verify_pack(pack, opened.verifies) == []


def test_a_fallback_that_was_changed_since_is_left_out_and_named(opened: Opened) -> None:
    """What runs in an emergency was measured as it is, or it does not run."""
    ranked(opened, {RULES: "meets", SECOND: "meets", THIRD: "meets"})
    edit_prompt(
        opened, "summarize", "embedded/gemma3-270m/en.toml", "max_tokens = ", "max_tokens = 1"
    )
    filed = file_selection(opened, "CN", draft=True)
    assert [one.place for one in filed.variants] == [0, 1]
    notes = msgspec.json.decode(
        (opened.workspace.folder / filed.pack / "selection.json").read_bytes()
    )
    assert any(THIRD in note and "no finding on it as it is now" in note for note in notes["notes"])


def test_a_selection_on_old_findings_is_not_taken_on(opened: Opened, clock: Clock) -> None:
    """Whoever signs off signs what was decided on the newest ones."""
    assessed(opened, {("summarize", "en")})
    sign_off(opened, "CN")
    clock.go_on(hours=1)
    with opened.database.begin() as connection:
        newest = latest_assessment(connection, "CN")
        keep_assessment(connection, msgspec.structs.replace(newest, seed=2), opened.clock())
    with pytest.raises(NotAllowed, match="assessed again since"):
        sign_off(opened, "CN")
    clock.go_on(hours=1)
    choose(opened, "CN")
    sign_off(opened, "CN")
