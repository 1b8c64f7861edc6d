"""history: every change of the record, and who recorded and last changed what."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PROSE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ATTRIBUTED = ("position", "account", "commitment")
REFUSAL = "the history of the record is added to only"


def string(length: int) -> sa.types.TypeEngine[str]:
    """Text up to `length` that sorts by code point."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Apply."""
    create_changes()
    create_guards()
    # Not in a batch: SQLite can add a column, and would make the whole table anew.
    op.execute("ALTER TABLE position ADD COLUMN created_revision INTEGER DEFAULT '0' NOT NULL")
    for table in ATTRIBUTED:
        for name in ("recorded_by", "changed_by"):
            op.add_column(table, sa.Column(name, string(200), nullable=True))


def create_changes() -> None:
    """The tables of changes."""
    op.create_table(
        "change",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("noun", string(32), nullable=False),
        sa.Column("record_id", ID, nullable=True),
        sa.Column("key", string(80), nullable=True),
        sa.Column("negotiation", string(80), nullable=True),
        sa.Column("before", PROSE, nullable=True),
        sa.Column("after", PROSE, nullable=True),
        sa.Column("who", string(200), nullable=True),
        sa.Column("request_id", string(128), nullable=True),
        sa.Column("reason", string(500), nullable=True),
        sa.CheckConstraint(
            "action IN ('created', 'changed', 'deleted', 'restored', 'imported')",
            name=op.f("ck_change_action"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index(op.f("ix_change_noun_key"), "change", ["noun", "key"])
    op.create_table(
        "change_of",
        sa.Column("negotiation_id", ID, autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("change_id", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_change_of_change_id")),
        sa.PrimaryKeyConstraint(
            "negotiation_id", "revision", "change_id", name=op.f("pk_change_of")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_change_of_change_id"), "change_of", ["change_id"])


def create_guards() -> None:
    """What refuses to change or to delete what is in the history."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute(
            "CREATE OR REPLACE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
    for table in ("change", "change_of"):
        if not is_sqlite:
            op.execute(
                f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION keep_history()"
            )
            continue
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_kept_on_{verb} BEFORE {verb.upper()} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )


def downgrade() -> None:
    """Undo."""
    for table in ATTRIBUTED:
        for name in ("changed_by", "recorded_by"):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    op.execute("ALTER TABLE position DROP COLUMN created_revision")
    op.drop_table("change_of")
    op.drop_table("change")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION keep_history()")
