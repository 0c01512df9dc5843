"""Let a trainee follow a version of their own, and keep the moves from one version to another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_moves"
down_revision: str | None = "20261122_accreditations"
branch_labels = None
depends_on = None

KEPT = ("enrolment_moves", "recognitions")
JSON = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _follow_versions()
    _keep_moves()
    _keep_what_is_carried()
    op.add_column("enrolments", sa.Column("move_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_enrolments_move_id_enrolment_moves"), "enrolments", "enrolment_moves", ["move_id"], ["id"]
    )
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE TRIGGER version_moves_used BEFORE UPDATE OR DELETE ON version_moves "
        "FOR EACH ROW WHEN (OLD.used_at IS NOT NULL) EXECUTE FUNCTION refuse_change()"
    )


def _follow_versions() -> None:
    """Give every enrolment the version of its cohort."""
    op.add_column("enrolments", sa.Column("programme_version_id", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE enrolments SET programme_version_id = cohorts.programme_version_id "
        "FROM cohorts WHERE cohorts.id = enrolments.cohort_id"
    )
    op.alter_column("enrolments", "programme_version_id", nullable=False)
    op.create_foreign_key(
        op.f("fk_enrolments_programme_version_id_programme_versions"),
        "enrolments",
        "programme_versions",
        ["programme_version_id"],
        ["id"],
    )
    op.create_index(op.f("ix_enrolments_programme_version_id"), "enrolments", ["programme_version_id"])


def _keep_moves() -> None:
    op.create_table(
        "version_moves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_version_id", sa.Uuid(), nullable=False),
        sa.Column("to_version_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("mapping", JSON, nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_version_id <> to_version_id", name=op.f("ck_version_moves_versions_differ")),
        *_references("version_moves", from_version_id="programme_versions", to_version_id="programme_versions"),
        *_references("version_moves", organisation_id="organisations", made_by_id="users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_moves")),
    )
    op.create_index(op.f("ix_version_moves_from_version_id"), "version_moves", ["from_version_id"])
    op.create_index(op.f("ix_version_moves_organisation_id"), "version_moves", ["organisation_id"])
    op.create_table(
        "enrolment_moves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("version_move_id", sa.Uuid(), nullable=False),
        sa.Column("from_version_id", sa.Uuid(), nullable=False),
        sa.Column("to_version_id", sa.Uuid(), nullable=False),
        sa.Column("carried", JSON, nullable=False),
        sa.Column("consent_by_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.CheckConstraint("from_version_id <> to_version_id", name=op.f("ck_enrolment_moves_versions_differ")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_enrolment_moves_with_reason")),
        *_references("enrolment_moves", from_version_id="programme_versions", to_version_id="programme_versions"),
        *_references("enrolment_moves", enrolment_id="enrolments", version_move_id="version_moves"),
        *_references("enrolment_moves", consent_by_id="users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_moves")),
    )
    op.create_index(op.f("ix_enrolment_moves_enrolment_id"), "enrolment_moves", ["enrolment_id"])
    op.create_index(op.f("ix_enrolment_moves_version_move_id"), "enrolment_moves", ["version_move_id"])


def _keep_what_is_carried() -> None:
    op.create_table(
        "carried_epas",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("from_epa_id", sa.Uuid(), nullable=False),
        sa.Column("epa_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("from_epa_id <> epa_id", name=op.f("ck_carried_epas_another")),
        *_references("carried_epas", enrolment_id="enrolments", from_epa_id="epas", epa_id="epas"),
        sa.PrimaryKeyConstraint("enrolment_id", "from_epa_id", "epa_id", name=op.f("pk_carried_epas")),
    )
    op.create_table(
        "recognitions",
        sa.Column("enrolment_move_id", sa.Uuid(), nullable=False),
        sa.Column("epa_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("scale_id", sa.Uuid(), nullable=False),
        sa.Column("level_code", sa.String(), nullable=False),
        sa.Column("level_rank", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        *_references("recognitions", enrolment_move_id="enrolment_moves", epa_id="epas", decision_id="decisions"),
        *_references("recognitions", enrolment_id="enrolments", scale_id="scales"),
        sa.ForeignKeyConstraint(
            ["scale_id", "level_code"],
            ["scale_levels.scale_id", "scale_levels.code"],
            name=op.f("fk_recognitions_scale_id_level_code_scale_levels"),
        ),
        sa.PrimaryKeyConstraint("enrolment_move_id", "epa_id", "decision_id", name=op.f("pk_recognitions")),
    )
    op.create_index(op.f("ix_recognitions_decision_id"), "recognitions", ["decision_id"])
    op.create_index(op.f("ix_recognitions_enrolment_id"), "recognitions", ["enrolment_id"])
    for column in ("is_carried", "is_recognised"):
        op.add_column("standings", sa.Column(column, sa.Boolean(), server_default=sa.false(), nullable=False))


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    """Return the foreign keys of a table: each column refers to the id of another table."""
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in columns.items()
    ]


def downgrade() -> None:
    for column in ("is_recognised", "is_carried"):
        op.drop_column("standings", column)
    op.drop_constraint(op.f("fk_enrolments_move_id_enrolment_moves"), "enrolments", type_="foreignkey")
    op.drop_column("enrolments", "move_id")
    for table in ("recognitions", "carried_epas", "enrolment_moves", "version_moves"):
        op.drop_table(table)
    op.drop_index(op.f("ix_enrolments_programme_version_id"), table_name="enrolments")
    op.drop_constraint(op.f("fk_enrolments_programme_version_id_programme_versions"), "enrolments", type_="foreignkey")
    op.drop_column("enrolments", "programme_version_id")
