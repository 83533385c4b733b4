"""What became of approvals after they were given."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the table of `pratique.filing.amendments`."""
    op.create_table(
        "approval_amendments",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("approval", sa.Text, sa.ForeignKey("approvals.id"), nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
    )
    op.create_index(op.f("ix_approval_amendments_approval"), "approval_amendments", ["approval"])
