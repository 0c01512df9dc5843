"""People from outside in the demonstration: one who was sent a link, one who scanned a code, one who disowned."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from competencies.answers import Answer
from competencies.curricula import ResultKind
from competencies.invitations import LASTS, Identity
from competencies.observations import ActivityKind
from competencies.requests import Offer
from lms.accounts.actions import note_outsider
from lms.accounts.models import User
from lms.accounts.queries import user_by_email
from lms.assessments import actions
from lms.assessments.models import Assessment
from lms.assessments.queries import one_in_full, ways_for
from lms.assessments.values import WaysToAsk, rating_scale, scale_for, seen_version
from lms.core.keys import keys_from
from lms.curriculum.models import Epa
from lms.curriculum.queries import latest_scales
from lms.demo.chance import Chance
from lms.demo.story import SIGN_IN
from lms.invitations.models import Invitation
from lms.invitations.tokens import digest_of
from lms.invitations.values import Guest
from lms.logbook.models import Activity
from lms.logbook.queries import one_visible
from lms.notices.models import Notice
from lms.organisations.permissions import Duties
from lms.organisations.queries import held_roles

KINDS = (ActivityKind.PATIENT_CONTACT, ActivityKind.PROCEDURE)
SENT = Guest(email="s.bakker@example.org", name="Sanne Bakker (demo)", role="Huisarts")
SCANNED = Guest(email="t.yilmaz@example.org", name="Tarik Yılmaz (demo)", role="Ambulanceverpleegkundige")
DISOWNED = Guest(email="j.visser@example.org", name="Joke Visser (demo)", role="Wijkverpleegkundige")
WORDS = "Rustig en volledig uitgelegd, en gevraagd of alles duidelijk was. Vraag bij twijfel eerder om hulp."


def show_invitations(session: Session, chance: Chance, *, at: datetime) -> None:
    """Let the trainee who can sign in ask three people from outside, of whom two answered, and one says not to have."""
    trainee = user_by_email(session, SIGN_IN)
    if trainee is None:
        return
    began = at - timedelta(days=2)
    with keys_from(lambda: UUID(str(chance.key(began)))):
        known = _activities(session, trainee)
        asked = [
            _Asking(session, chance, trainee, activity, guest).ask(identity, at=began + timedelta(hours=number))
            for number, (activity, (guest, identity)) in enumerate(zip(known, GUESTS, strict=False))
        ]
    told = update(Notice).where(Notice.about_id.in_(asked)).values(to_mail=False)
    session.execute(told.execution_options(synchronize_session=False))


GUESTS = (
    (SENT, Identity.KNOWN_ADDRESS),
    (SCANNED, Identity.SHOWN_CODE),
    (DISOWNED, Identity.KNOWN_ADDRESS),
)


def _activities(session: Session, trainee: User) -> list[Activity]:
    """Return the last activities of the trainee that somebody can rate, one for each of the guests."""
    last = (
        select(Activity.id, Activity.performed_on)
        .where(Activity.trainee_id == trainee.id, Activity.kind.in_(KINDS))
        .order_by(Activity.performed_on.desc(), Activity.id.desc())
    )
    found = []
    for row in session.execute(last.limit(4 * len(GUESTS))):
        duties = Duties(trainee.id, row.performed_on, held_roles(session, trainee.id, on=row.performed_on))
        activity = one_visible(session, duties, row.id)
        if activity is not None and _rating(ways_for(session, activity), activity.epas[0]) is not None:
            found.append(activity)
    return found[: len(GUESTS)]


def _rating(ways: WaysToAsk, epa: Epa) -> Offer | None:
    """Return the likeliest way to rate an EPA with a level."""
    levels = (one for one in ways.offers[epa.id] if ways.instruments[one.instrument].result is ResultKind.LEVEL)
    return next(levels, None)


class _Asking:
    """One activity of the trainee, about which somebody from outside is asked."""

    def __init__(self, session: Session, chance: Chance, trainee: User, activity: Activity, guest: Guest) -> None:
        self._session = session
        self._chance = chance
        self._trainee = trainee
        self._activity = activity
        self._guest = guest

    def ask(self, identity: Identity, *, at: datetime) -> UUID:
        """Ask, and let who answers do so an hour later; return the key of the request."""
        guest, session = self._guest, self._session
        person = note_outsider(session, email=guest.email, name=guest.name, by=self._trainee, at=at)
        person.demo = True
        asked, offer = self._asked(person, at=at)
        sent = self._invited(asked, offer, identity, at=at)
        if guest is not SENT:
            self._answered(asked, sent, at=at + timedelta(minutes=5))
        if guest is DISOWNED:
            actions.disown(session, asked, by=person, at=at + timedelta(hours=1))
        return asked.id

    def _asked(self, person: User, *, at: datetime) -> tuple[Assessment, Offer]:
        session, ways = self._session, ways_for(self._session, self._activity)
        epa = ways.epas[self._activity.epas[0].id]
        offer = _rating(ways, epa)
        assert offer is not None, "chosen because there is one"  # noqa: S101
        asked = actions.ask(
            session,
            self._activity,
            epa=epa,
            offer=offer,
            offers=ways.offers[epa.id],
            scale_id=scale_for(epa, offer, ways.instruments, latest_scales(session)),
            assessor_id=person.id,
            assessors={person.id: person},
            by=self._trainee,
            at=at,
            invited=True,
        )
        stored = one_in_full(session, asked.id)
        assert stored is not None, "it was stored just now"  # noqa: S101
        return stored, offer

    def _invited(self, asked: Assessment, offer: Offer, identity: Identity, *, at: datetime) -> Invitation:
        """Return the link, which opens nothing: nobody knows a token that has this hash."""
        invitation = Invitation(
            activity_id=asked.activity_id,
            organisation_id=asked.enrolment.cohort.organisation_id,
            epa_id=asked.epa_id,
            assessment_id=asked.id,
            identity=identity,
            instrument_key=offer.instrument,
            form_key=offer.form,
            scale_id=asked.scale_id,
            stated_role=self._guest.role,
            token_hash=self._hash(at),
            made_at=at,
            expires_at=at + LASTS[identity],
        )
        self._session.add(invitation)
        self._session.flush()
        return invitation

    def _answered(self, asked: Assessment, sent: Invitation, *, at: datetime) -> None:
        scale = rating_scale(asked)
        assert scale is not None, "it is rated with a level"  # noqa: S101
        actions.submit(
            self._session,
            asked,
            Answer(level=scale.levels[len(scale.levels) // 2], comment=WORDS),
            seen=seen_version(asked),
            by=asked.assessor,
            at=at,
            identity=sent.identity,
            stated_role=sent.stated_role,
        )
        sent.answered_at, sent.receipt_hash = at, self._hash(at)
        self._session.flush()

    def _hash(self, at: datetime) -> bytes:
        return digest_of(str(self._chance.key(at)))
