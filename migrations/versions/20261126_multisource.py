"""Keep rounds of feedback: who is asked, what was answered apart from that, and the goals that came of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261126_multisource"
down_revision: str | None = "20261125_instrument_forms"
branch_labels = None
depends_on = None

KINDS = (
    "activity_corrected",
    "assessment_declined",
    "assessment_disowned",
    "assessment_expired",
    "assessment_extended",
    "assessment_handed_on",
    "assessment_handed_to",
    "assessment_not_observed",
    "assessment_reminder",
    "assessment_requested",
    "assessment_submitted",
    "decision_taken",
    "draft_review_asked",
    "move_made",
    "reflection_shared",
)
NEW_KINDS = ("feedback_asked", "feedback_closed", "feedback_conversation", "feedback_reminder")
JSON = postgresql.JSONB(none_as_null=True)


def upgrade() -> None:
    _hold_kinds((*KINDS, *NEW_KINDS))
    _make_rounds()
    _make_raters()
    op.create_table(
        "feedback_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("group_key", sa.String(), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["feedback_rounds.id"], name=op.f("fk_feedback_answers_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_answers")),
    )
    op.create_index(op.f("ix_feedback_answers_round_id"), "feedback_answers", ["round_id"])
    op.create_index(
        "uq_feedback_answers_self",
        "feedback_answers",
        ["round_id"],
        unique=True,
        postgresql_where=sa.text("group_key = 'self'"),
    )
    _make_goals()


def _make_rounds() -> None:
    keys = {
        "enrolment_id": "enrolments",
        "trainee_id": "users",
        "organisation_id": "organisations",
        "instrument_form_id": "instrument_forms",
        "form_id": "assessment_forms",
        "opened_by_id": "users",
        "guide_id": "users",
    }
    op.create_table(
        "feedback_rounds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_form_id", sa.Uuid(), nullable=True),
        sa.Column("form_id", sa.Uuid(), nullable=True),
        sa.Column("groups", JSON, nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conversation_on", sa.Date(), nullable=True),
        sa.Column("guide_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("num_nonnulls(instrument_form_id, form_id) = 1", name=op.f("ck_feedback_rounds_one_form")),
        sa.CheckConstraint(
            "num_nonnulls(conversation_on, guide_id) IN (0, 2)", name=op.f("ck_feedback_rounds_conversation_whole")
        ),
        sa.CheckConstraint(
            "conversation_on IS NULL OR closed_at IS NOT NULL",
            name=op.f("ck_feedback_rounds_conversation_after_closing"),
        ),
        sa.CheckConstraint("guide_id <> trainee_id", name=op.f("ck_feedback_rounds_guide_is_another")),
        *(_pointing("feedback_rounds", column, table) for column, table in keys.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_rounds")),
    )
    for column in ("enrolment_id", "trainee_id", "guide_id"):
        op.create_index(op.f(f"ix_feedback_rounds_{column}"), "feedback_rounds", [column])
    is_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_feedback_rounds_open", "feedback_rounds", ["enrolment_id"], unique=True, postgresql_where=is_open
    )
    op.create_index("ix_feedback_rounds_closes_on", "feedback_rounds", ["closes_on"], postgresql_where=is_open)


def _make_raters() -> None:
    keys = {"round_id": "feedback_rounds", "user_id": "users", "asked_by_id": "users"}
    op.create_table(
        "feedback_raters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("group_key", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("stated_role", sa.String(), nullable=False, server_default=""),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("nonce", sa.LargeBinary(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.Column("has_answered", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("nonce IS NULL OR token_hash IS NOT NULL", name=op.f("ck_feedback_raters_nonce_of_link")),
        sa.CheckConstraint(
            "NOT (has_answered AND withdrawn_at IS NOT NULL)", name=op.f("ck_feedback_raters_withdrawn_unanswered")
        ),
        *(_pointing("feedback_raters", column, table) for column, table in keys.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_raters")),
        sa.UniqueConstraint("round_id", "user_id", name=op.f("uq_feedback_raters_round_id_user_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feedback_raters_token_hash")),
    )
    op.create_index(op.f("ix_feedback_raters_user_id"), "feedback_raters", ["user_id"])
    op.create_index(
        "ix_feedback_raters_remind_on",
        "feedback_raters",
        ["remind_on"],
        postgresql_where=sa.text("remind_on IS NOT NULL"),
    )


def _make_goals() -> None:
    op.create_table(
        "feedback_goals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("seen_by", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "reached",
                "continued",
                name="goal_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("what <> '' AND seen_by <> ''", name=op.f("ck_feedback_goals_says_something")),
        sa.CheckConstraint(
            "(state = 'open') = (settled_at IS NULL)", name=op.f("ck_feedback_goals_settled_with_a_moment")
        ),
        _pointing("feedback_goals", "round_id", "feedback_rounds"),
        _pointing("feedback_goals", "written_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_goals")),
    )
    op.create_index(op.f("ix_feedback_goals_round_id"), "feedback_goals", ["round_id"])


def _pointing(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _hold_kinds(kinds: tuple[str, ...]) -> None:
    check = op.f("ck_notices_notice_kind")
    op.drop_constraint(check, "notices")
    op.create_check_constraint(check, "notices", sa.column("kind").in_(kinds))


def downgrade() -> None:
    op.execute("DELETE FROM notices WHERE kind IN ({})".format(", ".join(f"'{one}'" for one in NEW_KINDS)))
    _hold_kinds(KINDS)
    for table in ("feedback_goals", "feedback_answers", "feedback_raters", "feedback_rounds"):
        op.drop_table(table)
