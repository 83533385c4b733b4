"""Ratings by people: what they were given to rate, and what they gave."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables of ratings."""
    op.create_table(
        "rating_batches",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
    )
    op.create_table(
        "ratings",
        sa.Column("batch", sa.Text, sa.ForeignKey("rating_batches.id"), primary_key=True),
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("rater", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
