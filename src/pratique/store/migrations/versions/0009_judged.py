"""Who answered, as replies say, and what judges said of answers.

Of what was kept before, neither was noted.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Name the model of each outcome, judges and history of a run, and make the tables of judgements."""
    for name in ("model", "fingerprint"):
        op.add_column(
            "eval_outcomes", sa.Column(name, sa.Text, nullable=False, server_default=sa.text("''"))
        )
    for name in ("judge", "history"):
        op.add_column(
            "eval_runs", sa.Column(name, sa.Text, nullable=False, server_default=sa.text("''"))
        )
    op.create_table(
        "judgements",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("judge", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_table(
        "settlements",
        sa.Column("run_id", sa.Text, sa.ForeignKey("eval_runs.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("tier", sa.Text, primary_key=True),
        sa.Column("met", sa.Boolean, nullable=True),
        sa.Column("share", sa.Float, nullable=True),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("judgements", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
