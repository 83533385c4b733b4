"""Feedback on answers, counted by release."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the tables of `pratique.rollout.feedback`."""
    op.create_table(
        "feedback_counts",
        sa.Column("release", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_table(
        "feedback_seen",
        sa.Column("request_id", sa.Text, primary_key=True),
        sa.Column("day", sa.Text, nullable=False),
    )
    op.create_index(op.f("ix_feedback_seen_day"), "feedback_seen", ["day"])
