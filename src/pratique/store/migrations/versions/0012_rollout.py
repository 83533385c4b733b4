"""Halts, what releases came to, and since when each is at its stage."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the tables of `pratique.rollout`; a release is at its stage since it started."""
    op.add_column("releases", sa.Column("entered", sa.Text, nullable=False, server_default=""))
    op.execute("UPDATE releases SET entered = started")
    with op.batch_alter_table("releases") as table:
        table.alter_column("entered", server_default=None)
    op.create_table(
        "halts",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("market", sa.Text, nullable=False),
        sa.Column("feature", sa.Text, nullable=True),
        sa.Column("locale", sa.Text, nullable=True),
        sa.Column("app_category", sa.Text, nullable=True),
        sa.Column("partner", sa.Text, nullable=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("ordered_by", sa.Text, nullable=False),
        sa.Column("ordered", sa.Text, nullable=False),
        sa.Column("lifted", sa.Text, nullable=True),
    )
    op.create_table(
        "release_counts",
        sa.Column("release", sa.Text, sa.ForeignKey("releases.id"), primary_key=True),
        sa.Column("entered", sa.Text, primary_key=True),
        sa.Column("replica", sa.Text, primary_key=True),
        *(
            sa.Column(name, sa.Integer, nullable=False)
            for name in ("requests", "refusals", "retractions", "check_failures", "errors")
        ),
        sa.Column("complaints", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("spend", sa.Float, nullable=False),
        sa.Column("counted", sa.Text, nullable=False),
    )
