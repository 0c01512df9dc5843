"""All tables of all features, for migrations and tests."""

from __future__ import annotations

import lms.accounts.models
import lms.assessments.models
import lms.attainments.models
import lms.authoring.models
import lms.cohorts.models
import lms.concerns.models
import lms.core.audit
import lms.core.mail.models
import lms.curriculum.models
import lms.entrustment.models
import lms.evidence.models
import lms.exchange.models
import lms.invitations.models
import lms.logbook.models
import lms.multisource.models
import lms.notices.models
import lms.organisations.models
import lms.reflections.models
import lms.rosters.models
import lms.search.models
import lms.standings.models  # noqa: F401
from lms.core.db import Base

metadata = Base.metadata
