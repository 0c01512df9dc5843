"""Every page of the site with the things of the demonstration: what each of its people can open, by address."""

from __future__ import annotations

import psycopg
from flask import Flask
from psycopg.rows import DictRow, dict_row

NOBODY = ""
NOT_PAGES = {
    "static",
    "health.live",
    "health.ready",
    "metrics.metrics",
    "exchange.case_association",  # These answer in JSON.
    "exchange.case_definition",
    "exchange.case_document",
    "exchange.case_documents",
    "exchange.case_item",
    "exchange.case_item_associations",
    "exchange.case_package",
    "exchange.case_rubric",
    "exchange.case_unknown",
    "evidence.upload",  # The state of a file that comes in pieces, in JSON.
    "exchange.schema",
    "exchange.workbook",  # A file.
    "logbook.file",  # A file too,
    "rosters.example",  # and so is this.
    "multisource.picture",  # Shown in its report.
    "offline.account",  # For a device, in JSON,
    "offline.manifest",  # and these are for the browser itself.
    "offline.worker",
    "progress.calendar",  # For programs that show calendars.
    "invitations.picture",  # Shown on the page of its code.
    "progress.heat_map",  # Shown on the page of its cohort,
    "progress.own_months",  # this one on the page of own figures,
    "progress.levels_chart",  # and this one on the page of its EPA.
    "paths.in_any_language",  # They lead to the page in a language,
    "paths.programme_in_any_language",
    "paths.robots",  # and these are for search engines.
    "paths.sitemap",
    "search.suggestions",
}
BY_LINK = {"invitations.answer", "invitations.receipt", "multisource.answer_by_link"}
"""Pages that a secret opens: `test_links.py` gets one and opens them."""
IN_A_MOVE = {"moves.edit", "moves.move", "moves.new", "moves.outlook"}
"""Pages that need two versions of a programme: `test_moves.py` opens them on its way."""

AS_IT_IS = "SELECT"
"""One row without columns: the address has nothing to fill in."""

MINE = "FROM activities a JOIN users u ON u.id = a.trainee_id WHERE u.email = %(email)s"
ASKED_OF_ME = (
    "FROM assessments a JOIN users u ON u.id = a.assessor_id JOIN instruments i ON i.key = a.instrument_key "
    "WHERE u.email = %(email)s"
)
OF_THE_TRAINEE = (
    "FROM enrolments e JOIN users u ON u.id = e.trainee_id "
    "WHERE u.email = 'trainee@example.org' ORDER BY e.starts_on LIMIT 1"
)
DOSSIERS = (
    "SELECT e.id AS enrolment_id, p.id AS epa_id FROM enrolments e JOIN users u ON u.id = e.trainee_id "
    "JOIN epas p ON p.programme_version_id = e.programme_version_id "
    "WHERE u.email = 'trainee@example.org' AND p.key IN {}"
)
DECISIONS = "SELECT d.id AS decision_id FROM decisions d JOIN users u ON u.id = d.trainee_id WHERE u.email = {} LIMIT 1"
COHORT = "SELECT e.cohort_id " + OF_THE_TRAINEE
ENROLMENT = "SELECT e.id AS enrolment_id " + OF_THE_TRAINEE
ORGANISATION = (
    "SELECT r.organisation_id FROM role_assignments r JOIN users u ON u.id = r.user_id WHERE u.email = %(email)s"
)
COMPARED = (
    "SELECT DISTINCT ON (p.key) v.id AS version_id "
    "FROM programme_versions v JOIN programmes p ON p.id = v.programme_id "
    "WHERE p.key IN ('oncologieverpleegkundige', 'opleiders') ORDER BY p.key, v.loaded_at DESC"
)
"""One with another version before it, and the shortest that is new whole: what they show, all the others repeat."""
DRAFT = "SELECT d.id AS draft_id FROM drafts d LIMIT 1"
PARTS = (
    "SELECT DISTINCT ON (p.section) p.draft_id, p.id AS part_id FROM draft_parts p "
    "ORDER BY p.section, length(p.data::text) DESC"
)
AN_EPA = "SELECT draft_id, id AS part_id FROM draft_parts WHERE section = 'epas' AND key = 'onc-k1'"
VERSION = "SELECT id AS version_id FROM programme_versions ORDER BY loaded_at, id LIMIT 1"
REFLECTION = "SELECT id AS reflection_id FROM reflections WHERE about_id IS NOT NULL"
"""What the trainee wrote about an activity and shared with the trainer; to anybody else it is not there."""
AS_THEM = "SELECT set_config('bekwaam.reader', (SELECT id::text FROM users WHERE email = %s), false)"
OPEN_ROUND = "SELECT id AS round_id FROM feedback_rounds WHERE closed_at IS NULL"
CLOSED_ROUND = "SELECT id AS round_id FROM feedback_rounds WHERE closed_at IS NOT NULL"
EVERYBODY = {"progress.home": AS_IT_IS}

PAGES: dict[str, dict[str, str]] = {
    NOBODY: {
        "accounts.sign_in": AS_IT_IS,
        "offline.shell": "SELECT %(language)s AS language",
        "paths.programme": "SELECT key, %(language)s AS language FROM programmes WHERE key IN "
        "('functielaborant', 'imagine2', 'mbo-verpleegkunde-bbl', 'oncologieverpleegkundige')",
        "paths.programmes": "SELECT %(language)s AS language",
    },
    "trainee@example.org": EVERYBODY
    | {
        "accounts.account": AS_IT_IS,
        "notices.choices": AS_IT_IS,
        "notices.notices": AS_IT_IS,
        "offline.device": AS_IT_IS,
        "attainments.attainments": ENROLMENT,
        "attainments.record": "SELECT e.id AS enrolment_id, k.kind FROM (VALUES ('hours'), ('session'), ('test'), "
        f"('exempt-epa')) k (kind), LATERAL (SELECT e.id {OF_THE_TRAINEE}) e",
        "assessments.ask": f"SELECT DISTINCT ON (a.kind = 'feedback_round') a.id AS activity_id {MINE}",
        "assessments.assessment": "SELECT DISTINCT ON (a.status) a.id AS assessment_id "
        "FROM assessments a JOIN users u ON u.id = a.trainee_id WHERE u.email = %(email)s",
        "assessments.own_rating": f"SELECT DISTINCT ON (a.rated_at IS NULL) a.id AS activity_id, e.epa_id {MINE} "
        "AND a.kind = 'procedure'".replace("WHERE", "JOIN activity_epas e ON e.activity_id = a.id WHERE"),
        "concerns.concern": "SELECT c.id AS concern_id FROM concerns c "
        "JOIN users u ON u.id = c.trainee_id WHERE u.email = %(email)s",
        "entrustment.decision": DECISIONS.format("%(email)s"),
        "invitations.code": "SELECT i.id AS invitation_id FROM invitations i WHERE i.identity = 'shown_code'",
        "invitations.invite": f"SELECT a.id AS activity_id {MINE} AND a.kind = 'procedure' LIMIT 1",
        "invitations.show_code": f"SELECT a.id AS activity_id {MINE} AND a.kind = 'procedure' LIMIT 1",
        "logbook.activities": AS_IT_IS,
        "logbook.activity": f"SELECT DISTINCT ON (a.rated_at IS NULL, a.corrected_at IS NULL) "
        f"a.id AS activity_id {MINE}",
        "assessments.correct": f"SELECT a.id AS activity_id {MINE} AND a.rated_at IS NOT NULL "
        "AND a.kind <> 'reflection' LIMIT 1",
        "logbook.add_file": f"SELECT a.id AS activity_id {MINE} AND a.rated_at IS NULL LIMIT 1",
        "logbook.edit": f"SELECT a.id AS activity_id {MINE} AND a.rated_at IS NULL LIMIT 1",
        "logbook.log": AS_IT_IS,
        "logbook.series": AS_IT_IS,
        "moves.of_enrolment": ENROLMENT,
        "multisource.ask": OPEN_ROUND,
        "multisource.ask_outside": OPEN_ROUND,
        "multisource.open_round": ENROLMENT,
        "multisource.plan_conversation": CLOSED_ROUND,
        "multisource.report": CLOSED_ROUND,
        "multisource.round_page": "SELECT id AS round_id FROM feedback_rounds",
        "multisource.rounds": AS_IT_IS,
        "multisource.set_goal": CLOSED_ROUND,
        "progress.completion": ENROLMENT,
        "paths.needs": "SELECT key FROM programmes WHERE key IN ('functielaborant', 'oncologieverpleegkundige')",
        "progress.dossier": DOSSIERS.format("('onc-k2', 'onc-k5', 'onc-eol')"),
        "progress.enrolment": ENROLMENT,
        "reflections.edit": REFLECTION,
        "reflections.reflection": REFLECTION,
        "reflections.reflections": AS_IT_IS,
        "reflections.remove": REFLECTION,
        "reflections.write": AS_IT_IS,
    },
    "trainer@example.org": EVERYBODY
    | {
        "notices.notices": AS_IT_IS,
        "assessments.waiting": AS_IT_IS,
        "assessments.given": AS_IT_IS,
        "assessments.hand_on": f"SELECT a.id AS assessment_id {ASKED_OF_ME} AND a.status = 'requested' "
        "AND NOT a.invited AND a.instrument_key <> 'msf' LIMIT 1",
        "assessments.limit": AS_IT_IS,
        "assessments.choose_group": AS_IT_IS,
        "assessments.start_group": f"SELECT e.id AS trainee {OF_THE_TRAINEE}",
        "assessments.start_of": f"SELECT e.id AS enrolment_id {OF_THE_TRAINEE}",
        "assessments.start_one": AS_IT_IS,
        "assessments.together": f"SELECT a.id AS assessment_id {ASKED_OF_ME} AND a.status = 'requested' LIMIT 1",
        "assessments.submit": f"SELECT DISTINCT ON (i.result) a.id AS assessment_id {ASKED_OF_ME} "
        "AND a.status = 'requested'",
        "assessments.decline": f"SELECT a.id AS assessment_id {ASKED_OF_ME} AND a.status = 'requested' LIMIT 1",
        "assessments.assessment": f"SELECT a.id AS assessment_id {ASKED_OF_ME} AND a.status = 'requested' LIMIT 1",
        "entrustment.decide": DOSSIERS.format("('onc-k3', 'onc-k4', 'onc-s3')"),
        "concerns.add": "SELECT c.id AS concern_id, s.step FROM concerns c JOIN concern_entries e "
        "ON e.concern_id = c.id AND e.step = 'followed_up', (VALUES ('talked'), ('followed-up')) s (step)",
        "concerns.concern": "SELECT id AS concern_id FROM concerns",
        "concerns.of_enrolment": ENROLMENT,
        "concerns.write": ENROLMENT,
        "multisource.answer": OPEN_ROUND,
        "multisource.rounds": AS_IT_IS,
        "progress.dossier": DOSSIERS.format("('onc-k3')"),
        "progress.own_figures": AS_IT_IS,
        "reflections.reflection": REFLECTION,
        "reflections.reflections": AS_IT_IS,
    },
    "lead@example.org": EVERYBODY
    | {
        "assessments.delays": AS_IT_IS,
        "attainments.attainment": "SELECT DISTINCT ON (a.kind) a.id AS attainment_id FROM attainments a "
        f"WHERE a.enrolment_id = (SELECT e.id {OF_THE_TRAINEE}) ORDER BY a.kind, a.recorded_at DESC",
        "attainments.attainments": ENROLMENT,
        "authoring.comparison": DRAFT,
        "authoring.conflict": "SELECT draft_id, id AS edit_id FROM draft_edits WHERE kind = 'conflicting'",
        "authoring.copy": VERSION,
        "authoring.discard": DRAFT,
        "authoring.draft": DRAFT,
        "authoring.drafts": AS_IT_IS,
        "authoring.history": DRAFT,
        "authoring.part": PARTS,
        "authoring.preview": DRAFT,
        "authoring.preview_epa": AN_EPA,
        "authoring.publish": DRAFT,
        "authoring.remove": AN_EPA,
        "authoring.revise": VERSION,
        "authoring.start": AS_IT_IS,
        "authoring.text": "SELECT e.draft_id, e.id AS edit_id FROM draft_edits e "
        "WHERE e.kind = 'saved' AND e.key = 'onc-k1' AND e.revision = 1",
        "concerns.concerns": AS_IT_IS,
        "cohorts.change_enrolment": ENROLMENT,
        "progress.cohorts": AS_IT_IS,
        "cohorts.create": AS_IT_IS,
        "cohorts.edit": COHORT,
        "cohorts.enrol": COHORT,
        "exchange.draft": "SELECT id AS package_id FROM packages WHERE organisation_id IS NOT NULL",
        "exchange.imports": AS_IT_IS,
        "exchange.item": "SELECT package_id, id AS item_id FROM package_items ORDER BY children LIMIT 1",
        "exchange.package": "SELECT id AS package_id FROM packages WHERE organisation_id IS NOT NULL",
        "exchange.packages": AS_IT_IS,
        "exchange.preview": "SELECT id AS import_id FROM imports",
        "moves.moves": "SELECT programme_version_id AS version_id " + OF_THE_TRAINEE,
        "progress.cohort": COHORT,
        "reports.audit_trail": ENROLMENT,
        "reports.cohort_report": COHORT,
        "search.search": "SELECT * FROM (VALUES ('begeleiden', NULL), ('zorg', 'epa'), ('behandelfaze', NULL), "
        "('xyzzy', NULL), ('', NULL)) asked (q, kind)",
    },
    "committee@example.org": EVERYBODY
    | {
        "entrustment.decision": DECISIONS.format("'trainee@example.org'"),
        "progress.enrolment": ENROLMENT,
    },
    "auditor@example.org": EVERYBODY
    | {
        "curriculum.competency": "SELECT DISTINCT ON (framework_id) id AS domain_id FROM competency_domains "
        "ORDER BY framework_id, jsonb_array_length(indicators) DESC, position",
        "curriculum.crosswalk": "SELECT one.id AS framework_id, other.id AS other_id "
        "FROM frameworks one, frameworks other WHERE (one.key, other.key) IN (('rml', 'leads'), ('leads', 'mlcf'))",
        "curriculum.framework": "SELECT id AS framework_id FROM frameworks",
        "curriculum.frameworks": AS_IT_IS,
        "curriculum.programmes": AS_IT_IS,
        "curriculum.scale": "SELECT id AS scale_id FROM scales",
        "curriculum.scales": AS_IT_IS,
        "curriculum.programme": "SELECT id AS version_id FROM programme_versions ORDER BY loaded_at, id LIMIT 4",
        "organisations.organisation": ORGANISATION,
    },
    "region@example.org": EVERYBODY
    | {
        "cohorts.retire": VERSION,
        "authoring.review": DRAFT,
        "authoring.version_comparison": COMPARED,
        "progress.cohorts": AS_IT_IS,
        "curriculum.programme": "SELECT id AS version_id FROM programme_versions ORDER BY loaded_at, id OFFSET 4",
        "organisations.alliance": "SELECT id AS alliance_id FROM alliances LIMIT 1",
        "progress.cohort": "SELECT cohort_id FROM enrolments GROUP BY cohort_id ORDER BY count(*) DESC LIMIT 1",
    },
    "admin@example.org": EVERYBODY
    | {
        "assessments.default_limit": ORGANISATION,
        "curriculum.epa": "SELECT DISTINCT ON (programme_version_id) id AS epa_id FROM epas "
        "ORDER BY programme_version_id, length(specification::text) DESC",
        "curriculum.accreditations": ORGANISATION,
        "organisations.organisation": ORGANISATION,
        "organisations.organisations": AS_IT_IS,
        "rosters.preview": "SELECT DISTINCT ON (applied_at IS NULL) id AS roster_id FROM rosters",
        "rosters.roster": ORGANISATION,
    },
}
"""By person: the routes with the question that finds what their addresses hold; each answer is an address."""


def addresses_of(email: str, app: Flask, database_url: str, language: str = "nl") -> list[str]:
    """Return the addresses of all pages that the table has for that person, public ones in that language."""
    found = []
    with psycopg.connect(database_url.replace("+psycopg", "", 1), row_factory=dict_row) as connection:
        connection.execute(AS_THEM, [email])
        for endpoint, question in PAGES[email].items():
            rows: list[DictRow] = connection.execute(
                question, {"email": email, "language": language} if "%(" in question else None
            ).fetchall()
            assert rows, f"the demonstration has nothing for {endpoint} as {email}"
            routes = app.url_map.bind("")
            found += [routes.build(endpoint, row) for row in rows]
    return found
