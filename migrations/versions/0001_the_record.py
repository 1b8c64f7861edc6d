"""the record."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PROSE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TIMESTAMP = sa.DateTime(timezone=True)


def string(length: int) -> sa.types.TypeEngine[str]:
    """Text up to `length` that sorts by code point."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def choice(name: str, *values: str) -> sa.Enum:
    """Text that is one of `values`."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "issue",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("slug", string(80), nullable=False),
        sa.Column("title", string(500), nullable=False),
        sa.Column("summary", PROSE, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
        sa.UniqueConstraint("slug", name=op.f("uq_issue_slug")),
    )
    op.create_table(
        "negotiation",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("slug", string(80), nullable=False),
        sa.Column("title", string(500), nullable=False),
        sa.Column("summary", PROSE, nullable=True),
        sa.Column(
            "status",
            choice("status", "planned", "active", "suspended", "concluded", "collapsed"),
            nullable=False,
        ),
        sa.Column("starts_on", string(10), nullable=True),
        sa.Column("ends_on", string(10), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.CheckConstraint(
            "length(ends_on) IN (4, 7, 10)", name=op.f("ck_negotiation_ends_on_precision")
        ),
        sa.CheckConstraint(
            "length(starts_on) IN (4, 7, 10)", name=op.f("ck_negotiation_starts_on_precision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_negotiation")),
        sa.UniqueConstraint("slug", name=op.f("uq_negotiation_slug")),
    )
    op.create_table(
        "party",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("slug", string(80), nullable=False),
        sa.Column("name", string(500), nullable=False),
        sa.Column(
            "kind",
            choice(
                "kind",
                "state",
                "bloc",
                "organisation",
                "armed_group",
                "government_body",
                "political_party",
                "person",
            ),
            nullable=False,
        ),
        sa.Column("iso_3166", string(8), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("slug", name=op.f("uq_party_slug")),
    )
    op.create_index(op.f("ix_party_iso_3166"), "party", ["iso_3166"], unique=False)
    op.create_table(
        "source",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("slug", string(80), nullable=False),
        sa.Column("title", string(500), nullable=False),
        sa.Column("publisher", string(500), nullable=True),
        sa.Column("author", string(500), nullable=True),
        sa.Column("url", string(2000), nullable=True),
        sa.Column("published_on", string(10), nullable=True),
        sa.Column("retrieved_on", string(10), nullable=True),
        sa.Column("language", string(35), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.CheckConstraint(
            "length(published_on) IN (4, 7, 10)", name=op.f("ck_source_published_on_precision")
        ),
        sa.CheckConstraint(
            "length(retrieved_on) IN (4, 7, 10)", name=op.f("ck_source_retrieved_on_precision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("slug", name=op.f("uq_source_slug")),
    )
    op.create_table(
        "demand",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("negotiation_id", ID, nullable=False),
        sa.Column("slug", string(80), nullable=False),
        sa.Column("title", string(500), nullable=False),
        sa.Column("text", PROSE, nullable=True),
        sa.Column("issue_id", ID, nullable=False),
        sa.Column("part_of_id", ID, nullable=True),
        sa.Column("deadline", string(10), nullable=True),
        sa.Column("scale_min", sa.Double(), nullable=True),
        sa.Column("scale_max", sa.Double(), nullable=True),
        sa.Column("scale_unit", string(80), nullable=True),
        sa.Column("scale_min_means", string(500), nullable=True),
        sa.Column("scale_max_means", string(500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.CheckConstraint(
            "(scale_min IS NULL) = (scale_max IS NULL) AND NOT scale_min >= scale_max",
            name=op.f("ck_demand_scale"),
        ),
        sa.CheckConstraint(
            "length(deadline) IN (4, 7, 10)", name=op.f("ck_demand_deadline_precision")
        ),
        sa.CheckConstraint("part_of_id <> id", name=op.f("ck_demand_part_of_another")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_demand_issue_id")),
        sa.ForeignKeyConstraint(
            ["negotiation_id", "part_of_id"],
            ["demand.negotiation_id", "demand.id"],
            name=op.f("fk_demand_negotiation_id_part_of_id"),
        ),
        sa.ForeignKeyConstraint(
            ["negotiation_id"],
            ["negotiation.id"],
            name=op.f("fk_demand_negotiation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand")),
        sa.UniqueConstraint("negotiation_id", "id", name=op.f("uq_demand_negotiation_id_id")),
        sa.UniqueConstraint("negotiation_id", "slug", name=op.f("uq_demand_negotiation_id_slug")),
    )
    op.create_index(op.f("ix_demand_issue_id"), "demand", ["issue_id"], unique=False)
    op.create_index(
        op.f("ix_demand_negotiation_id_issue_id"),
        "demand",
        ["negotiation_id", "issue_id"],
        unique=False,
    )
    op.create_index(op.f("ix_demand_part_of_id"), "demand", ["part_of_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("negotiation_id", ID, nullable=False),
        sa.Column("slug", string(80), nullable=False),
        sa.Column("title", string(500), nullable=False),
        sa.Column("text", PROSE, nullable=True),
        sa.Column(
            "kind",
            choice("kind", "deadline", "measure", "visit", "statement", "invitation", "other"),
            nullable=False,
        ),
        sa.Column("date", string(10), nullable=False),
        sa.Column("until", string(10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.CheckConstraint("length(date) IN (4, 7, 10)", name=op.f("ck_event_date_precision")),
        sa.CheckConstraint("length(until) IN (4, 7, 10)", name=op.f("ck_event_until_precision")),
        sa.ForeignKeyConstraint(
            ["negotiation_id"],
            ["negotiation.id"],
            name=op.f("fk_event_negotiation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("negotiation_id", "id", name=op.f("uq_event_negotiation_id_id")),
        sa.UniqueConstraint("negotiation_id", "slug", name=op.f("uq_event_negotiation_id_slug")),
    )
    op.create_index(
        op.f("ix_event_negotiation_id_date"), "event", ["negotiation_id", "date"], unique=False
    )
    op.create_table(
        "meeting",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("negotiation_id", ID, nullable=False),
        sa.Column("slug", string(80), nullable=False),
        sa.Column("title", string(500), nullable=False),
        sa.Column("summary", PROSE, nullable=True),
        sa.Column("starts_on", string(10), nullable=False),
        sa.Column("ends_on", string(10), nullable=True),
        sa.Column("place", string(500), nullable=True),
        sa.Column("host_id", ID, nullable=True),
        sa.Column(
            "level",
            choice(
                "level",
                "summit",
                "ministerial",
                "envoy",
                "working_level",
                "technical",
                "backchannel",
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            choice(
                "outcome",
                "agreement",
                "joint_statement",
                "partial_agreement",
                "agreed_to_continue",
                "no_agreement",
                "broke_down",
                "suspended",
                "cancelled",
                "unknown",
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.CheckConstraint(
            "length(ends_on) IN (4, 7, 10)", name=op.f("ck_meeting_ends_on_precision")
        ),
        sa.CheckConstraint(
            "length(starts_on) IN (4, 7, 10)", name=op.f("ck_meeting_starts_on_precision")
        ),
        sa.ForeignKeyConstraint(["host_id"], ["party.id"], name=op.f("fk_meeting_host_id")),
        sa.ForeignKeyConstraint(
            ["negotiation_id"],
            ["negotiation.id"],
            name=op.f("fk_meeting_negotiation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("negotiation_id", "id", name=op.f("uq_meeting_negotiation_id_id")),
        sa.UniqueConstraint("negotiation_id", "slug", name=op.f("uq_meeting_negotiation_id_slug")),
    )
    op.create_index(op.f("ix_meeting_host_id"), "meeting", ["host_id"], unique=False)
    op.create_index(
        op.f("ix_meeting_negotiation_id_starts_on"),
        "meeting",
        ["negotiation_id", "starts_on"],
        unique=False,
    )
    op.create_table(
        "membership",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("party_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("since", string(10), nullable=True),
        sa.Column("until", string(10), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "length(since) IN (4, 7, 10)", name=op.f("ck_membership_since_precision")
        ),
        sa.CheckConstraint(
            "length(until) IN (4, 7, 10)", name=op.f("ck_membership_until_precision")
        ),
        sa.CheckConstraint("party_id <> organisation_id", name=op.f("ck_membership_not_of_itself")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["party.id"], name=op.f("fk_membership_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_membership_party_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index(
        op.f("ix_membership_organisation_id"), "membership", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_membership_party_id"), "membership", ["party_id"], unique=False)
    op.create_table(
        "participant",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("negotiation_id", ID, nullable=False),
        sa.Column("party_id", ID, nullable=False),
        sa.Column(
            "role",
            choice(
                "role",
                "principal",
                "mediator",
                "facilitator",
                "host",
                "guarantor",
                "observer",
                "supporter",
            ),
            nullable=False,
        ),
        sa.Column("supports_id", ID, nullable=True),
        sa.Column("weight", sa.Double(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.CheckConstraint("supports_id <> party_id", name=op.f("ck_participant_supports_another")),
        sa.CheckConstraint("weight BETWEEN 0 AND 100", name=op.f("ck_participant_weight_range")),
        sa.ForeignKeyConstraint(
            ["negotiation_id", "supports_id"],
            ["participant.negotiation_id", "participant.party_id"],
            name=op.f("fk_participant_negotiation_id_supports_id"),
        ),
        sa.ForeignKeyConstraint(
            ["negotiation_id"],
            ["negotiation.id"],
            name=op.f("fk_participant_negotiation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_participant_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint(
            "negotiation_id", "party_id", name=op.f("uq_participant_negotiation_id_party_id")
        ),
    )
    op.create_index(op.f("ix_participant_party_id"), "participant", ["party_id"], unique=False)
    op.create_table(
        "party_identifier",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("party_id", ID, nullable=False),
        sa.Column("scheme", string(80), nullable=False),
        sa.Column("value", string(500), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"],
            ["party.id"],
            name=op.f("fk_party_identifier_party_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_identifier")),
        sa.UniqueConstraint("party_id", "scheme", name=op.f("uq_party_identifier_party_id_scheme")),
    )
    op.create_table(
        "party_name",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("party_id", ID, nullable=False),
        sa.Column("name", string(500), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_party_name_party_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_name")),
    )
    op.create_index(op.f("ix_party_name_party_id"), "party_name", ["party_id"], unique=False)
    op.create_table(
        "account",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("negotiation_id", ID, nullable=False),
        sa.Column("slug", string(80), nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("party_id", ID, nullable=False),
        sa.Column("speaker", string(500), nullable=True),
        sa.Column("date", string(10), nullable=False),
        sa.Column(
            "outcome",
            choice(
                "outcome",
                "agreement",
                "joint_statement",
                "partial_agreement",
                "agreed_to_continue",
                "no_agreement",
                "broke_down",
                "suspended",
                "cancelled",
                "unknown",
            ),
            nullable=True,
        ),
        sa.Column("summary", PROSE, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.CheckConstraint("length(date) IN (4, 7, 10)", name=op.f("ck_account_date_precision")),
        sa.ForeignKeyConstraint(
            ["negotiation_id", "meeting_id"],
            ["meeting.negotiation_id", "meeting.id"],
            name=op.f("fk_account_negotiation_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["negotiation_id"],
            ["negotiation.id"],
            name=op.f("fk_account_negotiation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_account_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("negotiation_id", "id", name=op.f("uq_account_negotiation_id_id")),
        sa.UniqueConstraint("negotiation_id", "slug", name=op.f("uq_account_negotiation_id_slug")),
    )
    op.create_index(op.f("ix_account_meeting_id"), "account", ["meeting_id"], unique=False)
    op.create_index(op.f("ix_account_party_id"), "account", ["party_id"], unique=False)
    op.create_table(
        "agenda_item",
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("demand_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_agenda_item_demand_id")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_agenda_item_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("meeting_id", "demand_id", name=op.f("pk_agenda_item")),
    )
    op.create_index(op.f("ix_agenda_item_demand_id"), "agenda_item", ["demand_id"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("party_id", ID, nullable=False),
        sa.Column("delegate", string(500), nullable=True),
        sa.Column("role", string(500), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_attendance_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_attendance_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
    )
    op.create_index(op.f("ix_attendance_meeting_id"), "attendance", ["meeting_id"], unique=False)
    op.create_index(op.f("ix_attendance_party_id"), "attendance", ["party_id"], unique=False)
    op.create_table(
        "commitment",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("negotiation_id", ID, nullable=False),
        sa.Column("slug", string(80), nullable=False),
        sa.Column("party_id", ID, nullable=False),
        sa.Column("demand_id", ID, nullable=False),
        sa.Column("delivers", choice("delivers", "wholly", "partly"), nullable=False),
        sa.Column("text", PROSE, nullable=True),
        sa.Column("meeting_id", ID, nullable=True),
        sa.Column(
            "status",
            choice(
                "status",
                "pledged",
                "in_progress",
                "delivered",
                "suspended",
                "withdrawn",
                "breached",
                "disputed",
            ),
            nullable=False,
        ),
        sa.Column("date", string(10), nullable=False),
        sa.Column("deadline", string(10), nullable=True),
        sa.Column("status_since", string(10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.CheckConstraint("length(date) IN (4, 7, 10)", name=op.f("ck_commitment_date_precision")),
        sa.CheckConstraint(
            "length(deadline) IN (4, 7, 10)", name=op.f("ck_commitment_deadline_precision")
        ),
        sa.CheckConstraint(
            "length(status_since) IN (4, 7, 10)", name=op.f("ck_commitment_status_since_precision")
        ),
        sa.ForeignKeyConstraint(
            ["negotiation_id", "demand_id"],
            ["demand.negotiation_id", "demand.id"],
            name=op.f("fk_commitment_negotiation_id_demand_id"),
        ),
        sa.ForeignKeyConstraint(
            ["negotiation_id", "meeting_id"],
            ["meeting.negotiation_id", "meeting.id"],
            name=op.f("fk_commitment_negotiation_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["negotiation_id"],
            ["negotiation.id"],
            name=op.f("fk_commitment_negotiation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_commitment_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("negotiation_id", "id", name=op.f("uq_commitment_negotiation_id_id")),
        sa.UniqueConstraint(
            "negotiation_id", "slug", name=op.f("uq_commitment_negotiation_id_slug")
        ),
    )
    op.create_index(op.f("ix_commitment_demand_id"), "commitment", ["demand_id"], unique=False)
    op.create_index(op.f("ix_commitment_meeting_id"), "commitment", ["meeting_id"], unique=False)
    op.create_index(
        op.f("ix_commitment_negotiation_id_date"),
        "commitment",
        ["negotiation_id", "date"],
        unique=False,
    )
    op.create_index(op.f("ix_commitment_party_id"), "commitment", ["party_id"], unique=False)
    op.create_table(
        "demand_addressee",
        sa.Column("demand_id", ID, nullable=False),
        sa.Column("party_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["demand_id"],
            ["demand.id"],
            name=op.f("fk_demand_addressee_demand_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_demand_addressee_party_id")
        ),
        sa.PrimaryKeyConstraint("demand_id", "party_id", name=op.f("pk_demand_addressee")),
    )
    op.create_index(
        op.f("ix_demand_addressee_party_id"), "demand_addressee", ["party_id"], unique=False
    )
    op.create_table(
        "event_issue",
        sa.Column("event_id", ID, nullable=False),
        sa.Column("issue_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_issue_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_event_issue_issue_id")),
        sa.PrimaryKeyConstraint("event_id", "issue_id", name=op.f("pk_event_issue")),
    )
    op.create_index(op.f("ix_event_issue_issue_id"), "event_issue", ["issue_id"], unique=False)
    op.create_table(
        "event_party",
        sa.Column("event_id", ID, nullable=False),
        sa.Column("party_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_party_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_event_party_party_id")),
        sa.PrimaryKeyConstraint("event_id", "party_id", name=op.f("pk_event_party")),
    )
    op.create_index(op.f("ix_event_party_party_id"), "event_party", ["party_id"], unique=False)
    op.create_table(
        "position",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("negotiation_id", ID, nullable=False),
        sa.Column("party_id", ID, nullable=False),
        sa.Column("demand_id", ID, nullable=False),
        sa.Column("date", string(10), nullable=False),
        sa.Column("until", string(10), nullable=True),
        sa.Column("begins_on", string(10), nullable=False),
        sa.Column("ends_on", string(10), nullable=False),
        sa.Column(
            "stance",
            choice("stance", "demand", "accept", "conditional", "reserve", "reject"),
            nullable=False,
        ),
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
        sa.ForeignKeyConstraint(
            ["negotiation_id"],
            ["negotiation.id"],
            name=op.f("fk_position_negotiation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position")),
        sa.UniqueConstraint(
            "demand_id",
            "party_id",
            "begins_on",
            name=op.f("uq_position_demand_id_party_id_begins_on"),
        ),
        sa.UniqueConstraint("negotiation_id", "id", name=op.f("uq_position_negotiation_id_id")),
    )
    op.create_index(op.f("ix_position_meeting_id"), "position", ["meeting_id"], unique=False)
    op.create_index(
        op.f("ix_position_negotiation_id_party_id_begins_on_ends_on_demand_id"),
        "position",
        ["negotiation_id", "party_id", "begins_on", "ends_on", "demand_id"],
        unique=False,
    )
    op.create_index(op.f("ix_position_party_id"), "position", ["party_id"], unique=False)
    op.create_table(
        "citation",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("demand_id", ID, nullable=True),
        sa.Column("position_id", ID, nullable=True),
        sa.Column("meeting_id", ID, nullable=True),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("commitment_id", ID, nullable=True),
        sa.Column("event_id", ID, nullable=True),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("quotation", PROSE, nullable=True),
        sa.Column("quoted", string(500), nullable=True),
        sa.Column("locator", string(500), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN demand_id IS NULL THEN 0 ELSE 1 END + CASE WHEN position_id IS NULL THEN 0 ELSE 1 END + CASE WHEN meeting_id IS NULL THEN 0 ELSE 1 END + CASE WHEN account_id IS NULL THEN 0 ELSE 1 END + CASE WHEN commitment_id IS NULL THEN 0 ELSE 1 END + CASE WHEN event_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_citation_one_record"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_citation_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"],
            ["commitment.id"],
            name=op.f("fk_citation_commitment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_citation_demand_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_citation_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_citation_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["position_id"],
            ["position.id"],
            name=op.f("fk_citation_position_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_citation_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citation")),
    )
    op.create_index(op.f("ix_citation_account_id"), "citation", ["account_id"], unique=False)
    op.create_index(op.f("ix_citation_commitment_id"), "citation", ["commitment_id"], unique=False)
    op.create_index(op.f("ix_citation_demand_id"), "citation", ["demand_id"], unique=False)
    op.create_index(op.f("ix_citation_event_id"), "citation", ["event_id"], unique=False)
    op.create_index(op.f("ix_citation_meeting_id"), "citation", ["meeting_id"], unique=False)
    op.create_index(op.f("ix_citation_position_id"), "citation", ["position_id"], unique=False)
    op.create_index(op.f("ix_citation_source_id"), "citation", ["source_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("topic", string(80), nullable=False),
        sa.Column("affirmed", sa.Boolean(), nullable=False),
        sa.Column("text", PROSE, nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_claim_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("account_id", "topic", name=op.f("uq_claim_account_id_topic")),
    )
    op.create_table(
        "condition",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("position_id", ID, nullable=False),
        sa.Column("kind", choice("kind", "precondition", "reciprocal"), nullable=False),
        sa.Column("text", PROSE, nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["position_id"],
            ["position.id"],
            name=op.f("fk_condition_position_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition")),
    )
    op.create_index(op.f("ix_condition_position_id"), "condition", ["position_id"], unique=False)
    op.create_table(
        "condition_demand",
        sa.Column("condition_id", ID, nullable=False),
        sa.Column("demand_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["condition_id"],
            ["condition.id"],
            name=op.f("fk_condition_demand_condition_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_condition_demand_demand_id")
        ),
        sa.PrimaryKeyConstraint("condition_id", "demand_id", name=op.f("pk_condition_demand")),
    )
    op.create_index(
        op.f("ix_condition_demand_demand_id"), "condition_demand", ["demand_id"], unique=False
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("condition_demand")
    op.drop_table("condition")
    op.drop_table("claim")
    op.drop_table("citation")
    op.drop_table("position")
    op.drop_table("event_party")
    op.drop_table("event_issue")
    op.drop_table("demand_addressee")
    op.drop_table("commitment")
    op.drop_table("attendance")
    op.drop_table("agenda_item")
    op.drop_table("account")
    op.drop_table("party_name")
    op.drop_table("party_identifier")
    op.drop_table("participant")
    op.drop_table("membership")
    op.drop_table("meeting")
    op.drop_table("event")
    op.drop_table("demand")
    op.drop_table("source")
    op.drop_table("party")
    op.drop_table("negotiation")
    op.drop_table("issue")
