"""How often a model was asked for one outcome.

What was kept before was asked for once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Count the calls of each outcome."""
    op.add_column(
        "eval_outcomes", sa.Column("asked", sa.Integer, nullable=False, server_default="1")
    )
