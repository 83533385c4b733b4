"""Fallbacks in a filing, and what partners were paid."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Let a filing say which of its variants serves, and in which order the others stand in.

    And make the table of `pratique.partners.spend`.
    """
    with op.batch_alter_table("filing_variants") as table:
        table.add_column(sa.Column("place", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "partner_spend",
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("partner", sa.Text, primary_key=True),
        sa.Column("feature", sa.Text, primary_key=True),
        sa.Column("currency", sa.Text, primary_key=True),
        sa.Column("replica", sa.Text, primary_key=True),
        sa.Column("amount", sa.Float, nullable=False),
    )
