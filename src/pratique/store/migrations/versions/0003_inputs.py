"""What each outcome was asked with, and the run whose answer it was scored from again.

What was kept before does not say what it was asked with, so that it is never scored again for
another suite.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Name the input of each outcome, and where its answer came from."""
    for name in ("input_digest", "rescored_from"):
        op.add_column(
            "eval_outcomes", sa.Column(name, sa.Text, nullable=False, server_default=sa.text("''"))
        )
