"""Counts towards a suspension, under pseudonyms that expire."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table of `pratique.screening.suspensions`."""
    op.create_table(
        "screening_offences",
        sa.Column("pseudonym", sa.Text, primary_key=True),
        sa.Column("in_a_row", sa.Integer, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("of_day", sa.Integer, nullable=False),
        sa.Column("suspended_until", sa.Text, nullable=True),
        sa.Column("expires", sa.Text, nullable=False),
    )
    op.create_index(op.f("ix_screening_offences_expires"), "screening_offences", ["expires"])
