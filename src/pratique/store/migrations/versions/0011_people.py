"""Passwords, sessions of the console, and sign-offs by several people."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the tables of `pratique.people.passwords`, `sessions` and `signoffs`."""
    op.add_column("accounts", sa.Column("disabled", sa.Text, nullable=True))
    op.create_table(
        "passwords",
        sa.Column("account", sa.Text, sa.ForeignKey("accounts.name"), primary_key=True),
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("stretched", sa.Text, nullable=False),
        sa.Column("set_at", sa.Text, nullable=False),
    )
    op.create_table(
        "password_tries",
        sa.Column("bucket", sa.Text, primary_key=True),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("closed_until", sa.Text, nullable=False),
    )
    op.create_table(
        "console_sessions",
        sa.Column("token_hash", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, sa.ForeignKey("accounts.name"), nullable=False),
        sa.Column("began", sa.Text, nullable=False),
        sa.Column("seen", sa.Text, nullable=False),
    )
    op.create_table(
        "sign_offs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("proposed", sa.Text, nullable=False),
        sa.Column("expires", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_table(
        "sign_off_signatures",
        sa.Column("sign_off", sa.Text, sa.ForeignKey("sign_offs.id"), primary_key=True),
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
    )
