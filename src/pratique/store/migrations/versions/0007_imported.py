"""Results that other tools wrote, taken in as evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables of imported logs and their samples."""
    op.create_table(
        "imported_logs",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("tool", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("task", sa.Text, nullable=False),
        sa.Column("metric", sa.Text, nullable=False),
        sa.Column("market", sa.Text, nullable=False),
        sa.Column("feature", sa.Text, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_table(
        "imported_items",
        sa.Column("log", sa.Text, sa.ForeignKey("imported_logs.digest"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("repeat", sa.Integer, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
    )
