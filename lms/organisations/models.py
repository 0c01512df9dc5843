"""Organisations, their departments and alliances, what they are accredited for, and the dated roles of people."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competencies.people import OrganisationKind, Role
from lms.accounts.models import User
from lms.core.db import Base, Key, one_of


class Organisation(Base):
    """A hospital, an ambulance service or a training institute."""

    __tablename__ = "organisations"

    id: Mapped[Key]
    kind: Mapped[OrganisationKind] = mapped_column(one_of(OrganisationKind, "organisation_kind"))
    name: Mapped[str] = mapped_column(unique=True)
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    departments: Mapped[list[Department]] = relationship(
        lazy="raise", order_by="Department.name", back_populates="organisation"
    )


class Department(Base):
    """A department of an organisation."""

    __tablename__ = "departments"

    id: Mapped[Key]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str]

    organisation: Mapped[Organisation] = relationship(lazy="raise", back_populates="departments")

    __table_args__ = (UniqueConstraint("organisation_id", "name"),)


class Alliance(Base):
    """Organisations that train together."""

    __tablename__ = "alliances"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class AllianceMembership(Base):
    """The days on which an organisation is a member of an alliance; both ends included."""

    __tablename__ = "alliance_memberships"

    id: Mapped[Key]
    alliance_id: Mapped[UUID] = mapped_column(ForeignKey("alliances.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    alliance: Mapped[Alliance] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        Index(
            "uq_alliance_memberships_open",
            "alliance_id",
            "organisation_id",
            unique=True,
            postgresql_where=text("ends_on IS NULL"),
        ),
    )


class Accreditation(Base):
    """The days on which an organisation, or one department of it, is accredited for something; both ends included.

    `attribute` is a key of the site attributes of the vocabulary; `proof` says who gave it and under which number.
    """

    __tablename__ = "accreditations"

    id: Mapped[Key]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"), index=True)
    attribute: Mapped[str]
    proof: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    department: Mapped[Department | None] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        Index("ix_accreditations_organisation_id_attribute", "organisation_id", "attribute"),
        Index(
            "uq_accreditations_open",
            text("coalesce(department_id, organisation_id)"),
            "attribute",
            unique=True,
            postgresql_where=text("ends_on IS NULL"),
        ),
    )


class RoleAssignment(Base):
    """The days on which a person holds a role in an organisation or an alliance; both ends included."""

    __tablename__ = "role_assignments"

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    alliance_id: Mapped[UUID | None] = mapped_column(ForeignKey("alliances.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    user: Mapped[User] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    alliance: Mapped[Alliance | None] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("num_nonnulls(organisation_id, alliance_id) = 1", name="one_place"),
        CheckConstraint("(role = 'regional_coordinator') = (alliance_id IS NOT NULL)", name="place_fits_role"),
        Index("ix_role_assignments_user_id_role", "user_id", "role"),
        Index("ix_role_assignments_organisation_id_role", "organisation_id", "role"),
        Index(
            "uq_role_assignments_open",
            "user_id",
            "role",
            text("coalesce(organisation_id, alliance_id)"),
            unique=True,
            postgresql_where=text("ends_on IS NULL"),
        ),
    )
