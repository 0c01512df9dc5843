"""Make the tables of the spine: people, curriculum, cohorts, the loop, decisions and the audit record."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_spine"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "alliances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alliances")),
        sa.UniqueConstraint("name", name=op.f("uq_alliances_name")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(
        "ix_audit_entries_target_id",
        "audit_entries",
        ["target_id"],
        unique=False,
        postgresql_where=sa.text("target_id IS NOT NULL"),
    )
    op.create_index("uq_audit_entries_subject_id_sequence", "audit_entries", ["subject_id", "sequence"], unique=True)
    op.create_table(
        "audit_heads",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_audit_heads")),
    )
    op.create_table(
        "audit_seals",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seals")),
    )
    op.create_table(
        "catalogue_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source_urls", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_files")),
        sa.UniqueConstraint("name", name=op.f("uq_catalogue_files_name")),
    )
    op.create_table(
        "instruments",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("meaning", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "level",
                "pass_fail",
                "narrative",
                "count",
                "conditions",
                name="result_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("scale_key", sa.String(), nullable=True),
        sa.Column("direct_observation", sa.Boolean(), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "sourced",
                "adapted",
                "inferred",
                "draft",
                "placeholder",
                name="provenance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_instruments")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "hospital",
                "ambulance_service",
                "training_institute",
                name="organisation_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("name", name=op.f("uq_organisations_name")),
    )
    op.create_table(
        "programmes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        sa.UniqueConstraint("key", name=op.f("uq_programmes_key")),
    )
    op.create_table(
        "reserved_actions",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("order_required", sa.Boolean(), nullable=False),
        sa.Column("confirm", sa.Boolean(), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "sourced",
                "adapted",
                "inferred",
                "draft",
                "placeholder",
                name="provenance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_reserved_actions")),
    )
    op.create_table(
        "scales",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("entrusted_from", sa.String(), nullable=True),
        sa.Column("set_by", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("questions", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("parent_scale", sa.String(), nullable=True),
        sa.Column(
            "provenance",
            sa.Enum(
                "sourced",
                "adapted",
                "inferred",
                "draft",
                "placeholder",
                name="provenance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("provenance_by_field", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("sources", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scales")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_scales_key_version")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_hash", sa.LargeBinary(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index("ix_sign_in_attempts_account_hash_at", "sign_in_attempts", ["account_hash", "at"], unique=False)
    op.create_index("ix_sign_in_attempts_address_hash_at", "sign_in_attempts", ["address_hash", "at"], unique=False)
    op.create_index(op.f("ix_sign_in_attempts_at"), "sign_in_attempts", ["at"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("password_is_first", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("uq_users_email_lower", "users", [sa.literal_column("lower(email)")], unique=True)
    op.create_table(
        "vocabulary_terms",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_vocabulary_terms")),
    )
    op.create_table(
        "alliance_memberships",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("alliance_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_alliance_memberships_dates_in_order")),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_alliance_memberships_alliance_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_alliance_memberships_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alliance_memberships")),
    )
    op.create_index(
        op.f("ix_alliance_memberships_organisation_id"), "alliance_memberships", ["organisation_id"], unique=False
    )
    op.create_index(
        "uq_alliance_memberships_open",
        "alliance_memberships",
        ["alliance_id", "organisation_id"],
        unique=True,
        postgresql_where=sa.text("ends_on IS NULL"),
    )
    op.create_table(
        "audit_seal_heads",
        sa.Column("seal_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["seal_id"], ["audit_seals.id"], name=op.f("fk_audit_seal_heads_seal_id")),
        sa.PrimaryKeyConstraint("seal_id", "subject_id", name=op.f("pk_audit_seal_heads")),
    )
    op.create_index(
        "ix_audit_seal_heads_subject_id_sequence", "audit_seal_heads", ["subject_id", "sequence"], unique=False
    )
    op.create_table(
        "departments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_departments_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departments")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_departments_organisation_id_name")),
    )
    op.create_table(
        "programme_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "adopted",
                "retired",
                name="programme_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "epa_route",
                "theme_track",
                "cohort",
                "work_learning",
                name="programme_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("short_title", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("summary", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("audience", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column(
            "provenance",
            sa.Enum(
                "sourced",
                "adapted",
                "inferred",
                "draft",
                "placeholder",
                name="provenance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("provenance_by_field", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("sources", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("default_scale_id", sa.Uuid(), nullable=False),
        sa.Column("details", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("entry_requirements", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("exemptions", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("phases", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("placements", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("completion", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("modules", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("learning_activities", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("cohort_plan", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("crosswalk", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("source_urls", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["default_scale_id"], ["scales.id"], name=op.f("fk_programme_versions_default_scale_id")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_programme_versions_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_versions")),
        sa.UniqueConstraint("programme_id", "version", name=op.f("uq_programme_versions_programme_id_version")),
    )
    op.create_table(
        "role_assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "trainee",
                "trainer",
                "programme_lead",
                "committee_member",
                "organisation_administrator",
                "regional_coordinator",
                "auditor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("alliance_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(role = 'regional_coordinator') = (alliance_id IS NOT NULL)",
            name=op.f("ck_role_assignments_place_fits_role"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_role_assignments_dates_in_order")),
        sa.CheckConstraint(
            "num_nonnulls(organisation_id, alliance_id) = 1", name=op.f("ck_role_assignments_one_place")
        ),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_role_assignments_alliance_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_role_assignments_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_role_assignments_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignments")),
    )
    op.create_index(op.f("ix_role_assignments_alliance_id"), "role_assignments", ["alliance_id"], unique=False)
    op.create_index(
        "ix_role_assignments_organisation_id_role", "role_assignments", ["organisation_id", "role"], unique=False
    )
    op.create_index("ix_role_assignments_user_id_role", "role_assignments", ["user_id", "role"], unique=False)
    op.create_index(
        "uq_role_assignments_open",
        "role_assignments",
        ["user_id", "role", sa.literal_column("coalesce(organisation_id, alliance_id)")],
        unique=True,
        postgresql_where=sa.text("ends_on IS NULL"),
    )
    op.create_table(
        "scale_levels",
        sa.Column("scale_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("title", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("meaning", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("entrusted", sa.Boolean(), nullable=False),
        sa.Column("parent_code", sa.String(), nullable=True),
        sa.Column("group_title", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("rank > 0", name=op.f("ck_scale_levels_rank_positive")),
        sa.ForeignKeyConstraint(["scale_id"], ["scales.id"], name=op.f("fk_scale_levels_scale_id")),
        sa.PrimaryKeyConstraint("scale_id", "code", name=op.f("pk_scale_levels")),
        sa.UniqueConstraint("scale_id", "rank", name=op.f("uq_scale_levels_scale_id_rank")),
    )
    op.create_table(
        "user_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_sessions_token_hash")),
    )
    op.create_index(op.f("ix_user_sessions_user_id"), "user_sessions", ["user_id"], unique=False)
    op.create_table(
        "assessment_forms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_version_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("instrument_key", sa.String(), nullable=False),
        sa.Column("scale_id", sa.Uuid(), nullable=True),
        sa.Column("items", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("rater_groups", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("release_rule", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("duration_min", sa.Integer(), nullable=True),
        sa.Column(
            "provenance",
            sa.Enum(
                "sourced",
                "adapted",
                "inferred",
                "draft",
                "placeholder",
                name="provenance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sources", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instrument_key"], ["instruments.key"], name=op.f("fk_assessment_forms_instrument_key")
        ),
        sa.ForeignKeyConstraint(
            ["programme_version_id"], ["programme_versions.id"], name=op.f("fk_assessment_forms_programme_version_id")
        ),
        sa.ForeignKeyConstraint(["scale_id"], ["scales.id"], name=op.f("fk_assessment_forms_scale_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_forms")),
        sa.UniqueConstraint("programme_version_id", "key", name=op.f("uq_assessment_forms_programme_version_id_key")),
    )
    op.create_table(
        "cohorts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_version_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("planned_end_on", sa.Date(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("planned_end_on > starts_on", name=op.f("ck_cohorts_dates_in_order")),
        sa.ForeignKeyConstraint(["lead_id"], ["users.id"], name=op.f("fk_cohorts_lead_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_cohorts_organisation_id")),
        sa.ForeignKeyConstraint(
            ["programme_version_id"], ["programme_versions.id"], name=op.f("fk_cohorts_programme_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohorts")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_cohorts_organisation_id_name")),
    )
    op.create_index(op.f("ix_cohorts_lead_id"), "cohorts", ["lead_id"], unique=False)
    op.create_index(op.f("ix_cohorts_organisation_id"), "cohorts", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_cohorts_programme_version_id"), "cohorts", ["programme_version_id"], unique=False)
    op.create_table(
        "epas",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_version_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("official_code", sa.String(), nullable=True),
        sa.Column("local_code", sa.String(), nullable=True),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("adopted", sa.String(), nullable=True),
        sa.Column("title", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "basic",
                "core",
                "specific",
                "cross_epa",
                name="epa_type",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("tracks", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("functions", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("function_transcending", sa.Boolean(), nullable=False),
        sa.Column("level_tag", sa.String(), nullable=True),
        sa.Column(
            "provenance",
            sa.Enum(
                "sourced",
                "adapted",
                "inferred",
                "draft",
                "placeholder",
                name="provenance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("provenance_by_field", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("sources", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("specification", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("activities", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("limitations", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("scope", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("risks", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("knowledge", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("skills", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("attitudes", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("experience", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("information_sources", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("scale_id", sa.Uuid(), nullable=True),
        sa.Column("validity", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("reserved_actions", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("(scale_id IS NULL) = (type = 'cross_epa')", name=op.f("ck_epas_scale_unless_cross_epa")),
        sa.CheckConstraint("num_nonnulls(official_code, local_code) >= 1", name=op.f("ck_epas_has_code")),
        sa.ForeignKeyConstraint(
            ["programme_version_id"], ["programme_versions.id"], name=op.f("fk_epas_programme_version_id")
        ),
        sa.ForeignKeyConstraint(["scale_id"], ["scales.id"], name=op.f("fk_epas_scale_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epas")),
        sa.UniqueConstraint("programme_version_id", "key", name=op.f("uq_epas_programme_version_id_key")),
        sa.UniqueConstraint("programme_version_id", "position", name=op.f("uq_epas_programme_version_id_position")),
    )
    op.create_table(
        "frameworks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_version_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("title", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("licence_note", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("dimensions", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("levels", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "sourced",
                "adapted",
                "inferred",
                "draft",
                "placeholder",
                name="provenance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sources", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_version_id"], ["programme_versions.id"], name=op.f("fk_frameworks_programme_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frameworks")),
    )
    op.create_index(op.f("ix_frameworks_programme_version_id"), "frameworks", ["programme_version_id"], unique=False)
    op.create_index(
        "uq_frameworks_programme_version_id_key_version",
        "frameworks",
        ["programme_version_id", "key", "version"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "stages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_version_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "sourced",
                "adapted",
                "inferred",
                "draft",
                "placeholder",
                name="provenance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["programme_version_id"], ["programme_versions.id"], name=op.f("fk_stages_programme_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stages")),
        sa.UniqueConstraint("programme_version_id", "key", name=op.f("uq_stages_programme_version_id_key")),
        sa.UniqueConstraint("programme_version_id", "position", name=op.f("uq_stages_programme_version_id_position")),
    )
    op.create_table(
        "competency_domains",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("order_known", sa.Boolean(), nullable=False),
        sa.Column("title", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("dimensions", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("elements", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("indicators", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "sourced",
                "adapted",
                "inferred",
                "draft",
                "placeholder",
                name="provenance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sources", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["framework_id"], ["frameworks.id"], name=op.f("fk_competency_domains_framework_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competency_domains")),
        sa.UniqueConstraint("framework_id", "key", name=op.f("uq_competency_domains_framework_id_key")),
    )
    op.create_table(
        "enrolments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("track", sa.String(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("planned_end_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "completed",
                "dropped_out",
                "transferred",
                name="end_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(ended_on IS NULL) = (end_reason IS NULL)", name=op.f("ck_enrolments_end_has_reason")),
        sa.CheckConstraint("ended_on >= starts_on", name=op.f("ck_enrolments_end_after_start")),
        sa.CheckConstraint("planned_end_on > starts_on", name=op.f("ck_enrolments_dates_in_order")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_enrolments_cohort_id")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_enrolments_department_id")),
        sa.ForeignKeyConstraint(["trainee_id"], ["users.id"], name=op.f("fk_enrolments_trainee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
        sa.UniqueConstraint("cohort_id", "trainee_id", name=op.f("uq_enrolments_cohort_id_trainee_id")),
    )
    op.create_index(op.f("ix_enrolments_department_id"), "enrolments", ["department_id"], unique=False)
    op.create_index(op.f("ix_enrolments_trainee_id"), "enrolments", ["trainee_id"], unique=False)
    op.create_table(
        "epa_references",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_version_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("epa_id", sa.Uuid(), nullable=False),
        sa.Column(
            "requirement",
            sa.Enum("required", "optional", name="requirement", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("required_levels", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "sourced",
                "adapted",
                "inferred",
                "draft",
                "placeholder",
                name="provenance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["epa_id"], ["epas.id"], name=op.f("fk_epa_references_epa_id")),
        sa.ForeignKeyConstraint(
            ["programme_version_id"], ["programme_versions.id"], name=op.f("fk_epa_references_programme_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epa_references")),
        sa.UniqueConstraint(
            "programme_version_id", "epa_id", name=op.f("uq_epa_references_programme_version_id_epa_id")
        ),
    )
    op.create_table(
        "epa_requirements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("epa_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("instrument_key", sa.String(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=True),
        sa.Column("form_key", sa.String(), nullable=True),
        sa.Column("min_count", sa.Integer(), nullable=False),
        sa.Column("min_assessors", sa.Integer(), nullable=False),
        sa.Column("scale_id", sa.Uuid(), nullable=True),
        sa.Column("min_level", sa.String(), nullable=True),
        sa.Column("stage_key", sa.String(), nullable=True),
        sa.Column("conditions", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("(form_id IS NULL) = (form_key IS NULL)", name=op.f("ck_epa_requirements_form_whole")),
        sa.CheckConstraint("min_count > 0 AND min_assessors >= 0", name=op.f("ck_epa_requirements_counts")),
        sa.CheckConstraint(
            "min_level IS NULL OR scale_id IS NOT NULL", name=op.f("ck_epa_requirements_minimum_on_scale")
        ),
        sa.ForeignKeyConstraint(["epa_id"], ["epas.id"], name=op.f("fk_epa_requirements_epa_id")),
        sa.ForeignKeyConstraint(["form_id"], ["assessment_forms.id"], name=op.f("fk_epa_requirements_form_id")),
        sa.ForeignKeyConstraint(
            ["instrument_key"], ["instruments.key"], name=op.f("fk_epa_requirements_instrument_key")
        ),
        sa.ForeignKeyConstraint(
            ["scale_id", "min_level"],
            ["scale_levels.scale_id", "scale_levels.code"],
            name=op.f("fk_epa_requirements_scale_id_min_level"),
        ),
        sa.ForeignKeyConstraint(["scale_id"], ["scales.id"], name=op.f("fk_epa_requirements_scale_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epa_requirements")),
        sa.UniqueConstraint("epa_id", "position", name=op.f("uq_epa_requirements_epa_id_position")),
    )
    op.create_table(
        "required_levels",
        sa.Column("epa_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("scale_id", sa.Uuid(), nullable=False),
        sa.Column("level_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["epa_id"], ["epas.id"], name=op.f("fk_required_levels_epa_id")),
        sa.ForeignKeyConstraint(
            ["scale_id", "level_code"],
            ["scale_levels.scale_id", "scale_levels.code"],
            name=op.f("fk_required_levels_scale_id_level_code"),
        ),
        sa.ForeignKeyConstraint(["stage_id"], ["stages.id"], name=op.f("fk_required_levels_stage_id")),
        sa.PrimaryKeyConstraint("epa_id", "position", name=op.f("pk_required_levels")),
        sa.UniqueConstraint("epa_id", "stage_id", name=op.f("uq_required_levels_epa_id_stage_id")),
    )
    op.create_table(
        "activities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "patient_contact",
                "procedure",
                "simulation",
                "case_discussion",
                "course",
                "project",
                "shift",
                "reflection",
                "feedback_round",
                name="activity_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("performed_on", sa.Date(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 999", name=op.f("ck_activities_quantity_sensible")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_activities_department_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_activities_enrolment_id")),
        sa.ForeignKeyConstraint(["trainee_id"], ["users.id"], name=op.f("fk_activities_trainee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
    )
    op.create_index(
        "ix_activities_enrolment_id_performed_on", "activities", ["enrolment_id", "performed_on", "id"], unique=False
    )
    op.create_index(
        "ix_activities_trainee_id_performed_on", "activities", ["trainee_id", "performed_on", "id"], unique=False
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("epa_id", sa.Uuid(), nullable=False),
        sa.Column("scale_id", sa.Uuid(), nullable=False),
        sa.Column("level_code", sa.String(), nullable=False),
        sa.Column("level_rank", sa.Integer(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("requirements_met", sa.Boolean(), nullable=False),
        sa.Column("overrule_reason", sa.String(), nullable=False),
        sa.Column("scope", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "requirements_met OR overrule_reason <> ''", name=op.f("ck_decisions_overruled_with_reason")
        ),
        sa.CheckConstraint("decided_by_id <> trainee_id", name=op.f("ck_decisions_not_by_trainee")),
        sa.CheckConstraint("valid_until >= decided_on", name=op.f("ck_decisions_dates_in_order")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_decisions_decided_by_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_decisions_enrolment_id")),
        sa.ForeignKeyConstraint(["epa_id"], ["epas.id"], name=op.f("fk_decisions_epa_id")),
        sa.ForeignKeyConstraint(
            ["scale_id", "level_code"],
            ["scale_levels.scale_id", "scale_levels.code"],
            name=op.f("fk_decisions_scale_id_level_code"),
        ),
        sa.ForeignKeyConstraint(["scale_id"], ["scales.id"], name=op.f("fk_decisions_scale_id")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["decisions.id"], name=op.f("fk_decisions_supersedes_id")),
        sa.ForeignKeyConstraint(["trainee_id"], ["users.id"], name=op.f("fk_decisions_trainee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_decisions_supersedes_id")),
    )
    op.create_index(op.f("ix_decisions_decided_by_id"), "decisions", ["decided_by_id"], unique=False)
    op.create_index(
        "ix_decisions_enrolment_id_epa_id", "decisions", ["enrolment_id", "epa_id", "decided_on"], unique=False
    )
    op.create_index(op.f("ix_decisions_trainee_id"), "decisions", ["trainee_id"], unique=False)
    op.create_index(
        "uq_decisions_first",
        "decisions",
        ["enrolment_id", "epa_id"],
        unique=True,
        postgresql_where=sa.text("supersedes_id IS NULL"),
    )
    op.create_table(
        "enrolment_trainers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("trainer_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_enrolment_trainers_dates_in_order")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_enrolment_trainers_enrolment_id")),
        sa.ForeignKeyConstraint(["trainer_id"], ["users.id"], name=op.f("fk_enrolment_trainers_trainer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_trainers")),
    )
    op.create_index(op.f("ix_enrolment_trainers_enrolment_id"), "enrolment_trainers", ["enrolment_id"], unique=False)
    op.create_index(op.f("ix_enrolment_trainers_trainer_id"), "enrolment_trainers", ["trainer_id"], unique=False)
    op.create_index(
        "uq_enrolment_trainers_open",
        "enrolment_trainers",
        ["enrolment_id", "trainer_id"],
        unique=True,
        postgresql_where=sa.text("ends_on IS NULL"),
    )
    op.create_table(
        "epa_competencies",
        sa.Column("epa_id", sa.Uuid(), nullable=False),
        sa.Column("domain_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["domain_id"], ["competency_domains.id"], name=op.f("fk_epa_competencies_domain_id")),
        sa.ForeignKeyConstraint(["epa_id"], ["epas.id"], name=op.f("fk_epa_competencies_epa_id")),
        sa.PrimaryKeyConstraint("epa_id", "domain_id", name=op.f("pk_epa_competencies")),
    )
    op.create_table(
        "standings",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("epa_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("level_code", sa.String(), nullable=True),
        sa.Column("level_rank", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("rating_count", sa.Integer(), nullable=False),
        sa.Column("last_rating_code", sa.String(), nullable=True),
        sa.Column("last_rating_rank", sa.Integer(), nullable=True),
        sa.Column("last_rated_on", sa.Date(), nullable=True),
        sa.Column("last_answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting_count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(decision_id, level_code, level_rank, decided_on) IN (0, 4)",
            name=op.f("ck_standings_decision_whole"),
        ),
        sa.CheckConstraint("rating_count >= 0 AND waiting_count >= 0", name=op.f("ck_standings_counts")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_standings_enrolment_id")),
        sa.ForeignKeyConstraint(["epa_id"], ["epas.id"], name=op.f("fk_standings_epa_id")),
        sa.PrimaryKeyConstraint("enrolment_id", "epa_id", name=op.f("pk_standings")),
    )
    op.create_table(
        "activity_epas",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("epa_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_activity_epas_activity_id")),
        sa.ForeignKeyConstraint(["epa_id"], ["epas.id"], name=op.f("fk_activity_epas_epa_id")),
        sa.PrimaryKeyConstraint("activity_id", "epa_id", name=op.f("pk_activity_epas")),
    )
    op.create_index(op.f("ix_activity_epas_epa_id"), "activity_epas", ["epa_id"], unique=False)
    op.create_table(
        "decision_evidence",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_decision_evidence_decision_id")),
        sa.ForeignKeyConstraint(
            ["instrument_key"], ["instruments.key"], name=op.f("fk_decision_evidence_instrument_key")
        ),
        sa.PrimaryKeyConstraint("decision_id", "observation_id", name=op.f("pk_decision_evidence")),
    )
    op.create_table(
        "assessments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("epa_id", sa.Uuid(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_key", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=True),
        sa.Column("scale_id", sa.Uuid(), nullable=True),
        sa.Column(
            "direction",
            sa.Enum(
                "retrospective", "prospective", name="direction", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "requested",
                "submitted",
                "declined",
                "withdrawn",
                name="assessment_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("level_code", sa.String(), nullable=True),
        sa.Column("level_rank", sa.Integer(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("facts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("decline_reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'requested') = (answered_at IS NULL)", name=op.f("ck_assessments_answered_when_not_waiting")
        ),
        sa.CheckConstraint(
            "assessor_id <> trainee_id OR instrument_key = 'msf'", name=op.f("ck_assessments_never_ones_own")
        ),
        sa.CheckConstraint(
            "level_code IS NULL OR (status = 'submitted' AND scale_id IS NOT NULL)",
            name=op.f("ck_assessments_level_submitted"),
        ),
        sa.CheckConstraint(
            "status <> 'declined' OR decline_reason <> ''", name=op.f("ck_assessments_declined_with_reason")
        ),
        sa.CheckConstraint("(level_code IS NULL) = (level_rank IS NULL)", name=op.f("ck_assessments_level_whole")),
        sa.CheckConstraint("quantity BETWEEN 1 AND 999", name=op.f("ck_assessments_quantity_sensible")),
        sa.ForeignKeyConstraint(
            ["activity_id", "epa_id"],
            ["activity_epas.activity_id", "activity_epas.epa_id"],
            name=op.f("fk_assessments_activity_id_epa_id"),
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_assessments_activity_id")),
        sa.ForeignKeyConstraint(["assessor_id"], ["users.id"], name=op.f("fk_assessments_assessor_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_assessments_enrolment_id")),
        sa.ForeignKeyConstraint(["epa_id"], ["epas.id"], name=op.f("fk_assessments_epa_id")),
        sa.ForeignKeyConstraint(["instrument_key"], ["instruments.key"], name=op.f("fk_assessments_instrument_key")),
        sa.ForeignKeyConstraint(
            ["scale_id", "level_code"],
            ["scale_levels.scale_id", "scale_levels.code"],
            name=op.f("fk_assessments_scale_id_level_code"),
        ),
        sa.ForeignKeyConstraint(["scale_id"], ["scales.id"], name=op.f("fk_assessments_scale_id")),
        sa.ForeignKeyConstraint(["trainee_id"], ["users.id"], name=op.f("fk_assessments_trainee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
    )
    op.create_index(op.f("ix_assessments_activity_id"), "assessments", ["activity_id"], unique=False)
    op.create_index(
        "ix_assessments_assessor_id_answered_at", "assessments", ["assessor_id", "answered_at", "id"], unique=False
    )
    op.create_index("ix_assessments_enrolment_id_epa_id", "assessments", ["enrolment_id", "epa_id"], unique=False)
    op.create_index("ix_assessments_trainee_id", "assessments", ["trainee_id"], unique=False)
    op.create_index(
        "ix_assessments_waiting",
        "assessments",
        ["assessor_id", "requested_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'requested'"),
    )
    op.create_index(
        "uq_assessments_asked",
        "assessments",
        ["activity_id", "epa_id", "assessor_id", "instrument_key", sa.literal_column("coalesce(form_key, '')")],
        unique=True,
        postgresql_where=sa.text("status IN ('requested', 'submitted')"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_assessments_asked",
        table_name="assessments",
        postgresql_where=sa.text("status IN ('requested', 'submitted')"),
    )
    op.drop_index("ix_assessments_waiting", table_name="assessments", postgresql_where=sa.text("status = 'requested'"))
    op.drop_index("ix_assessments_trainee_id", table_name="assessments")
    op.drop_index("ix_assessments_enrolment_id_epa_id", table_name="assessments")
    op.drop_index("ix_assessments_assessor_id_answered_at", table_name="assessments")
    op.drop_index(op.f("ix_assessments_activity_id"), table_name="assessments")
    op.drop_table("assessments")
    op.drop_table("decision_evidence")
    op.drop_index(op.f("ix_activity_epas_epa_id"), table_name="activity_epas")
    op.drop_table("activity_epas")
    op.drop_table("standings")
    op.drop_table("epa_competencies")
    op.drop_index(
        "uq_enrolment_trainers_open", table_name="enrolment_trainers", postgresql_where=sa.text("ends_on IS NULL")
    )
    op.drop_index(op.f("ix_enrolment_trainers_trainer_id"), table_name="enrolment_trainers")
    op.drop_index(op.f("ix_enrolment_trainers_enrolment_id"), table_name="enrolment_trainers")
    op.drop_table("enrolment_trainers")
    op.drop_index("uq_decisions_first", table_name="decisions", postgresql_where=sa.text("supersedes_id IS NULL"))
    op.drop_index(op.f("ix_decisions_trainee_id"), table_name="decisions")
    op.drop_index("ix_decisions_enrolment_id_epa_id", table_name="decisions")
    op.drop_index(op.f("ix_decisions_decided_by_id"), table_name="decisions")
    op.drop_table("decisions")
    op.drop_index("ix_activities_trainee_id_performed_on", table_name="activities")
    op.drop_index("ix_activities_enrolment_id_performed_on", table_name="activities")
    op.drop_table("activities")
    op.drop_table("required_levels")
    op.drop_table("epa_requirements")
    op.drop_table("epa_references")
    op.drop_index(op.f("ix_enrolments_trainee_id"), table_name="enrolments")
    op.drop_index(op.f("ix_enrolments_department_id"), table_name="enrolments")
    op.drop_table("enrolments")
    op.drop_table("competency_domains")
    op.drop_table("stages")
    op.drop_index(
        "uq_frameworks_programme_version_id_key_version", table_name="frameworks", postgresql_nulls_not_distinct=True
    )
    op.drop_index(op.f("ix_frameworks_programme_version_id"), table_name="frameworks")
    op.drop_table("frameworks")
    op.drop_table("epas")
    op.drop_index(op.f("ix_cohorts_programme_version_id"), table_name="cohorts")
    op.drop_index(op.f("ix_cohorts_organisation_id"), table_name="cohorts")
    op.drop_index(op.f("ix_cohorts_lead_id"), table_name="cohorts")
    op.drop_table("cohorts")
    op.drop_table("assessment_forms")
    op.drop_index(op.f("ix_user_sessions_user_id"), table_name="user_sessions")
    op.drop_table("user_sessions")
    op.drop_table("scale_levels")
    op.drop_index(
        "uq_role_assignments_open", table_name="role_assignments", postgresql_where=sa.text("ends_on IS NULL")
    )
    op.drop_index("ix_role_assignments_user_id_role", table_name="role_assignments")
    op.drop_index("ix_role_assignments_organisation_id_role", table_name="role_assignments")
    op.drop_index(op.f("ix_role_assignments_alliance_id"), table_name="role_assignments")
    op.drop_table("role_assignments")
    op.drop_table("programme_versions")
    op.drop_table("departments")
    op.drop_index("ix_audit_seal_heads_subject_id_sequence", table_name="audit_seal_heads")
    op.drop_table("audit_seal_heads")
    op.drop_index(
        "uq_alliance_memberships_open", table_name="alliance_memberships", postgresql_where=sa.text("ends_on IS NULL")
    )
    op.drop_index(op.f("ix_alliance_memberships_organisation_id"), table_name="alliance_memberships")
    op.drop_table("alliance_memberships")
    op.drop_table("vocabulary_terms")
    op.drop_index("uq_users_email_lower", table_name="users")
    op.drop_table("users")
    op.drop_index(op.f("ix_sign_in_attempts_at"), table_name="sign_in_attempts")
    op.drop_index("ix_sign_in_attempts_address_hash_at", table_name="sign_in_attempts")
    op.drop_index("ix_sign_in_attempts_account_hash_at", table_name="sign_in_attempts")
    op.drop_table("sign_in_attempts")
    op.drop_table("scales")
    op.drop_table("reserved_actions")
    op.drop_table("programmes")
    op.drop_table("organisations")
    op.drop_table("instruments")
    op.drop_table("catalogue_files")
    op.drop_table("audit_seals")
    op.drop_table("audit_heads")
    op.drop_index("uq_audit_entries_subject_id_sequence", table_name="audit_entries")
    op.drop_index(
        "ix_audit_entries_target_id", table_name="audit_entries", postgresql_where=sa.text("target_id IS NOT NULL")
    )
    op.drop_table("audit_entries")
    op.drop_table("alliances")
