"""Requests whose cost is not known, beside those whose cost is."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Count what no price is known for: a rule about spend says nothing of it."""
    with op.batch_alter_table("release_counts") as table:
        table.add_column(sa.Column("unpriced", sa.Integer, nullable=False, server_default="0"))
