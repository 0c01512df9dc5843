"""Let people without an account be invited: links, who they are known as, and answers that they disown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "20261124_invitations"
down_revision: str | None = "20261124_reflection_lines"
branch_labels = None
depends_on = None

STATUSES = ("requested", "submitted", "declined", "withdrawn")
IDENTITIES = ("account", "known_address", "shown_code")


def upgrade() -> None:
    op.add_column("users", sa.Column("outside", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_check_constraint(
        op.f("ck_users_outside_without_password"), "users", "NOT outside OR password_hash IS NULL"
    )
    _widen_assessments()
    _make_invitations()


def _widen_assessments() -> None:
    _hold_statuses((*STATUSES, "disowned"))
    op.drop_constraint(op.f("ck_assessments_level_submitted"), "assessments")
    op.create_check_constraint(
        op.f("ck_assessments_level_submitted"),
        "assessments",
        "level_code IS NULL OR (status IN ('submitted', 'disowned') AND scale_id IS NOT NULL)",
    )
    op.add_column("assessments", sa.Column("invited", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("assessments", sa.Column("identity", sa.String(40), nullable=False, server_default="account"))
    op.create_check_constraint(op.f("ck_assessments_identity"), "assessments", sa.column("identity").in_(IDENTITIES))
    op.create_check_constraint(
        op.f("ck_assessments_known_by_link_when_invited"), "assessments", "identity = 'account' OR invited"
    )
    op.add_column("assessments", sa.Column("stated_role", sa.String(), nullable=False, server_default=""))


def _make_invitations() -> None:
    identity = sa.Enum(*IDENTITIES, name="identity", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("epa_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=True),
        sa.Column("identity", identity, nullable=False),
        sa.Column("instrument_key", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=True),
        sa.Column("scale_id", sa.Uuid(), nullable=True),
        sa.Column("stated_role", sa.String(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt_hash", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("identity <> 'account'", name=op.f("ck_invitations_by_link")),
        sa.CheckConstraint(
            "identity <> 'known_address' OR assessment_id IS NOT NULL", name=op.f("ck_invitations_sent_for_a_request")
        ),
        sa.CheckConstraint(
            "answered_at IS NULL OR assessment_id IS NOT NULL", name=op.f("ck_invitations_answered_request")
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (receipt_hash IS NULL)", name=op.f("ck_invitations_receipt_of_answer")
        ),
        sa.CheckConstraint("nonce IS NULL OR identity = 'shown_code'", name=op.f("ck_invitations_nonce_of_code")),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_invitations_lasts")),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_invitations_activity_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_invitations_organisation_id")),
        sa.ForeignKeyConstraint(["epa_id"], ["epas.id"], name=op.f("fk_invitations_epa_id")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=op.f("fk_invitations_assessment_id")),
        sa.ForeignKeyConstraint(["instrument_key"], ["instruments.key"], name=op.f("fk_invitations_instrument_key")),
        sa.ForeignKeyConstraint(["scale_id"], ["scales.id"], name=op.f("fk_invitations_scale_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_invitations_assessment_id")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_invitations_receipt_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_index(op.f("ix_invitations_activity_id"), "invitations", ["activity_id"])


def downgrade() -> None:
    """Go back: answers that were disowned become withdrawn ones, without the level that no longer counted."""
    op.drop_index(op.f("ix_invitations_activity_id"), table_name="invitations")
    op.drop_table("invitations")
    op.drop_column("assessments", "stated_role")
    op.drop_constraint(op.f("ck_assessments_known_by_link_when_invited"), "assessments")
    op.drop_constraint(op.f("ck_assessments_identity"), "assessments")
    op.drop_column("assessments", "identity")
    op.drop_column("assessments", "invited")
    op.execute(
        "UPDATE assessments SET status = 'withdrawn', level_code = NULL, level_rank = NULL WHERE status = 'disowned'"
    )
    op.drop_constraint(op.f("ck_assessments_level_submitted"), "assessments")
    op.create_check_constraint(
        op.f("ck_assessments_level_submitted"),
        "assessments",
        "level_code IS NULL OR (status = 'submitted' AND scale_id IS NOT NULL)",
    )
    _hold_statuses(STATUSES)
    op.drop_constraint(op.f("ck_users_outside_without_password"), "users")
    op.drop_column("users", "outside")


def _hold_statuses(statuses: tuple[str, ...]) -> None:
    name = op.f("ck_assessments_assessment_status")
    op.drop_constraint(name, "assessments")
    op.create_check_constraint(name, "assessments", sa.column("status").in_(statuses))
