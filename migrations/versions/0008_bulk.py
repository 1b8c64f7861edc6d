"""bulk: one index of positions less, and no log of rows that are on their way in."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BY_PARTY = "ix_position_party_id"
BY_NEGOTIATION = "ix_position_negotiation_id_party_id_begins_on_ends_on_demand_id"
BY_BOTH = "ix_position_party_id_negotiation_id_ends_on_begins_on_demand_id"
# In this order: what is in no log may refer to what is, and not the other way round.
STAGING = ("import_fault", "import_run", "import_row")


def upgrade() -> None:
    """Apply."""
    op.create_index(
        BY_BOTH,
        "position",
        ["party_id", "negotiation_id", "ends_on", "begins_on", "demand_id"],
    )
    op.drop_index(BY_NEGOTIATION, "position")
    op.drop_index(BY_PARTY, "position")
    set_logged("UNLOGGED", STAGING)


def downgrade() -> None:
    """Undo."""
    set_logged("LOGGED", STAGING[::-1])
    op.create_index(BY_PARTY, "position", ["party_id"])
    op.create_index(
        BY_NEGOTIATION,
        "position",
        ["negotiation_id", "party_id", "begins_on", "ends_on", "demand_id"],
    )
    op.drop_index(BY_BOTH, "position")


def set_logged(logged: str, tables: tuple[str, ...]) -> None:
    """Whether PostgreSQL writes changes of `tables` to its log; SQLite knows no such thing."""
    if op.get_bind().dialect.name == "postgresql":
        for table in tables:
            op.execute(f"ALTER TABLE {table} SET {logged}")
