"""The first schema.

Each room's tables are made by a function of their own. A migration never imports the rooms: it
stays what it was when they move on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables of every room."""
    store()
    ledger()
    people()
    evals()
    assessment()
    filing()
    rollout()


def store() -> None:
    """Snapshots."""
    op.create_table(
        "snapshots",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )


def ledger() -> None:
    """The chain of decisions, with a guard against changing it by accident."""
    op.create_table(
        "ledger_entries",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    if op.get_context().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER ledger_entries_no_{verb.lower()} BEFORE {verb} ON ledger_entries"
                " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )


def people() -> None:
    """Accounts, API keys and the public half of signing keys."""
    op.create_table(
        "accounts",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("added", sa.Text, nullable=False),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("secret_hash", sa.Text, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
        sa.Column("revoked", sa.Text, nullable=True),
    )
    op.create_table(
        "signing_keys",
        sa.Column("key_id", sa.Text, primary_key=True),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("added", sa.Text, nullable=False),
        sa.Column("retired", sa.Text, nullable=True),
    )


def evals() -> None:
    """Runs, and what became of each sample."""
    op.create_table(
        "eval_runs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("market", sa.Text, nullable=False),
        sa.Column("feature", sa.Text, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("candidate", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("suite", sa.Text, nullable=False),
        sa.Column("seed", sa.Integer, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
    )
    op.create_table(
        "eval_outcomes",
        sa.Column("run_id", sa.Text, sa.ForeignKey("eval_runs.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sample_id", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("reply", sa.Text, nullable=False),
        sa.Column("met", sa.Boolean, nullable=False),
        sa.Column("share", sa.Float, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("output", sa.Text, nullable=True),
        sa.Column("draft", sa.Text, nullable=False),
        sa.Column("checks", sa.Text, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("input_tokens", sa.Integer, nullable=False),
        sa.Column("output_tokens", sa.Integer, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )


def assessment() -> None:
    """Assessments and selections."""
    op.create_table(
        "assessments",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("market", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "selections",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("market", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("assessment", sa.Text, sa.ForeignKey("assessments.id"), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )


def filing() -> None:
    """Filings, what they freeze, and the regulator's answers."""
    op.create_table(
        "filings",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("market", sa.Text, nullable=False),
        sa.Column("regime", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("simulated", sa.Boolean, nullable=False),
        sa.Column("selection", sa.Text, nullable=False),
        sa.Column("pack", sa.Text, nullable=False),
        sa.Column("manifest_sha256", sa.Text, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
    )
    op.create_table(
        "filing_variants",
        sa.Column("filing", sa.Text, sa.ForeignKey("filings.id"), primary_key=True),
        sa.Column("digest", sa.Text, sa.ForeignKey("snapshots.digest"), primary_key=True),
        sa.Column("feature", sa.Text, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
    )
    op.create_table(
        "approvals",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("filing", sa.Text, sa.ForeignKey("filings.id"), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
    )


def rollout() -> None:
    """Releases."""
    op.create_table(
        "releases",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("market", sa.Text, nullable=False),
        sa.Column("feature", sa.Text, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, sa.ForeignKey("snapshots.digest"), nullable=False),
        sa.Column("stages", sa.Text, nullable=False),
        sa.Column("stage", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("started", sa.Text, nullable=False),
    )
