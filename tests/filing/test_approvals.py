"""Approvals after the day they were given: extended, suspended, revoked, carried over."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from pratique.assessment.candidates import offer
from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.filing.approvals import read_approvals
from pratique.filing.approving import amend, enter_approval
from pratique.filing.carrying import carry_over
from pratique.filing.file import file_selection
from pratique.filing.filings import list_filings
from pratique.ledger.chain import entries
from pratique.rollout import steps
from pratique.rollout.gate import Refusal, digest_approval
from pratique.rollout.state import read_state
from pratique.rollout.verify import verify
from pratique.serving.variant import digest_of
from pratique.workspace.opened import Opened, database_path
from tests.conftest import Clock, grown
from tests.filing.test_filings import DOCUMENT, assessed, edit_prompt

FEATURE, LOCALE = "summarize", "en"


@pytest.fixture(scope="session")
def new_shop(new_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a filing whose approval is in force."""
    return grown(new_shop, tmp_path_factory.mktemp("approved"), approve)


def approve(opened: Opened) -> str:
    """Return a filing whose approval is in force until 2027-02-01."""
    assessed(opened, {(FEATURE, LOCALE)})
    filing = file_selection(opened, "CN", draft=True)
    enter_approval(
        opened,
        filing.id,
        number="N-1",
        issued=date(2026, 11, 2),
        expires=date(2027, 2, 1),
        document_sha256=DOCUMENT,
    )
    return filing.id


@pytest.fixture
def approved(opened: Opened) -> str:
    """The filing with the approval."""
    with opened.database.connect() as connection:
        (found,) = list_filings(connection)
    return found.id


def word(opened: Opened, digest: str = "") -> str:
    """`yes` where the digest that the workspace makes, or *digest*, is approved now, or why not."""
    now = digest or digest_of(
        offer(opened.workspace, "CN").variant(FEATURE, LOCALE, "embedded/rules")
    )
    with opened.database.connect() as connection:
        state = read_state(connection, steps.gate_rules(opened, "CN"), opened.clock())
        found = digest_approval(state, now, opened.clock())
    return found.detail if isinstance(found, Refusal) else "yes"


def test_an_approval_that_ran_out_is_on_again_once_it_is_extended(
    opened: Opened, clock: Clock, approved: str
) -> None:
    """The regulator's new date counts, by whichever name the operator knows the approval."""
    clock.go_on(days=120)
    assert "expired" in word(opened)
    with pytest.raises(Malformed, match="holds until 2027-02-01"):
        amend(opened, approved, "extended", "renewed", expires=date(2027, 1, 1))
    amend(opened, "N-1", "extended", "renewed", expires=date(2027, 12, 1), document_sha256=DOCUMENT)
    assert word(opened) == "yes"


def test_a_suspension_turns_off_until_it_ends(opened: Opened, approved: str) -> None:
    """At once, with the reason that was given."""
    amend(opened, approved, "suspended", "the partner's own filing lapsed")
    assert "suspended since 2026-11-02: the partner's own filing lapsed" in word(opened)
    with pytest.raises(NotAllowed, match="is suspended"):
        amend(opened, approved, "suspended", "again")
    amend(opened, approved, "resumed", "it is back on the list")
    assert word(opened) == "yes"
    with pytest.raises(NotAllowed, match="is not suspended"):
        amend(opened, approved, "resumed", "again")


@pytest.mark.parametrize("hours", [1, 0, -1])
def test_the_last_word_counts_whatever_the_clock_says(
    opened: Opened, clock: Clock, approved: str, hours: int
) -> None:
    """A clock that was set back, or stands, does not turn on what was suspended, nor the reverse."""
    for number in range(3):
        amend(opened, approved, "suspended", f"lapse {number}")
        clock.go_on(hours=hours)
        assert "suspended since" in word(opened)
        amend(opened, approved, "resumed", f"mended {number}")
        clock.go_on(hours=hours)
        assert word(opened) == "yes"


def test_nothing_follows_a_revocation(opened: Opened, approved: str) -> None:
    """Not even an extension."""
    amend(opened, approved, "revoked", "by notice of the regulator", document_sha256=DOCUMENT)
    assert "revoked on 2026-11-02" in word(opened)
    with pytest.raises(NotAllowed, match="nothing follows"):
        amend(opened, approved, "extended", "x", expires=date(2028, 1, 1))
    with opened.database.connect() as connection:
        (entry,) = entries(connection, kind="approval.revoked")
    assert "by notice of the regulator" in str(entry.body)


def test_an_amendment_needs_a_reason_and_an_approval(opened: Opened, approved: str) -> None:
    """What stands in the ledger must mean something."""
    with pytest.raises(Malformed, match="needs a reason"):
        amend(opened, approved, "suspended", " ")
    with pytest.raises(NotFound, match="no approval called `N-2`"):
        amend(opened, "N-2", "suspended", "x")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE approval_amendments SET body = CAST(replace(body, 'suspended', 'resumed') AS BLOB)",
        "UPDATE approval_amendments SET signature = 'AAAA'",
        "DELETE FROM approval_amendments",
    ],
)
def test_a_suspension_that_was_tampered_with_is_found(
    opened: Opened, approved: str, statement: str
) -> None:
    """A changed record keeps the approval off; one that was taken away is missed by the ledger."""
    amend(opened, approved, "suspended", "the partner's own filing lapsed")
    with closing(sqlite3.connect(database_path(opened.workspace), isolation_level=None)) as raw:
        raw.execute(statement)
    assert any("amendment" in fault for fault in verify(opened).faults)
    if not statement.startswith("DELETE"):
        assert word(opened) != "yes"


def test_a_change_that_the_regime_lets_pass_is_carried_over(
    opened: Opened, clock: Clock, approved: str
) -> None:
    """Shown part by part, tested anew, and only the new digest with the old one is on."""
    edit_prompt(opened, FEATURE, "embedded/rules/en.toml", "max_tokens = ", "max_tokens = 1")
    before = word(opened)
    assert "no approval covers" in before
    with pytest.raises(NotAllowed, match="was not found to meet"):
        carry_over(opened, "CN", FEATURE, LOCALE, "longer answers")
    clock.go_on(hours=1)
    assessed(opened, {(FEATURE, LOCALE)})
    amendment, changes = carry_over(opened, "CN", FEATURE, LOCALE, "longer answers")
    assert [(one.part, one.kind) for one in changes] == [("decoding", "none")]
    assert word(opened) == "yes"
    assert amendment.carried is not None
    assert word(opened, amendment.carried.replaces) == "yes"
    newest = steps.approved_digest(opened, steps.gate_rules(opened, "CN"), FEATURE, LOCALE)
    assert newest == amendment.carried.variant.digest, "what starts is what was carried over"
    amend(opened, approved, "revoked", "all of it")
    assert "revoked" in word(opened) and "revoked" in word(opened, amendment.carried.replaces)


def test_a_change_that_asks_for_a_notice_is_carried_over_with_the_notice(
    opened: Opened, clock: Clock, approved: str
) -> None:
    """The notice's hash is in the ledger."""
    edit_prompt(opened, FEATURE, "embedded/rules/en.toml", "user = '", "user = ' ")
    clock.go_on(hours=1)
    assessed(opened, {(FEATURE, LOCALE)})
    with pytest.raises(NotAllowed, match="asks for a notice"):
        carry_over(opened, "CN", FEATURE, LOCALE, "clearer words")
    carry_over(opened, "CN", FEATURE, LOCALE, "clearer words", notice_sha256=DOCUMENT)
    assert word(opened) == "yes"


def test_another_model_is_filed_again(opened: Opened, clock: Clock, approved: str) -> None:
    """The regime does not let it pass, whatever it scored."""
    from pratique.partners.catalogue import packaged

    own = opened.workspace.folder / "partners" / "embedded.toml"
    text = (packaged() / "embedded.toml").read_text()
    own.write_text(text.replace('snapshot = "rules-2"', 'snapshot = "rules-3"'))
    clock.go_on(hours=1)
    assessed(opened, {(FEATURE, LOCALE)})
    with pytest.raises(NotAllowed, match="asks for a new filing"):
        carry_over(opened, "CN", FEATURE, LOCALE, "newer")


def test_nothing_is_carried_over_without_a_difference_or_a_reason(
    opened: Opened, approved: str
) -> None:
    """It would only blur the record."""
    with pytest.raises(NotAllowed, match="nothing changed"):
        carry_over(opened, "CN", FEATURE, LOCALE, "why not")
    with pytest.raises(Malformed, match="needs a reason"):
        carry_over(opened, "CN", FEATURE, LOCALE, "")
    with opened.database.connect() as connection:
        (kept,) = read_approvals(connection, opened.verifies, "shop")
    assert kept.standing is not None and kept.standing.carried == ()
