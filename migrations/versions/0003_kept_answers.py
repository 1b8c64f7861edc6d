"""kept answers: what POSTs with an Idempotency-Key were answered."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def string(length: int) -> sa.types.TypeEngine[str]:
    """Text up to `length` that compares by code point."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "kept_answer",
        sa.Column("key", string(255), nullable=False),
        sa.Column("fingerprint", string(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column(
            "headers",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_kept_answer")),
    )
    op.create_index(op.f("ix_kept_answer_created_at"), "kept_answer", ["created_at"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("kept_answer")
