"""tokens: who may see and change what."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def string(length: int) -> sa.types.TypeEngine[str]:
    """Text up to `length` that compares by code point."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "token",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("name", string(80), nullable=False),
        sa.Column("digest", string(64), nullable=False),
        sa.Column("former_digest", string(64), nullable=True),
        sa.Column("former_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "scope",
            sa.Enum(
                "read",
                "write",
                "admin",
                name="scope",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_limited", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", string(10), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("name", name=op.f("uq_token_name")),
        sa.UniqueConstraint("digest", name=op.f("uq_token_digest")),
        sa.UniqueConstraint("former_digest", name=op.f("uq_token_former_digest")),
    )
    op.create_table(
        "token_negotiation",
        sa.Column("token_id", Id, nullable=False),
        sa.Column("negotiation_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["token_id"],
            ["token.id"],
            name=op.f("fk_token_negotiation_token_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["negotiation_id"],
            ["negotiation.id"],
            name=op.f("fk_token_negotiation_negotiation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_id", "negotiation_id", name=op.f("pk_token_negotiation")),
    )
    op.create_index(
        op.f("ix_token_negotiation_negotiation_id"), "token_negotiation", ["negotiation_id"]
    )
    # One statement for both: SQLite can add a column with its check, and need not make the table anew,
    # which all others refer to.
    op.execute(
        "ALTER TABLE negotiation ADD COLUMN visibility VARCHAR(32) DEFAULT 'public' NOT NULL "
        "CONSTRAINT ck_negotiation_visibility CHECK (visibility IN ('public', 'private'))"
    )


def downgrade() -> None:
    """Undo."""
    op.execute("ALTER TABLE negotiation DROP COLUMN visibility")
    op.drop_table("token_negotiation")
    op.drop_table("token")
