"""changes: the revision at which each position was last written, and one last deleted."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = (("position", "revision"), ("negotiation", "removed_at"))


def upgrade() -> None:
    """Apply."""
    for table, name in COLUMNS:
        # Not in a batch: SQLite can add a column, and would make the whole table anew.
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} INTEGER DEFAULT '0' NOT NULL")
    op.create_index(
        op.f("ix_position_negotiation_id_revision"), "position", ["negotiation_id", "revision"]
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_position_negotiation_id_revision"), "position")
    for table, name in COLUMNS:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
