"""Fallbacks in a filing."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Let a filing say which of its variants serves, and in which order the others stand in."""
    with op.batch_alter_table("filing_variants") as table:
        table.add_column(sa.Column("place", sa.Integer, nullable=False, server_default="0"))
