"""The whole policy in one table: who may come where, and what they are told when they may not.

Each line is a route with what it answers to everybody of the organisation that the thing belongs to, and in the last
column to everybody of another organisation:

    ok  it is shown or done (or the form is shown again, because this test sends it empty)
    no  403: it exists for you, but you may not do this
    --  404: it does not exist for you
    in  you are asked to sign in

The columns: nobody signed in; the trainee it is about; another trainee of the cohort; the trainer who guides and was
asked; a trainer who neither guides nor was asked; the programme lead; a committee member; the administrator of the
organisation; the auditor; the coordinator of the alliance.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from competencies.attainments import AttainmentKind
from competencies.invitations import Identity
from competencies.observations import ActivityKind, AssessmentStatus
from competencies.people import Role
from competencies.scales import Direction
from lms.accounts import actions
from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.attainments.models import AttainmentRow
from lms.authoring.actions import save_part, start_draft
from lms.authoring.models import DraftPart
from lms.cohorts.models import EnrolmentTrainer, VersionMove
from lms.core.keys import uuid7
from lms.curriculum.models import CompetencyDomain, Framework, InstrumentForm
from lms.entrustment.models import Decision
from lms.evidence.actions import keep, start_upload
from lms.evidence.values import FileKind, Verified
from lms.invitations.models import Invitation
from lms.invitations.tokens import Named, Purpose, Tokens, digest_of
from lms.logbook.models import Activity, ActivityEpa
from lms.multisource.models import FeedbackRound, Goal, Rater
from lms.notices.actions import make_calendar
from lms.organisations.models import Accreditation, RoleAssignment
from lms.reflections.actions import share, write
from lms.rosters.actions import hand_in
from lms.rosters.models import RosterPair
from lms.standings.models import Standing
from tests.concerns.concerns import talked_over
from tests.exchange.packages import framework_of
from tests.factories import NOW, TODAY, Ward, epa_of, make_alliance, make_user, person_with, programme_version
from tests.notices.told import tell
from tests.pages import Browser

READERS = (
    "nobody",
    "trainee",
    "fellow",
    "trainer",
    "colleague",
    "lead",
    "committee_member",
    "administrator",
    "auditor",
    "coordinator",
)
GROUPS = {"readers": {"lead", "auditor"}, "cohorts": {"lead", "committee_member", "auditor"}}
"""Words of the last column for several roles at once."""

READ = ("picture", "plan_conversation", "report", "round_page", "set_goal")
"""Pages of a feedback round that is talked over; the others are of one that is open."""

ELSEWHERE = ("trainee", "trainer", "lead", "committee_member", "administrator", "auditor")

POLICY = """
#    route                            nobody trainee fellow trainer colleague lead commit. admin auditor region other
GET  accounts.account                 in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST accounts.change_password         in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST accounts.language                ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST accounts.revoke                  in     ok      --     --      --        --   --      --    --      --     --
GET  accounts.sign_in                 ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST accounts.sign_in                 ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST accounts.sign_out                in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST accounts.sign_out_everywhere     in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  assessments.ask                  in     ok      --     no      --        no   no      --    no      --     --
POST assessments.ask                  in     ok      --     no      --        no   no      --    no      --     --
GET  assessments.assessment           in     ok      --     ok      --        ok   ok      --    ok      --     --
GET  assessments.choose_group         in     no      no     ok     ok        no   no      no    no      no     trainer
GET  assessments.correct              in     ok      --     no      --        no   no      --    no      --     --
POST assessments.correct              in     ok      --     no      --        no   no      --    no      --     --
GET  assessments.decline              in     no      --     ok      --        no   no      --    no      --     --
POST assessments.decline              in     no      --     ok      --        no   no      --    no      --     --
GET  assessments.default_limit        in     no      no     no     no        no   no      ok    no      no     --
POST assessments.default_limit        in     no      no     no     no        no   no      ok    no      no     --
GET  assessments.delays               in     no      no     no     no        ok   ok      no    ok      no     cohorts
POST assessments.extend               in     ok      --     ok     --        no   no      --    no      --     --
POST assessments.discard_start        in     --      --     ok     ok        --   --      --    --      --     --
GET  assessments.given                in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  assessments.hand_on              in     no      --     ok     --        no   no      --    no      --     --
POST assessments.hand_on              in     no      --     ok     --        no   no      --    no      --     --
GET  assessments.limit                in     ok      ok     ok     ok        ok   ok      ok    ok      ok     ok
POST assessments.limit                in     ok      ok     ok     ok        ok   ok      ok    ok      ok     ok
GET  assessments.own_rating           in     ok      --     no      --        no   no      --    no      --     --
POST assessments.own_rating           in     ok      --     no      --        no   no      --    no      --     --
POST assessments.save_draft           in     no      --     ok      --        no   no      --    no      --     --
POST assessments.say_not_observed     in     no      --     ok      --        no   no      --    no      --     --
POST assessments.save_start           in     --      --     ok     ok        --   --      --    --      --     --
GET  assessments.start_group          in     --      --     --     --        --   --      --    --      --     --
POST assessments.start_group          in     --      --     --     --        --   --      --    --      --     --
GET  assessments.start_of             in     --      --     ok     ok        --   --      --    --      --     --
POST assessments.start_of             in     --      --     ok     ok        --   --      --    --      --     --
GET  assessments.start_one            in     no      no     ok     ok        no   no      no    no      no     trainer
GET  assessments.submit               in     no      --     ok      --        no   no      --    no      --     --
POST assessments.submit               in     no      --     ok      --        no   no      --    no      --     --
GET  assessments.together             in     no      --     ok      --        no   no      --    no      --     --
POST assessments.together             in     no      --     ok      --        no   no      --    no      --     --
GET  assessments.waiting              in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST assessments.withdraw             in     ok      --     no      --        no   no      --    no      --     --
GET  attainments.attainment           in     ok      --     ok      --        ok   ok      --    ok      --     --
GET  attainments.attainments          in     ok      --     ok      --        ok   ok      --    ok      --     --
POST attainments.confirm              in     no      --     ok      --        ok   no      --    no      --     --
GET  attainments.record               in     ok      --     ok      --        ok   no      --    no      --     --
POST attainments.record               in     ok      --     ok      --        ok   no      --    no      --     --
POST attainments.refuse               in     no      --     ok      --        ok   no      --    no      --     --
POST attainments.withdraw             in     ok      --     no      --        ok   no      --    no      --     --
POST authoring.add                    in     --      --     --     --        ok   --      --    no    no     --
GET  authoring.comparison             in     --      --     --     --        ok   --      --    ok    ok     --
GET  authoring.conflict               in     --      --     --     --        ok   --      --    ok    ok     --
POST authoring.conflict               in     --      --     --     --        ok   --      --    no    no     --
GET  authoring.copy                   in     no      no     no     no        ok   no      no    no    ok     lead
POST authoring.copy                   in     no      no     no     no        ok   no      no    no    ok     lead
GET  authoring.discard                in     --      --     --     --        ok   --      --    no    no     --
POST authoring.discard                in     --      --     --     --        ok   --      --    no    no     --
GET  authoring.draft                  in     --      --     --     --        ok   --      --    ok    ok     --
GET  authoring.drafts                 in     ok      ok     ok     ok        ok   ok      ok    ok    ok     ok
POST authoring.duplicate              in     --      --     --     --        ok   --      --    no    no     --
GET  authoring.history                in     --      --     --     --        ok   --      --    ok    ok     --
POST authoring.move                   in     --      --     --     --        ok   --      --    no    no     --
GET  authoring.part                   in     --      --     --     --        ok   --      --    ok    ok     --
POST authoring.part                   in     --      --     --     --        ok   --      --    no    no     --
GET  authoring.preview                in     --      --     --     --        ok   --      --    ok    ok     --
GET  authoring.preview_epa            in     --      --     --     --        ok   --      --    ok    ok     --
GET  authoring.publish                in     --      --     --     --        ok   --      --    no    no     --
POST authoring.publish                in     --      --     --     --        ok   --      --    no    no     --
GET  authoring.remove                 in     --      --     --     --        ok   --      --    no    no     --
POST authoring.remove                 in     --      --     --     --        ok   --      --    no    no     --
GET  authoring.review                 in     --      --     --     --        no   --      --    no    ok     --
POST authoring.review                 in     --      --     --     --        no   --      --    no    ok     --
GET  authoring.revise                 in     no      no     no     no        ok   no      no    no    ok     lead
POST authoring.revise                 in     no      no     no     no        ok   no      no    no    ok     lead
GET  authoring.start                  in     no      no     no     no        ok   no      no    no    ok     lead
POST authoring.start                  in     no      no     no     no        ok   no      no    no    ok     lead
POST authoring.submit                 in     --      --     --     --        ok   --      --    no    no     --
GET  authoring.text                   in     --      --     --     --        ok   --      --    ok    ok     --
POST authoring.text                   in     --      --     --     --        ok   --      --    no    no     --
GET  authoring.version_comparison     in     ok      ok     ok     ok        ok   ok      ok    ok    ok     ok
GET  concerns.add                     in     no      --     ok     --        ok   --      --    --      --     --
POST concerns.add                     in     no      --     ok     --        ok   --      --    --      --     --
GET  concerns.concern                 in     ok      --     ok     --        ok   --      --    --      --     --
GET  concerns.concerns                in     ok      ok     ok     ok        ok   ok      ok    ok      ok     ok
GET  concerns.of_enrolment            in     --      --     ok     --        ok   --      --    --      --     --
GET  concerns.write                   in     --      --     ok     --        ok   --      --    --      --     --
POST concerns.write                   in     --      --     ok     --        ok   --      --    --      --     --
POST cohorts.assign_trainer           in     no      --     no      --        ok   no      --    no      --     --
GET  cohorts.change_enrolment         in     no      --     no      --        ok   no      --    no      --     --
POST cohorts.change_enrolment         in     no      --     no      --        ok   no      --    no      --     --
GET  cohorts.create                   in     no      no     no      no        ok   no      no    no      no     lead
POST cohorts.create                   in     no      no     no      no        ok   no      no    no      no     lead
GET  cohorts.edit                     in     --      --     --      --        ok   no      --    no      --     --
POST cohorts.edit                     in     --      --     --      --        ok   no      --    no      --     --
POST cohorts.end_enrolment            in     no      --     no      --        ok   no      --    no      --     --
POST cohorts.end_trainer              in     no      --     no      --        ok   no      --    no      --     --
GET  cohorts.enrol                    in     --      --     --      --        ok   no      --    no      --     --
POST cohorts.enrol                    in     --      --     --      --        ok   no      --    no      --     --
POST cohorts.reopen_enrolment         in     no      --     no      --        ok   no      --    no      --     --
GET  cohorts.retire                   in     no      no     no     no        no   no      no    no    ok     no
POST cohorts.retire                   in     no      no     no     no        no   no      no    no    ok     no
GET  curriculum.accreditations        in     ok      ok     ok      ok        ok   ok      ok    ok      ok     --
GET  curriculum.crosswalk             in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST curriculum.end_accreditation     in     no      no     no      no        no   no      ok    no      no     --
GET  curriculum.competency            in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  curriculum.epa                   in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  curriculum.framework             in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  curriculum.frameworks            in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  curriculum.programme             in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  curriculum.programmes            in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST curriculum.record_accreditation  in     no      no     no      no        no   no      ok    no      no     --
GET  curriculum.scale                 in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  curriculum.scales                in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  entrustment.decide               in     no      --     ok      --        no   ok      --    no      --     --
POST entrustment.decide               in     no      --     ok      --        no   ok      --    no      --     --
GET  entrustment.decision             in     ok      --     ok      --        ok   ok      --    ok      --     --
POST exchange.apply                   in     --      --     --      --        ok   --      --    no      --     --
POST evidence.piece                   in     ok      --     --      --        --   --      --    --      --     --
POST evidence.start                   in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  evidence.upload                  in     ok      --     --      --        --   --      --    --      --     --
GET  exchange.case_association         ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  exchange.case_definition          ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  exchange.case_document            ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  exchange.case_documents           ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  exchange.case_item                ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  exchange.case_item_associations   ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  exchange.case_package             ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  exchange.case_rubric              ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  exchange.case_unknown             --     --      --     --      --        --   --      --    --      --     --
POST exchange.close_package           in     --      --     --      --        ok   --      --    no      --     --
POST exchange.discard                 in     --      --     --      --        ok   --      --    no      --     --
GET  exchange.draft                   in     --      --     --      --        ok   --      --    no      --     --
POST exchange.draft                   in     --      --     --      --        ok   --      --    no      --     --
POST exchange.hand_in                 in     no      no     no      no        ok   no      no    no      ok     lead
GET  exchange.imports                 in     no      no     no      no        ok   no      no    ok      ok     readers
GET  exchange.item                    in     --      --     --      --        ok   --      --    ok      --     --
POST exchange.open_package            in     --      --     --      --        ok   --      --    no      --     --
GET  exchange.package                 in     --      --     --      --        ok   --      --    ok      --     --
POST exchange.package_file            in     --      --     --      --        ok   --      --    ok      --     --
GET  exchange.packages                in     no      no     no      no        ok   no      no    ok      ok     readers
GET  exchange.preview                 in     --      --     --      --        ok   --      --    ok      --     --
GET  exchange.schema                  ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST exchange.take_programme          in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST exchange.take_shared_file        in     no      no     no      no        ok   no      no    ok      ok     readers
GET  exchange.workbook                in     no      no     no      no        ok   no      no    ok      ok     readers
GET  health.live                      ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  health.ready                     ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  invitations.answer               ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST invitations.answer               ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  invitations.code                 in     ok      --     --      --        --   --      --    --      --     --
GET  invitations.invite               in     ok      --     no      --        no   no      --    no      --     --
POST invitations.invite               in     ok      --     no      --        no   no      --    no      --     --
GET  invitations.picture              in     ok      --     --      --        --   --      --    --      --     --
GET  invitations.receipt              ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST invitations.receipt              ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST invitations.renew                in     ok      --     --      --        --   --      --    --      --     --
GET  invitations.show_code            in     ok      --     no      --        no   no      --    no      --     --
POST invitations.show_code            in     ok      --     no      --        no   no      --    no      --     --
POST invitations.withdraw_code        in     ok      --     --      --        --   --      --    --      --     --
GET  logbook.activities               in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  logbook.activity                 in     ok      --     ok      --        ok   ok      --    ok      --     --
GET  logbook.add_file                 in     ok      --     no      --        no   no      --    no      --     --
POST logbook.add_file                 in     ok      --     no      --        no   no      --    no      --     --
GET  logbook.edit                     in     ok      --     no      --        no   no      --    no      --     --
POST logbook.edit                     in     ok      --     no      --        no   no      --    no      --     --
GET  logbook.file                     in     ok      --     ok      --        ok   ok      --    ok      --     --
GET  logbook.log                      in     ok      ok     no      no        no   no      no    no      no     trainee
GET  logbook.series                   in     ok      ok     no      no        no   no      no    no      no     trainee
POST logbook.log                      in     ok      ok     no      no        no   no      no    no      no     trainee
POST logbook.series                   in     ok      ok     no      no        no   no      no    no      no     trainee
POST logbook.remove_file              in     ok      --     no      --        no   no      --    no      --     --
GET  metrics.metrics                  --     --      --     --      --        --   --      --    --      --     --
POST moves.consent                    in     --      --     --      --        ok   no      --    no      --     --
POST moves.consent_for_cohort         in     --      --     --      --        ok   no      --    no      --     --
GET  moves.edit                       in     --      --     --      --        ok   no      --    no      --     --
POST moves.edit                       in     --      --     --      --        ok   no      --    no      --     --
GET  moves.move                       in     --      --     --      --        ok   ok      --    ok      --     --
GET  moves.moves                      in     no      no     no      no        ok   ok      no    ok      no     cohorts
GET  moves.new                        in     no      no     no      no        ok   no      no    no      no     lead
POST moves.new                        in     no      no     no      no        ok   no      no    no      no     lead
GET  moves.of_enrolment               in     ok      --     ok      --        ok   ok      --    ok      --     --
GET  moves.outlook                    in     --      --     --      --        ok   no      --    no      --     --
GET  offline.account                  in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  offline.device                   ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  offline.manifest                 ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  offline.shell                    ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  offline.worker                   ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST organisations.add_department     in     no      no     no      no        no   no      ok    no      no     --
GET  multisource.answer               in     --      --     ok      --        --   --      --    --      --     --
POST multisource.answer               in     --      --     ok      --        --   --      --    --      --     --
GET  multisource.answer_by_link       ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST multisource.answer_by_link       ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  multisource.ask                  in     ok      --     --      --        ok   --      --    --      --     --
POST multisource.ask                  in     ok      --     --      --        ok   --      --    --      --     --
GET  multisource.ask_outside          in     ok      --     --      --        ok   --      --    --      --     --
POST multisource.ask_outside          in     ok      --     --      --        ok   --      --    --      --     --
POST multisource.close                in     ok      --     --      --        ok   --      --    --      --     --
POST multisource.continue_goal        in     ok      --     ok      --        no   --      --    --      --     --
GET  multisource.open_round           in     ok      --     no      --        ok   no      --    no      --     --
POST multisource.open_round           in     ok      --     no      --        ok   no      --    no      --     --
GET  multisource.picture              in     ok      --     ok      --        no   --      --    --      --     --
GET  multisource.plan_conversation    in     ok      --     no      --        no   --      --    --      --     --
POST multisource.plan_conversation    in     ok      --     no      --        no   --      --    --      --     --
POST multisource.reach_goal           in     ok      --     ok      --        no   --      --    --      --     --
GET  multisource.report               in     ok      --     ok      --        no   --      --    --      --     --
GET  multisource.round_page           in     ok      --     ok      --        ok   --      --    --      --     --
GET  multisource.rounds               in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  multisource.set_goal             in     ok      --     ok      --        no   --      --    --      --     --
POST multisource.set_goal             in     ok      --     ok      --        no   --      --    --      --     --
POST multisource.withdraw             in     ok      --     --      --        ok   --      --    --      --     --
GET  notices.choices                  in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST notices.choices                  in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST notices.end_calendar             in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST notices.make_calendar            in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  notices.notices                  in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST notices.open_notice              in     ok      --     --      --        --   --      --    --      --     --
POST notices.read_all                 in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST notices.try_again                in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  organisations.alliance           in     ok      ok     ok      ok        ok   ok      ok    ok      ok     --
POST organisations.end_role           in     no      no     no      no        no   no      ok    no      no     --
POST organisations.give_role          in     no      no     no      no        no   no      ok    no      no     --
GET  organisations.organisation       in     ok      ok     ok      ok        ok   ok      ok    ok      ok     --
GET  organisations.organisations      in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  paths.in_any_language            ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  paths.needs                      in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  paths.programme                  ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  paths.programme_in_any_language  ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  paths.programmes                 ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  paths.robots                     ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  paths.sitemap                    ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  progress.calendar                ok     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  progress.cohort                  in     --      --     --      --        ok   ok      --    ok      ok     --
GET  progress.cohorts                  in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  progress.completion              in     ok      --     ok      --        ok   ok      --    ok      --     --
GET  progress.dossier                 in     ok      --     ok      --        ok   ok      --    ok      --     --
GET  progress.enrolment               in     ok      --     ok      --        ok   ok      --    ok      --     --
GET  progress.heat_map                in     --      --     --      --        ok   ok      --    ok      ok     --
GET  progress.home                    in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  progress.levels_chart            in     ok      --     ok      --        ok   ok      --    ok      --     --
GET  progress.own_figures              in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  progress.own_months               in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  reflections.edit                 in     ok      --     no      --        --   --      --    --      --     --
POST reflections.edit                 in     ok      --     no      --        --   --      --    --      --     --
GET  reflections.reflection           in     ok      --     ok      --        --   --      --    --      --     --
GET  reflections.reflections          in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  reflections.remove               in     ok      --     no      --        --   --      --    --      --     --
POST reflections.remove               in     ok      --     no      --        --   --      --    --      --     --
POST reflections.revoke               in     ok      --     no      --        --   --      --    --      --     --
POST reflections.share                in     ok      --     no      --        --   --      --    --      --     --
GET  reflections.write                in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
POST reflections.write                in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  reports.audit_trail              in     ok      --     no      --        ok   ok      --    ok      --     --
GET  reports.cohort_report            in     --      --     --      --        ok   ok      --    ok      --     --
POST reports.cohort_report_file       in     --      --     --      --        ok   ok      --    ok      --     --
POST rosters.dismiss                  in     ok      --     ok     --        --   --      --    --      --     --
GET  rosters.example                  in     no      no     no     no        ok   no      ok    no      no     --
GET  rosters.preview                  in     --      --     --     --        ok   --      ok    --      --     --
POST rosters.preview                  in     --      --     --     --        ok   --      ok    --      --     --
GET  rosters.roster                   in     no      no     no     no        ok   no      ok    no      no     --
POST rosters.roster                   in     no      no     no     no        ok   no      ok    no      no     --
GET  search.search                    in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
GET  search.suggestions               in     ok      ok     ok      ok        ok   ok      ok    ok      ok     ok
"""

LINES = {
    (words[0], words[1]): words[2:]
    for words in (line.split() for line in POLICY.strip().splitlines())
    if not words[0].startswith("#")
}


class World:
    """An organisation with everything in it that an address can name, and another organisation beside it."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session = app, session
        self.here, self.there = Ward(session), Ward(session)
        alliance = make_alliance(session, self.here.organisation)
        self.people: dict[str, User] = {name: getattr(self.here, name) for name in ELSEWHERE}
        self.people["fellow"] = self.here.fellow(session)
        self.people["colleague"] = person_with(session, Role.TRAINER, self.here.organisation)
        self.people["coordinator"] = person_with(session, Role.REGIONAL_COORDINATOR, alliance)
        opened, _token = actions.open_session(session, self.here.trainee, device="Test", at=NOW)
        self.keys: dict[str, Any] = {
            "alliance_id": alliance.id,
            "cohort_id": self.here.cohort.id,
            "enrolment_id": self.here.enrolment.id,
            "organisation_id": self.here.organisation.id,
            "schema_name": "bekwaam-curriculum-1",
            "session_id": opened.id,
            "version_id": self.here.cohort.programme_version_id,
        }
        self._write(session)
        self._fill(session)
        self._invite(session)
        self.keys |= {"step": "talked", "concern_id": talked_over(session, self.here).id}
        self._round_up(session)
        self._roster(session)
        session.flush()

    def _roster(self, session: Session) -> None:
        """Let the lead hand in a roster, and another one propose the trainee and the trainer to each other."""
        here, keys = self.here, (self.here.department.id, self.here.enrolment.id, self.here.trainer.id)
        roster = hand_in(session, here.organisation.id, [(TODAY, *keys)], file_name="a.csv", by=here.lead, at=NOW)
        pair = RosterPair(
            organisation_id=here.organisation.id,
            day=TODAY - timedelta(days=1),
            department_id=here.department.id,
            enrolment_id=here.enrolment.id,
            trainee_id=here.trainee.id,
            trainer_id=here.trainer.id,
        )
        session.add(pair)
        session.flush()
        self.keys |= {"roster_id": roster.id, "pair_id": pair.id}

    def _write(self, session: Session) -> None:
        """Let the lead begin a draft; a text of its EPA was kept beside another."""
        content = {"programme": {"title": {"nl": "Nieuw", "en": "New"}}, "epas": [{"key": "first"}]}
        draft = start_draft(session, content, based_on=None, owner=self.here.organisation.id, by=self.here.lead, at=NOW)
        part = session.query(DraftPart).filter_by(draft_id=draft.id, section="epas").one()
        kept = save_part(session, draft, part, {"key": "other"}, revision=0, by=self.here.lead, at=NOW)
        assert kept is not None
        self.keys |= {"draft_id": draft.id, "part_id": part.id, "edit_id": kept.id, "section": "epas"}

    def _fill(self, session: Session) -> None:
        epa = epa_of(session, "onc-k1")
        activity = Activity(
            enrolment_id=self.here.enrolment.id,
            trainee_id=self.here.trainee.id,
            kind=ActivityKind.PATIENT_CONTACT,
            performed_on=TODAY - timedelta(days=1),
            department_id=self.here.department.id,
            note="",
            created_at=NOW,
        )
        session.add(activity)
        session.flush()
        session.add(ActivityEpa(activity_id=activity.id, epa_id=epa.id))
        session.flush()
        assessment = Assessment(
            activity_id=activity.id,
            enrolment_id=self.here.enrolment.id,
            trainee_id=self.here.trainee.id,
            epa_id=epa.id,
            assessor_id=self.here.trainer.id,
            instrument_key="kpb",
            scale_id=epa.scale_id,
            direction=Direction.RETROSPECTIVE,
            status=AssessmentStatus.REQUESTED,
            requested_at=NOW,
        )
        decision = Decision(
            enrolment_id=self.here.enrolment.id,
            trainee_id=self.here.trainee.id,
            epa_id=epa.id,
            scale_id=epa.scale_id,
            level_code="4",
            level_rank=4,
            decided_by_id=self.here.committee_member.id,
            decided_on=TODAY,
            recorded_at=NOW,
            remark="",
            requirements_met=True,
            overrule_reason="",
            scope={},
        )
        session.add_all([assessment, decision])
        session.flush()
        guidance = session.query(EnrolmentTrainer).filter_by(enrolment_id=self.here.enrolment.id).first()
        role = session.query(RoleAssignment).filter_by(user_id=self.people["colleague"].id).one()
        assert guidance is not None
        accreditation = Accreditation(
            organisation_id=self.here.organisation.id,
            attribute="transplant_accreditation",
            proof="JACIE 1",
            starts_on=TODAY - timedelta(days=1),
        )
        session.add(accreditation)
        session.flush()
        move = VersionMove(
            from_version_id=self.here.cohort.programme_version_id,
            to_version_id=programme_version(session, "opleiders").id,
            organisation_id=self.here.organisation.id,
            mapping=[],
            made_by_id=self.here.lead.id,
            made_at=NOW,
        )
        session.add(move)
        session.flush()
        framework_id, other_id = session.scalars(select(Framework.id).limit(2)).all()
        self.keys |= {
            "accreditation_id": accreditation.id,
            "activity_id": activity.id,
            **self._files_of(activity),
            "assessment_id": assessment.id,
            "assignment_id": role.id,
            "decision_id": decision.id,
            "domain_id": session.scalars(select(CompetencyDomain.id).limit(1)).one(),
            "epa_id": epa.id,
            "framework_id": framework_id,
            "other_id": other_id,
            "scale_id": epa.scale_id,
            "guidance_id": guidance.id,
            "move_id": move.id,
            "key": "oncologieverpleegkundige",
            "language": "nl",
        }
        self.keys |= framework_of(session, self.here)
        self.keys |= {"secret": make_calendar(session, self.here.trainee, by=self.here.trainee, at=NOW)}
        self.keys |= {"notice_id": tell(session, self.here.trainee, self.here.trainer).id}
        self.keys |= {"kind": "hours", "attainment_id": self._attained(session).id, **self._reflected(session)}

    def _reflected(self, session: Session) -> dict[str, UUID]:
        """Let the trainee write a reflection and share it with the trainer."""
        trainee, trainer = self.here.trainee, self.here.trainer
        written = write(session, "For me alone", key=uuid7(), by=trainee, at=NOW)
        share(session, written, reader_id=trainer.id, readers=[trainer], by=trainee, at=NOW)
        return {"reflection_id": written.id, "reader_id": trainer.id}

    def _files_of(self, activity: Activity) -> dict[str, object]:
        """Return the keys of a file with the activity, and of one that the trainee is sending in pieces."""
        given = Verified(FileKind.PDF, BytesIO(b"%PDF-"), 5, bytes(32), bytes(32))
        where = {"activity_id": activity.id, "organisation_id": self.here.organisation.id}
        trainee = self.here.trainee
        file = keep(self.session, given, "a.pdf", **where, trainee_id=trainee.id, by=trainee, at=NOW)
        upload = start_upload(self.session, uuid7(), name="a.pdf", size=9, owner=trainee, at=NOW)
        assert upload is not None
        return {"file_id": file.id, "upload_id": upload.id, "offset": 0}

    def _invite(self, session: Session) -> None:
        """Let the trainee show a code, and somebody have answered another link."""
        asked = session.get_one(Assessment, self.keys["assessment_id"])
        tokens, nonce = Tokens(self.app.config["SECRET_KEY"]), bytes(24)
        about = {name: getattr(asked, name) for name in ("activity_id", "epa_id", "scale_id")}
        given = Assessment(
            **about,
            enrolment_id=asked.enrolment_id,
            trainee_id=asked.trainee_id,
            assessor_id=make_user(session).id,
            instrument_key="cbd",
            direction=Direction.RETROSPECTIVE,
            status=AssessmentStatus.SUBMITTED,
            requested_at=NOW,
            answered_at=NOW,
            level_code="3",
            level_rank=3,
            invited=True,
            identity=Identity.KNOWN_ADDRESS,
        )
        session.add(given)
        session.flush()
        session.add(Standing(enrolment_id=given.enrolment_id, epa_id=given.epa_id, rating_count=1, waiting_count=1))
        shared = {**about, "organisation_id": self.here.organisation.id, "made_at": NOW}
        code, sent = uuid7(), uuid7()
        answer, disown = (
            tokens.make(purpose, Named(self.here.organisation.id, key), nonce)
            for purpose, key in ((Purpose.ANSWER, code), (Purpose.DISOWN, sent))
        )
        session.add_all(
            [
                Invitation(
                    **shared,
                    id=code,
                    identity=Identity.SHOWN_CODE,
                    instrument_key="kpb",
                    token_hash=digest_of(answer),
                    nonce=nonce,
                    expires_at=NOW + timedelta(minutes=10),
                ),
                Invitation(
                    **shared,
                    id=sent,
                    assessment_id=given.id,
                    identity=Identity.KNOWN_ADDRESS,
                    instrument_key="cbd",
                    token_hash=digest_of("used"),
                    receipt_hash=digest_of(disown),
                    answered_at=NOW,
                    expires_at=NOW + timedelta(days=14),
                ),
            ]
        )
        self.keys |= {"invitation_id": code, "token": answer}
        self.own: dict[str, dict[str, object]] = {"invitations.receipt": {"token": disown}}

    def _round_up(self, session: Session) -> None:
        """Let one round be open in which the trainer and somebody by a link are asked, and another be talked over."""
        form = session.scalars(select(InstrumentForm.id).where(InstrumentForm.instrument_key == "msf").limit(1)).one()
        about = {
            "enrolment_id": self.here.enrolment.id,
            "trainee_id": self.here.trainee.id,
            "organisation_id": self.here.organisation.id,
            "instrument_form_id": form,
            "groups": [{"key": "peers", "title": {"en": "Peers"}, "min": 3}],
            "opened_by_id": self.here.trainee.id,
            "opened_at": NOW,
            "closes_on": TODAY,
        }
        talked_over = {"closed_at": NOW, "conversation_on": TODAY, "guide_id": self.here.trainer.id}
        is_open, read = FeedbackRound(**about), FeedbackRound(**about, **talked_over)
        session.add_all([is_open, read])
        session.flush()
        asked = {"group_key": "peers", "asked_at": NOW, "asked_by_id": self.here.trainee.id}
        key, tokens = uuid7(), Tokens(self.app.config["SECRET_KEY"])
        link = tokens.make(Purpose.FEEDBACK, Named(self.here.organisation.id, key), bytes(24))
        session.add_all(
            [
                Rater(**asked, round_id=is_open.id, user_id=self.here.trainer.id),
                Rater(**asked, round_id=is_open.id, id=key, user_id=make_user(session).id, token_hash=digest_of(link)),
                goal := Goal(
                    round_id=read.id,
                    what="a",
                    seen_by="b",
                    due_on=TODAY,
                    written_by_id=self.here.trainee.id,
                    written_at=NOW,
                ),
            ]
        )
        session.flush()
        self.keys |= {"round_id": is_open.id, "rater_id": key, "goal_id": goal.id}
        self.own["multisource.answer_by_link"] = {"token": link}
        for name in READ:
            self.own[f"multisource.{name}"] = {"round_id": read.id}

    def _attained(self, session: Session) -> AttainmentRow:
        """Return hours that the trainee handed in and nobody confirmed yet."""
        row = AttainmentRow(
            enrolment_id=self.here.enrolment.id,
            trainee_id=self.here.trainee.id,
            kind=AttainmentKind.HOURS,
            key="practice",
            title="",
            amount=Decimal(8),
            done_on=TODAY,
            passed=True,
            proof="",
            recorded_by_id=self.here.trainee.id,
            recorded_at=NOW,
        )
        session.add(row)
        session.flush()
        return row

    def path(self, endpoint: str) -> str:
        """Return the address of a route, for the things of this world."""
        rule = next(rule for rule in self.app.url_map.iter_rules() if rule.endpoint == endpoint)
        keys = self.keys | self.own.get(endpoint, {})
        with self.app.test_request_context():
            return self.app.url_for(endpoint, **{name: keys[name] for name in rule.arguments})

    def verdicts(self, method: str, endpoint: str) -> dict[str, str]:
        """Return the verdict on each reader here, and on each role of the other organisation, at one route."""
        here = {reader: self.ask(method, endpoint, self.people.get(reader)) for reader in READERS}
        there = {role: self.ask(method, endpoint, getattr(self.there, role)) for role in ELSEWHERE}
        return here | {f"{role} elsewhere": verdict for role, verdict in there.items()}

    def ask(self, method: str, endpoint: str, reader: User | None) -> str:
        """Return the verdict on one reader at one route; whatever was done is undone."""
        with undone(self.session):
            browser = Browser(self.app, reader)
            answer = browser.answered(method, self.path(endpoint))
            answer.get_data()
            return verdict(answer)


@contextmanager
def undone(session: Session) -> Iterator[None]:
    session.commit()
    connection = session.get_bind()
    assert isinstance(connection, Connection)
    point = connection.begin_nested()
    try:
        yield
    finally:
        session.rollback()
        point.rollback()


def verdict(answer: TestResponse) -> str:
    """Return the word of the table for an answer."""
    if answer.status_code in {301, 302, 303} and "/sign-in?" in answer.headers["Location"]:
        return "in"
    if answer.status_code in {403, 404}:
        return {403: "no", 404: "--"}[answer.status_code]
    assert answer.status_code < 500, f"{answer.request.path} failed"
    return "ok"


@pytest.fixture
def world(app: Flask, session: Session, today: object, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return the world; forms need no token here, which tests/core/test_guards.py looks after."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return World(app, session)


@pytest.mark.parametrize("feature", sorted({endpoint.partition(".")[0] for _method, endpoint in LINES}))
def test_the_policy_holds_for_every_role_here_and_elsewhere(world: World, feature: str) -> None:
    lines = [line for line in LINES if line[1].partition(".")[0] == feature]
    wanted = {" ".join(line): wanted_of(*line) for line in lines}
    assert {" ".join(line): world.verdicts(*line) for line in lines} == wanted


def wanted_of(method: str, endpoint: str) -> dict[str, str]:
    """Return the verdict that the table has for each reader, and for each role of the other organisation."""
    *here, elsewhere = LINES[method, endpoint]
    allowed = GROUPS.get(elsewhere, {elsewhere})
    by_role = allowed <= set(ELSEWHERE)
    there = {role: ("ok" if role in allowed else "no") if by_role else elsewhere for role in ELSEWHERE}
    return dict(zip(READERS, here, strict=True)) | {f"{role} elsewhere": verdict for role, verdict in there.items()}


def test_no_route_escapes_the_table(app: Flask) -> None:
    routes = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}
        if rule.endpoint != "static"
    }
    assert routes == set(LINES)


def test_a_role_that_ended_yesterday_opens_nothing(world: World, session: Session) -> None:
    for assignment in session.query(RoleAssignment).filter(RoleAssignment.user_id == world.here.lead.id):
        assignment.ends_on = TODAY - timedelta(days=1)
    session.flush()
    assert world.ask("GET", "progress.cohort", world.here.lead) == "--"
    assert world.ask("POST", "cohorts.enrol", world.here.lead) == "--"


def test_a_person_without_any_role_sees_no_one(world: World, session: Session) -> None:
    newcomer = make_user(session)
    for endpoint in ("progress.enrolment", "progress.dossier", "progress.cohort", "organisations.organisation"):
        assert world.ask("GET", endpoint, newcomer) == "--"
