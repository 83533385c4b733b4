"""What forecasts and halt rules were decided on, so that their figures can be made again."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make the tables of `pratique.assessment.forecasts` and `pratique.rollout.evaluations`."""
    op.create_table(
        "forecasts",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("market", sa.Text, nullable=False),
        sa.Column("partner", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "evaluations",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("release", sa.Text, sa.ForeignKey("releases.id"), nullable=False),
        sa.Column("entered", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("decided", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("ix_evaluations_release", "evaluations", ["release", "entered", "at"])
