"""catalogue revisions, and an index for the lists of positions by date."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "catalogue_revision",
        sa.Column(
            "noun",
            sa.String(32).with_variant(sa.String(32, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("noun", name=op.f("pk_catalogue_revision")),
    )
    op.create_index(
        op.f("ix_position_negotiation_id_date_id"), "position", ["negotiation_id", "date", "id"]
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_position_negotiation_id_date_id"), "position")
    op.drop_table("catalogue_revision")
