"""The market's own tests: what was asked, what each judge said, and what was mended."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the tables of `pratique.filing.trials.kept`."""
    op.create_table(
        "trials",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("market", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "trial_verdicts",
        sa.Column("trial", sa.Text, sa.ForeignKey("trials.id"), primary_key=True),
        sa.Column("gate", sa.Text, primary_key=True),
        sa.Column("run", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("counted", sa.Boolean, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
    )
    op.create_table(
        "trial_fixes",
        sa.Column("trial", sa.Text, sa.ForeignKey("trials.id"), primary_key=True),
        sa.Column("question", sa.Text, primary_key=True),
        sa.Column("at", sa.Text, primary_key=True),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("fix", sa.Text, nullable=False),
    )
