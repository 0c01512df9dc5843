"""Working without coverage in a real browser: nothing lost, nothing twice, and closed to whoever comes next."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import select

from lms.accounts import actions
from lms.accounts.models import User
from lms.app import create_app
from lms.assessments.models import Assessment, RequestLimit
from lms.assessments.values import seen_version
from lms.core import clock, db
from lms.core.db import database
from lms.logbook.models import Activity
from tests.assessments.requests import ask_for
from tests.browser.line import Fault, Line, line_to
from tests.browser.visiting import PHONE, has_sideways_scroll, size
from tests.conftest import settings_for
from tests.factories import TODAY, Ward, epa_of
from tests.logbook.activities import log_activity

pytestmark = pytest.mark.browser

SEED = 20261122
POINTS, RATINGS = 200, 50
FROM_HERE = "import(document.querySelector('script[src*=\"/static/\"]').src.replace(/[a-z]+[.]js/, 'queue.js'))"
ADD = f"entry => {FROM_HERE}.then(queue => queue.add(entry))"
SEND = f"async () => (await {FROM_HERE}).sendAll('nothing of its own')"
"""As a page does that waits for its turn: another tab may be sending."""
KNOWN = f"async () => {{ while (!await (await {FROM_HERE}).holder()) await new Promise(wake => setTimeout(wake, 20)) }}"
STATES = (
    f"() => {FROM_HERE}.then(queue => queue.standings()).then(all => all.map(one => one.closed ? 'closed' : one.state))"
)
NEW_KEY = f"() => {FROM_HERE}.then(queue => queue.newKey())"


@dataclass
class Place:
    """A hospital behind a line that fails, with what a trainee there can log and a trainer can rate."""

    app: Flask
    line: Line
    versions: list[int]
    people: dict[str, str]
    activity: dict[str, str]
    requests: list[tuple[str, str]] = field(default_factory=list)

    def cookie(self, who: str) -> str:
        """Sign somebody in, and return the cookie of it."""
        with self.app.app_context(), db.transaction() as session:
            person = session.scalars(select(User).where(User.email == self.people[who])).one()
            _opened, token = actions.open_session(session, person, device="Test", at=clock.now())
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return str(serializer.dumps({"_user_id": token, "_fresh": True}))

    def end_sessions(self, who: str) -> None:
        """End every session of somebody."""
        with self.app.app_context(), db.transaction() as session:
            person = session.scalars(select(User).where(User.email == self.people[who])).one()
            actions.revoke_all_sessions(session, person, by=person, at=clock.now())

    def deploy(self, version: int) -> None:
        """Put another version of the server in its place."""
        self.line.to = self.versions[version]

    def notes(self) -> Counter[str]:
        """Return how often each activity is logged."""
        with self.app.app_context():
            return Counter(db.session().scalars(select(Activity.note)))

    def ratings(self) -> dict[str, tuple[str | None, str]]:
        """Return what was given, by request."""
        with self.app.app_context():
            rows = db.session().execute(select(Assessment.id, Assessment.level_code, Assessment.comment))
            return {str(key): (level, comment) for key, level, comment in rows if level}


@pytest.fixture(scope="module")
def place(copy_of_filled: Callable[[], str]) -> Iterator[Place]:
    """Return the hospital, in two versions of the server on one database."""
    url = copy_of_filled()
    apps = [create_app(settings_for(url)) for _version in range(2)]
    apps[1].config["ASSETS_VERSION"] = "another-one"
    with apps[0].app_context(), db.transaction() as session:
        ward = Ward(session)
        people = {"trainee": ward.trainee.email, "trainer": ward.trainer.email, "colleague": ward.second_trainer.email}
        session.add(RequestLimit(user_id=ward.trainer.id, most=99))
        requests = [asked(ward, number) for number in range(RATINGS + 1)]
        epa = epa_of(session, "onc-k2")
        activity = {"enrolment": str(ward.enrolment.id), "department": str(ward.department.id), "epa": str(epa.id)}
    with line_to(*apps) as (line, versions):
        yield Place(apps[0], line, versions, people, activity, requests)
    for app in apps:
        with app.app_context():
            database.session.remove()
            database.engine.dispose()


def asked(ward: Ward, number: int) -> tuple[str, str]:
    """Return a request for the ward's trainer, with what there is to see of it."""
    session = db.session()
    request = ask_for(session, ward, log_activity(session, ward, note=f"Asked {number}"))
    return str(request.id), seen_version(request)


@dataclass
class Device:
    """A phone on which somebody is signed in."""

    place: Place
    context: BrowserContext
    who: str
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.sign_in(self.who)
        self.open()

    def sign_in(self, who: str) -> None:
        """Let somebody be signed in here, whoever was before."""
        self.who = who
        self.context.add_cookies([{"name": "bekwaam", "value": self.place.cookie(who), "url": self.place.line.address}])

    def open(self, path: str = "/notices") -> None:
        """Open a page in a new tab."""
        self.page = self.context.new_page()
        self.page.goto(path)
        self.page.evaluate(KNOWN)

    def states(self) -> list[str]:
        """Return how everything stands that is here."""
        return list(self.page.evaluate(STATES))

    def send(self) -> str:
        """Send what waits, and return how that ended."""
        return str(self.page.evaluate(SEND))


@pytest.fixture
def device(browser: Browser, place: Place) -> Iterator[Callable[[str], Device]]:
    """Return a function that gives somebody a new phone."""
    contexts: list[BrowserContext] = []

    def give(who: str) -> Device:
        context = browser.new_context(base_url=place.line.address, viewport=size(PHONE), locale="en-GB")
        contexts.append(context)
        return Device(place, context, who)

    yield give
    place.line.is_cut = False
    place.line.faults.clear()
    place.deploy(0)
    for context in contexts:
        context.close()


class Journey:
    """Somebody who goes on filling in forms while everything fails, one thing after the other."""

    def __init__(self, device: Device, chance: random.Random) -> None:
        self.device, self.chance, self.version = device, chance, 0
        self.happened: Counter[str] = Counter()

    def step(self, entry: dict[str, object]) -> None:
        """Keep one more entry, and let something fail while what waits is sent."""
        self.device.page.evaluate(ADD, entry)
        what = self.chance.choices([self.fail, self.close_tab, self.lose_session, self.deploy], [80, 9, 6, 5])[0]
        self.happened[what()] += 1
        self.device.place.line.faults.clear()

    def fail(self) -> str:
        """Cut one of the next requests somewhere."""
        fault = self.chance.choice(list(Fault))
        path = self.chance.choice([b"GET /device/account", b"POST /", b"POST /", b"POST /"])
        self.device.place.line.faults.append((path, fault))
        self.device.send()
        return f"{fault} ({path.decode()})"

    def close_tab(self) -> str:
        """Close the tab while it is sending, and open another."""
        self.device.page.evaluate(f"() => {{ {FROM_HERE}.then(queue => queue.sendAll()); }}")
        self.device.page.wait_for_timeout(self.chance.uniform(0, 60))
        self.device.page.close()
        self.device.open()
        return "the tab was closed"

    def lose_session(self) -> str:
        """End the session, find that nothing is sent, and sign in again."""
        self.device.place.end_sessions(self.device.who)
        assert self.device.send() == "sign_in"
        self.device.sign_in(self.device.who)
        return "the session was lost"

    def deploy(self) -> str:
        """Replace the server by another version while the device sends, and open the page anew."""
        self.version = 1 - self.version
        self.device.place.line.faults.append((b"POST /", Fault.BEFORE))
        self.device.send()
        self.device.place.deploy(self.version)
        self.device.page.reload()
        return "another version was deployed"


def test_nothing_is_lost_and_nothing_comes_twice_over_200_interruptions(
    place: Place, device: Callable[[str], Device]
) -> None:
    print(f"Offline journey: seed {SEED}")  # noqa: T201 The outcome.
    chance, before = random.Random(SEED), place.notes()
    trainee = Journey(device("trainee"), chance)
    for number in range(POINTS - RATINGS):
        trainee.step(activity(place, trainee.device, f"Number {number}"))
    trainer = Journey(device("trainer"), chance)
    for number, (request, seen) in enumerate(place.requests[1:]):
        trainer.step(rating(request, seen, f"Seen {number}"))
    for journey in (trainee, trainer):
        assert journey.device.send() == "ready"
        assert set(journey.device.states()) == {"sent"}
    happened = trainee.happened + trainer.happened
    print(f"{happened.total()} interruptions: {dict(happened)}")  # noqa: T201 The outcome.
    assert happened.total() == POINTS
    assert place.notes() - before == Counter(f"Number {number}" for number in range(POINTS - RATINGS))
    given = {request: ("3", f"Seen {number}") for number, (request, _seen) in enumerate(place.requests[1:])}
    assert {key: said for key, said in place.ratings().items() if key in given} == given


def activity(place: Place, device: Device, note: str) -> dict[str, object]:
    """Return an activity as the form keeps it."""
    key = device.page.evaluate(NEW_KEY)
    said = {"key": key, "note": note, "kind": "procedure", "performed_on": f"{TODAY:%Y-%m-%d}", "quantity": "1"}
    said |= {"epas": place.activity["epa"], "department": place.activity["department"]}
    url = f"/activities/new?enrolment={place.activity['enrolment']}"
    return {"key": key, "url": url, "kind": "log", "title": note, "fields": list(said.items())}


def rating(request: str, seen: str, comment: str) -> dict[str, object]:
    """Return a rating as the form keeps it; its key is its own, for its address says what it is about."""
    said = {"version": seen, "level": "3", "comment": comment}
    url = f"/assessments/{request}/submit"
    return {"key": request, "url": url, "kind": "rate", "title": comment, "fields": list(said.items())}


WORKS = "() => navigator.serviceWorker.ready.then(() => true)"
KEEPS = f"async () => (await (await {FROM_HERE}).keptForms()).map(form => form.url)"


def wait_for_forms(device: Device, *endings: str) -> None:
    """Wait until the device keeps the forms whose addresses end so, and can show a page without coverage."""
    device.page.evaluate(WORKS)
    for _time in range(200):
        kept = device.page.evaluate(KEEPS)
        if all(any(url.split("?")[0].endswith(ending) for url in kept) for ending in endings):
            return
        device.page.wait_for_timeout(50)
    raise AssertionError(kept)


def log(page: Page, note: str) -> None:
    """Fill in the form to log as it stands on the page, and send it."""
    page.locator("#note").fill(note)
    page.locator("#kind").select_option("procedure")
    page.locator("#epas input").first.check()
    page.get_by_role("button", name="Log", exact=True).click()


def entry(page: Page, title: str) -> Locator:
    """Return the line of what waits here with that title."""
    return page.locator("[data-part=entries] .entry").filter(has_text=title)


def test_an_activity_is_logged_without_coverage_on_a_phone_and_sent_once_there_is(
    place: Place, device: Callable[[str], Device]
) -> None:
    phone = device("trainee")
    phone.open("/activities")
    wait_for_forms(phone, "/activities/new", "/activities/series")
    place.line.is_cut = True
    page = phone.page
    page.goto("/activities/new")
    expect(page.get_by_role("heading", level=1)).to_have_text("On this device")
    assert not has_sideways_scroll(page)
    page.get_by_role("button", name="Log", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("What you did, in one line: Fill this in.")
    expect(page.get_by_role("alert")).to_contain_text("EPAs: Choose at least one EPA.")
    log(page, "Logged in the cellar")
    expect(entry(page, "Logged in the cellar")).to_contain_text("Waits for a connection")
    find_it_again_and_send_it(place, phone)


def find_it_again_and_send_it(place: Place, phone: Device) -> None:
    """Open another tab without coverage, put more into what waits there, and send it once there is coverage."""
    phone.page.close()
    page = phone.page = phone.context.new_page()
    page.goto("/somewhere")
    expect(entry(page, "Logged in the cellar")).to_contain_text("Waits for a connection")
    entry(page, "Logged in the cellar").get_by_role("button", name="Open").click()
    page.locator("#note").fill("Logged in the cellar, twice")
    page.get_by_role("button", name="Log", exact=True).click()
    expect(entry(page, "Logged in the cellar, twice")).to_have_count(1)
    assert "Logged in the cellar, twice" not in place.notes()
    place.line.is_cut = False
    page.get_by_role("button", name="Send now").click()
    expect(entry(page, "Logged in the cellar, twice")).to_contain_text("Sent")
    assert place.notes()["Logged in the cellar, twice"] == 1
    assert "Logged in the cellar" not in place.notes()


def test_a_rating_without_coverage_asks_when_the_activity_changed_meanwhile(
    place: Place, device: Callable[[str], Device]
) -> None:
    phone, (request, _seen) = device("trainer"), place.requests[0]
    phone.open("/assessments")
    wait_for_forms(phone, f"/assessments/{request}/submit")
    place.line.is_cut = True
    page = phone.page
    page.goto(f"/assessments/{request}/submit")
    page.locator("input[name=level][value='3']").check()
    page.locator("#comment").fill("Calm and complete")
    page.get_by_role("button", name="Give this assessment").click()
    line = page.locator("[data-part=entries] .entry")
    expect(line).to_contain_text("Waits for a connection")
    change(place, request, "It was something else")
    place.line.is_cut = False
    page.get_by_role("button", name="Send now").click()
    expect(line).to_contain_text("Needs your answer")
    assert request not in place.ratings()
    line.get_by_role("button", name="Compare").click()
    sides = page.locator(".columns section")
    expect(sides.first).to_contain_text("Asked 0")
    expect(sides.first).to_contain_text("Calm and complete")
    expect(sides.last).to_contain_text("It was something else")
    page.get_by_role("button", name="Send mine all the same").click()
    expect(line).to_contain_text("Sent")
    assert place.ratings()[request] == ("3", "Calm and complete")


def change(place: Place, request: str, note: str) -> None:
    """Let the trainee change the activity of a request."""
    with place.app.app_context(), db.transaction() as session:
        activity_id = session.get_one(Assessment, UUID(request)).activity_id
        session.get_one(Activity, activity_id).note = note


def test_what_is_refused_can_be_put_right(place: Place, device: Callable[[str], Device]) -> None:
    phone = device("trainee")
    page = phone.page
    page.evaluate(ADD, activity(place, phone, "Infuus bij 111222333"))
    assert phone.send() == "ready"
    page.goto("/device")
    line = entry(page, "Infuus bij 111222333")
    expect(line).to_contain_text("Refused: put it right")
    expect(line).to_contain_text("is a valid citizen service number")
    line.get_by_role("button", name="Open").click()
    page.locator("#note").fill("Infuus aangelegd")
    page.get_by_role("button", name="Log", exact=True).click()
    page.wait_for_url("**/ask")
    expect(page.get_by_role("status").first).to_contain_text("The activity is logged.")
    assert place.notes()["Infuus aangelegd"] == 1


def test_what_waits_is_closed_to_whoever_signs_in_next_and_opens_to_its_writer(
    place: Place, device: Callable[[str], Device]
) -> None:
    shared = device("trainee")
    page = shared.page
    page.evaluate(ADD, activity(place, shared, "Of the first one"))
    place.end_sessions("trainee")
    assert shared.send() == "sign_in"
    shared.sign_in("colleague")
    page.goto("/device")
    expect(page.locator("[data-part=closed]")).to_contain_text("Things of somebody else that wait here: 1.")
    expect(page.get_by_role("main")).not_to_contain_text("Of the first one")
    shared.send()
    assert "Of the first one" not in stored(page)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/sign-in")
    assert "Of the first one" not in place.notes()
    shared.sign_in("trainee")
    page.goto("/notices")
    page.evaluate(KNOWN)
    shared.send()
    assert shared.states() == ["sent"]
    assert place.notes()["Of the first one"] == 1


def test_signing_out_asks_about_what_is_not_sent_and_leaves_nothing(
    place: Place, device: Callable[[str], Device]
) -> None:
    phone = device("trainee")
    page = phone.page
    page.evaluate(ADD, activity(place, phone, "Never to be sent") | {"url": "/nowhere"})
    assert phone.send() == "ready"
    assert phone.states() == ["refused"]
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Not everything is sent yet")).to_be_visible()
    page.get_by_role("button", name="Remove it and sign out").click()
    page.wait_for_url("**/sign-in")
    assert page.evaluate("indexedDB.databases().then(all => all.length)") == 0
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0


def stored(page: Page) -> str:
    """Return everything that the browser stores for this site, as text."""
    return str(
        page.evaluate(
            """async () => {
              const asking = indexedDB.open("bekwaam");
              const database = await new Promise(resolve => asking.onsuccess = () => resolve(asking.result));
              let found = JSON.stringify(localStorage);
              for (const store of database.objectStoreNames) {
                const rows = database.transaction(store).objectStore(store).getAll();
                await new Promise(resolve => rows.onsuccess = resolve);
                const text = new TextDecoder("latin1");
                found += JSON.stringify(rows.result, (_name, value) =>
                  value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? text.decode(value) : value);
              }
              database.close();
              return found;
            }"""
        )
    )
