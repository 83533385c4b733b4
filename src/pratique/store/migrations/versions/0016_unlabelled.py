"""Content given without a visible label on request: who, when, under which agreement."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the table of `pratique.labels.unlabelled`."""
    op.create_table(
        "labels_unlabelled",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("content_id", sa.Text, nullable=False),
        sa.Column("agreement_sha256", sa.Text, nullable=False),
        sa.Column("regime", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("keep_until", sa.Text, nullable=False),
    )
    op.create_index(op.f("ix_labels_unlabelled_keep_until"), "labels_unlabelled", ["keep_until"])
