"""the issue catalogue: the subjects that negotiations share; editors add more."""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ISSUES = (
    (
        "sanctions-relief",
        "Sanctions relief",
        "Lifting, easing or suspending sanctions.",
    ),
    (
        "denuclearisation",
        "Denuclearisation (CVID)",
        "Giving up nuclear weapons: complete, verifiable and irreversible, or by steps.",
    ),
    (
        "peace-treaty",
        "Peace treaty",
        "Ending a war formally: a treaty, a declaration, a regime.",
    ),
    (
        "security-guarantees",
        "Security guarantees",
        "Assurances that a party will not be attacked or overthrown.",
    ),
    (
        "testing-moratorium",
        "Testing moratorium",
        "Suspending nuclear and missile tests.",
    ),
    (
        "military-exercises",
        "Military exercises",
        "Postponing, reducing or ending exercises.",
    ),
    (
        "facility-dismantlement",
        "Facility dismantlement",
        "Closing and taking down nuclear and missile facilities.",
    ),
    (
        "fissile-material-freeze",
        "Fissile-material freeze",
        "Ceasing to produce plutonium and highly enriched uranium.",
    ),
    (
        "diplomatic-process",
        "Diplomatic process",
        "The talks themselves: whether, when, how and by whom they go on.",
    ),
)

issue = sa.table(
    "issue",
    sa.column("id", sa.BigInteger()),
    sa.column("slug", sa.String()),
    sa.column("title", sa.String()),
    sa.column("summary", sa.String()),
    sa.column("version", sa.Integer()),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("updated_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Add the issues that are not there, with ids that are the same in every database."""
    moment = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    there = set(op.get_bind().scalars(sa.select(issue.c.slug)))
    op.bulk_insert(
        issue,
        [
            {
                "id": number,
                "slug": slug,
                "title": title,
                "summary": summary,
                "version": 1,
                "created_at": moment,
                "updated_at": moment,
            }
            for number, (slug, title, summary) in enumerate(ISSUES, start=1)
            if slug not in there
        ],
    )


def downgrade() -> None:
    """Keep the issues, since demands may refer to them; 0001 takes their table down."""
