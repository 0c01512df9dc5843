"""Make the tables of mails, notices, how people want mail, and the addresses of calendars."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "20261124_notices"
down_revision: str | None = "20261124_evidence"
branch_labels = None
depends_on = None

STATES = ("waiting", "sending", "sent", "refused", "given_up", "switched_off")
KINDS = (
    "assessment_requested",
    "assessment_submitted",
    "assessment_declined",
    "assessment_disowned",
    "decision_taken",
    "draft_review_asked",
    "move_made",
)
DELIVERIES = ("digest", "immediate", "app_only")


def upgrade() -> None:
    _make_mails()
    _make_notices()
    op.create_table(
        "mail_choices",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("delivery", _one_of(DELIVERIES, "delivery"), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("digest_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("ck_mail_choices_quiet_hours_whole")
        ),
        sa.CheckConstraint("quiet_from <> quiet_until", name=op.f("ck_mail_choices_quiet_hours_last")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mail_choices_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_mail_choices")),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_calendar_feeds_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_calendar_feeds_secret_hash")),
    )


def _make_mails() -> None:
    op.create_table(
        "mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=True),
        sa.Column("state", _one_of(STATES, "mail_state"), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state IN ('waiting', 'sending')) = (done_at IS NULL)", name=op.f("ck_mails_done_or_not")),
        sa.CheckConstraint("(facts IS NULL) = (done_at IS NOT NULL)", name=op.f("ck_mails_facts_while_needed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
    )
    op.create_index(op.f("ix_mails_queued_at"), "mails", ["queued_at"])
    op.create_table(
        "address_refusals",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_address_refusals")),
    )


def _make_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _one_of(KINDS, "notice_kind"), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("to_mail", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.CheckConstraint("NOT to_mail OR read_at IS NULL", name=op.f("ck_notices_mailed_while_unread")),
        sa.ForeignKeyConstraint(["reader_id"], ["users.id"], name=op.f("fk_notices_reader_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_notices_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_in_order", "notices", ["reader_id", sa.text("(read_at IS NULL)"), "at", "id"])
    op.create_index("ix_notices_unread_about_id", "notices", ["about_id"], postgresql_where=sa.text("read_at IS NULL"))
    op.create_index("ix_notices_to_mail", "notices", ["reader_id", "at"], postgresql_where=sa.text("to_mail"))


def _one_of(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    for table in ("calendar_feeds", "mail_choices", "notices", "address_refusals", "mails"):
        op.drop_table(table)
