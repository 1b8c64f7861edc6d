"""audiences: what of a negotiation not everybody sees, and who sees a change of that.

SQLite makes the tables anew for it, with their indexes and the triggers of their search index, whose
entries stay: they go by the id of the row.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIMESTAMP = sa.DateTime(timezone=True)
LIMITABLE = ("demand", "position", "account", "citation")
IS_LIMITED = sa.text("audience_id IS NOT NULL")
REFUSAL = "the history of the record is added to only"

TWINS = "uq_position_demand_id_party_id_begins_on"
TWINS_BY_AUDIENCE = f"{TWINS}_audience"
TWIN_COLUMNS = ["demand_id", "party_id", "begins_on"]
ENDS = "ck_position_ends_on"
ENDS_BEFORE = "ends_on >= begins_on AND length(ends_on) = 10"
ENDS_AFTER = "length(ends_on) = 10"


def string(length: int) -> sa.types.TypeEngine[str]:
    """Text up to `length` that sorts by code point."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Apply."""
    # Not in a batch: SQLite can add a column, and would make the whole table anew.
    no = "0" if is_sqlite() else "false"
    op.execute(f"ALTER TABLE negotiation ADD COLUMN is_divided BOOLEAN DEFAULT {no} NOT NULL")
    create_audiences()
    if not is_sqlite():
        op.drop_constraint(TWINS, "position")
        op.drop_constraint(ENDS, "position")
        op.create_check_constraint(op.f(ENDS), "position", ENDS_AFTER)
    for table in LIMITABLE:
        if is_sqlite():
            add_on_sqlite(table)
        else:
            op.execute(f"ALTER TABLE {table} ADD COLUMN audience_id BIGINT {foreign_key(table)}")
        op.create_index(
            op.f(f"ix_{table}_audience_id"),
            table,
            ["audience_id"],
            postgresql_where=IS_LIMITED,
            sqlite_where=IS_LIMITED,
        )
    of_audience = sa.text("coalesce(audience_id, 0)")
    op.create_index(TWINS_BY_AUDIENCE, "position", [*TWIN_COLUMNS, of_audience], unique=True)


def foreign_key(table: str) -> str:
    """The constraint of the column that says to whom a row of `table` is limited."""
    return f"CONSTRAINT fk_{table}_audience_id REFERENCES audience (id)"


def add_on_sqlite(table: str) -> None:
    """Make the table anew with that column, and positions without what is not so any more."""
    key = "FOREIGN KEY(audience_id) REFERENCES audience (id)"
    named = f"CONSTRAINT fk_{table}_audience_id {key}"
    changes = {", CONSTRAINT ": f", audience_id INTEGER, {named}, CONSTRAINT "}
    if table == "position":
        changes |= {ENDS_BEFORE: ENDS_AFTER, unique_twins(): ""}
    make_anew(table, changes)


def unique_twins() -> str:
    """What SQLite has of the constraint that positions do not have any more."""
    return f", CONSTRAINT {TWINS} UNIQUE ({', '.join(TWIN_COLUMNS)})"


def is_sqlite() -> bool:
    """Whether the engine is SQLite."""
    return op.get_bind().dialect.name == "sqlite"


def create_audiences() -> None:
    """The tables of audiences, and of the changes that only these see."""
    op.create_table(
        "audience",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("negotiation_id", ID, nullable=False),
        sa.Column("slug", string(80), nullable=False),
        sa.Column("title", string(500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.ForeignKeyConstraint(
            ["negotiation_id"],
            ["negotiation.id"],
            name=op.f("fk_audience_negotiation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience")),
        sa.UniqueConstraint("negotiation_id", "slug", name=op.f("uq_audience_negotiation_id_slug")),
        sa.UniqueConstraint("negotiation_id", "id", name=op.f("uq_audience_negotiation_id_id")),
    )
    op.create_table(
        "audience_member",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("audience_id", ID, nullable=False),
        sa.Column("name", string(500), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audience_id"],
            ["audience.id"],
            name=op.f("fk_audience_member_audience_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience_member")),
    )
    for column in ("audience_id", "name"):
        op.create_index(op.f(f"ix_audience_member_{column}"), "audience_member", [column])
    op.create_table(
        "change_audience",
        sa.Column("negotiation_id", ID, autoincrement=False, nullable=False),
        sa.Column("change_id", ID, autoincrement=False, nullable=False),
        sa.Column("audience_id", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["change.id"], name=op.f("fk_change_audience_change_id")
        ),
        sa.PrimaryKeyConstraint(
            "negotiation_id", "change_id", "audience_id", name=op.f("pk_change_audience")
        ),
        sqlite_with_rowid=False,
    )
    table = "change_audience"
    if not is_sqlite():
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION keep_history()"
        )
        return
    for verb in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_kept_on_{verb} BEFORE {verb.upper()} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def make_anew(table: str, changes: dict[str, str]) -> None:
    """Copy the rows into a table like theirs but for `changes` of its text, what is new empty."""
    connection = op.get_bind()
    made = connection.execute(
        sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL"),
        {"table": table},
    ).all()
    (statement,) = (row.sql for row in made if row.type == "table")
    there = names_of(table)
    text = " ".join(statement.split())
    for before, after in changes.items():
        if before not in text:
            raise RuntimeError(f"The table {table} has no: {before}")
        text = text.replace(before, after, 1)
    op.execute(f"CREATE TABLE {table}_anew {text[text.index('(') :]}")
    names = ", ".join(f'"{name}"' for name in there & names_of(f"{table}_anew"))
    op.execute(f"INSERT INTO {table}_anew ({names}) SELECT {names} FROM {table}")  # noqa: S608  # nosec B608
    op.drop_table(table)
    op.rename_table(f"{table}_anew", table)
    for row in made:
        if row.type in {"index", "trigger"}:
            connection.exec_driver_sql(row.sql)


def names_of(table: str) -> set[str]:
    """The names of the columns of a table."""
    return {row.name for row in op.get_bind().exec_driver_sql(f"PRAGMA table_info({table})")}


def downgrade() -> None:
    """Undo. What is limited would be for all then, so that there must be nothing that is."""
    for table in LIMITABLE:
        is_limited = f"SELECT 1 FROM {table} WHERE audience_id IS NOT NULL LIMIT 1"  # noqa: S608  # nosec B608
        if op.get_bind().exec_driver_sql(is_limited).first() is not None:
            raise RuntimeError(f"A {table} is limited to an audience: open or delete it first.")
    op.drop_index(TWINS_BY_AUDIENCE, "position")
    for table in LIMITABLE:
        op.drop_index(op.f(f"ix_{table}_audience_id"), table)
    for table in LIMITABLE:
        if is_sqlite():
            drop_on_sqlite(table)
        else:
            op.execute(f"ALTER TABLE {table} DROP COLUMN audience_id")
    if not is_sqlite():
        op.drop_constraint(ENDS, "position")
        op.create_check_constraint(op.f(ENDS), "position", ENDS_BEFORE)
        op.create_unique_constraint(op.f(TWINS), "position", TWIN_COLUMNS)
    op.drop_table("change_audience")
    op.drop_table("audience_member")
    op.drop_table("audience")
    op.execute("ALTER TABLE negotiation DROP COLUMN is_divided")


def drop_on_sqlite(table: str) -> None:
    """Make the table anew as it was."""
    key = "FOREIGN KEY(audience_id) REFERENCES audience (id)"
    changes = {f" audience_id INTEGER, CONSTRAINT fk_{table}_audience_id {key},": ""}
    if table == "position":
        begins = ", CONSTRAINT ck_position_begins_on "
        changes |= {ENDS_AFTER: ENDS_BEFORE, begins: f"{unique_twins()}{begins}"}
    make_anew(table, changes)
