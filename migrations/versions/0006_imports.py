"""imports: rows on their way in; and positions without two checks that say what others say.

SQLite makes the table of positions anew for that, with its indexes and the triggers of its search
index, whose entries stay: they go by the id of the position.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PROSE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TIMESTAMP = sa.DateTime(timezone=True)
FOREIGN_KEY = "fk_position_negotiation_id"
UNIQUE = "uq_position_negotiation_id_id"
BY_MEETING = "ix_position_meeting_id"
HAS_MEETING = sa.text("meeting_id IS NOT NULL")


def string(length: int) -> sa.types.TypeEngine[str]:
    """Text up to `length` that sorts by code point."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Apply."""
    create_staging()
    op.drop_index(BY_MEETING, "position")
    if op.get_bind().dialect.name == "sqlite":
        make_positions_anew(with_checks=False)
    else:
        op.drop_constraint(FOREIGN_KEY, "position")
        op.drop_constraint(UNIQUE, "position")
    op.create_index(
        BY_MEETING,
        "position",
        ["meeting_id"],
        postgresql_where=HAS_MEETING,
        sqlite_where=HAS_MEETING,
    )


def create_staging() -> None:
    """The tables of imports under way."""
    op.create_table(
        "import_run",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("fingerprint", string(64), nullable=False),
        sa.Column("negotiation_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("passed_over", sa.Integer(), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.ForeignKeyConstraint(
            ["negotiation_id"],
            ["negotiation.id"],
            name=op.f("fk_import_run_negotiation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_import_run_fingerprint")),
    )
    op.create_index(op.f("ix_import_run_negotiation_id"), "import_run", ["negotiation_id"])
    op.create_table(
        "import_fault",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("pointer", PROSE, nullable=False),
        sa.Column("detail", PROSE, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["import_run.id"],
            name=op.f("fk_import_fault_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_fault")),
    )
    op.create_index(op.f("ix_import_fault_run_id"), "import_fault", ["run_id"])
    op.create_table(
        "import_row",
        sa.Column("run_id", ID, autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("party_id", ID, nullable=False),
        sa.Column("demand_id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=True),
        sa.Column("begins_on", string(10), nullable=False),
        sa.Column("day_before", string(10), nullable=False),
        sa.Column("last_day", string(10), nullable=False),
        sa.Column("date", string(10), nullable=False),
        sa.Column("until", string(10), nullable=True),
        sa.Column("stance", string(32), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("reservation_value", sa.Double(), nullable=True),
        sa.Column("salience", sa.Double(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("deadline", string(10), nullable=True),
        sa.Column("summary", PROSE, nullable=True),
        sa.Column("words", PROSE, nullable=True),
        sa.Column("parts", PROSE, nullable=True),
        sa.PrimaryKeyConstraint("run_id", "line", name=op.f("pk_import_row")),
        sqlite_with_rowid=False,
    )


def create_positions(name: str, *more: sa.Constraint) -> sa.Table:
    """Create the table of positions, as the revision before left it but for `more`."""
    return op.create_table(
        name,
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("negotiation_id", ID, nullable=False),
        sa.Column("party_id", ID, nullable=False),
        sa.Column("demand_id", ID, nullable=False),
        sa.Column("date", string(10), nullable=False),
        sa.Column("until", string(10), nullable=True),
        sa.Column("begins_on", string(10), nullable=False),
        sa.Column("ends_on", string(10), nullable=False),
        sa.Column("stance", sa.String(32), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("reservation_value", sa.Double(), nullable=True),
        sa.Column("salience", sa.Double(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("deadline", string(10), nullable=True),
        sa.Column("summary", PROSE, nullable=True),
        sa.Column("meeting_id", ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "begins_on = substr(date || '-01-01', 1, 10)", name=op.f("ck_position_begins_on")
        ),
        sa.CheckConstraint(
            "confidence BETWEEN 0 AND 100", name=op.f("ck_position_confidence_range")
        ),
        sa.CheckConstraint(
            "ends_on >= begins_on AND length(ends_on) = 10", name=op.f("ck_position_ends_on")
        ),
        sa.CheckConstraint("length(date) IN (4, 7, 10)", name=op.f("ck_position_date_precision")),
        sa.CheckConstraint(
            "length(deadline) IN (4, 7, 10)", name=op.f("ck_position_deadline_precision")
        ),
        sa.CheckConstraint("length(until) IN (4, 7, 10)", name=op.f("ck_position_until_precision")),
        sa.CheckConstraint("salience BETWEEN 0 AND 100", name=op.f("ck_position_salience_range")),
        sa.CheckConstraint(
            "stance IN ('demand', 'accept', 'conditional', 'reserve', 'reject')",
            name=op.f("ck_position_stance"),
        ),
        sa.ForeignKeyConstraint(
            ["negotiation_id", "demand_id"],
            ["demand.negotiation_id", "demand.id"],
            name=op.f("fk_position_negotiation_id_demand_id"),
        ),
        sa.ForeignKeyConstraint(
            ["negotiation_id", "meeting_id"],
            ["meeting.negotiation_id", "meeting.id"],
            name=op.f("fk_position_negotiation_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["negotiation_id", "party_id"],
            ["participant.negotiation_id", "participant.party_id"],
            name=op.f("fk_position_negotiation_id_party_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position")),
        sa.UniqueConstraint(
            "demand_id",
            "party_id",
            "begins_on",
            name=op.f("uq_position_demand_id_party_id_begins_on"),
        ),
        *more,
    )


def checks() -> tuple[sa.Constraint, ...]:
    """What positions are made without."""
    return (
        sa.ForeignKeyConstraint(
            ["negotiation_id"], ["negotiation.id"], name=FOREIGN_KEY, ondelete="CASCADE"
        ),
        sa.UniqueConstraint("negotiation_id", "id", name=UNIQUE),
    )


def make_positions_anew(*, with_checks: bool) -> None:
    """Copy the positions into a table of that form, which then takes the place of theirs."""
    connection = op.get_bind()
    made = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'position'"
        " AND type IN ('index', 'trigger') AND sql IS NOT NULL"
    )
    statements = [row.sql for row in made]
    table = create_positions("position_anew", *(checks() if with_checks else ()))
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    op.execute(f"INSERT INTO position_anew ({columns}) SELECT {columns} FROM position")  # noqa: S608  # nosec B608
    op.drop_table("position")
    op.rename_table("position_anew", "position")
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    """Undo."""
    op.drop_index(BY_MEETING, "position")
    if op.get_bind().dialect.name == "sqlite":
        make_positions_anew(with_checks=True)
    else:
        op.create_foreign_key(
            FOREIGN_KEY, "position", "negotiation", ["negotiation_id"], ["id"], ondelete="CASCADE"
        )
        op.create_unique_constraint(UNIQUE, "position", ["negotiation_id", "id"])
    op.create_index(BY_MEETING, "position", ["meeting_id"])
    for table in ("import_row", "import_fault", "import_run"):
        op.drop_table(table)
