"""kept: no way around the guards of the history; limits of tokens outlive their negotiations."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

REFUSAL = "the history of the record is added to only"
IS_THERE = "EXISTS (SELECT 1 FROM change WHERE id = NEW.id)"
HISTORY = ("change", "change_of", "change_audience")
TO_NEGOTIATION = "fk_token_negotiation_negotiation_id"


def upgrade() -> None:
    """Apply."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER change_kept_on_insert BEFORE INSERT ON change WHEN {IS_THERE}"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
    else:
        for table in HISTORY:
            op.execute(
                f"CREATE TRIGGER {table}_kept_whole BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION keep_history()"
            )
    with op.batch_alter_table("token_negotiation") as limits:
        limits.drop_constraint(TO_NEGOTIATION, type_="foreignkey")


def downgrade() -> None:
    """Undo."""
    op.execute(
        "DELETE FROM token_negotiation WHERE negotiation_id NOT IN (SELECT id FROM negotiation)"
    )
    with op.batch_alter_table("token_negotiation") as limits:
        limits.create_foreign_key(
            TO_NEGOTIATION, "negotiation", ["negotiation_id"], ["id"], ondelete="CASCADE"
        )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER change_kept_on_insert")
    else:
        for table in HISTORY:
            op.execute(f"DROP TRIGGER {table}_kept_whole ON {table}")
