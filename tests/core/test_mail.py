"""Mail: one content in two forms, sealed until it is sent, sent at least once through a real mail server."""

from __future__ import annotations

import os
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lms.core import db
from lms.core.jobs import ask_for
from lms.core.mail import AddressRefusal, Mail, MailState, post
from lms.core.mail.carriers import Folder, MailServer, carrier_for
from lms.core.mail.composing import REPEATED
from lms.core.mail.sending import MOST_ATTEMPTS, forget_mails
from lms.core.sealing import SealBroken, seal_text, unseal_text
from lms.operations.jobs import take_up_left_jobs
from lms.operations.worker import work
from lms.settings import Mode, Settings
from tests.mail_server import Postbox, free_port, serving
from tests.mailbox import letters, page, plain

FACTS = {
    "name": "Anna O’Neill <b>",
    "count": 2,
    "more": 0,
    "lines": [["Jan & Piet ask you something", "https://b.example/a?b=1&c=2"]],
    "notices_url": "https://b.example/notices",
    "choices_url": "https://b.example/account/mail",
}
ROOT = Path(__file__).resolve().parents[2]


def write(session: Session, *, to: str = "anna@hospital.example", language: str = "en") -> Mail:
    return post(session, to=to, language=language, template="notices", facts=FACTS)


class Words(HTMLParser):
    """The words of a page, those of its head left out, and behind each link where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_title = False
        self.leads_to = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_title = tag == "title"
        self.leads_to = dict(attrs).get("href") or self.leads_to

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.found.append(self.leads_to)

    def handle_data(self, data: str) -> None:
        if not self.in_title:
            self.found += data.split()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_plain_text_and_html_say_the_same(session: Session, language: str) -> None:
    write(session, language=language)
    (letter,) = letters(session)
    words = Words()
    words.feed(page(letter))
    assert plain(letter).split() == words.found
    assert "Anna O’Neill <b>," in plain(letter)
    assert "https://b.example/a?b=1&c=2" in plain(letter)
    assert "<b>" not in page(letter)
    assert letter["Content-Language"] == language
    assert f'lang="{language}"' in page(letter)


def test_a_mail_says_who_sends_it_where_to_choose_and_that_nobody_need_answer(session: Session) -> None:
    mail = write(session)
    (letter,) = letters(session)
    assert letter["To"] == "anna@hospital.example"
    assert letter["Subject"] == "Bekwaam: 2 things for you"
    assert letter["From"] == "Bekwaam <bekwaam@localhost>"
    assert letter["Message-ID"] == f"<{mail.id}@localhost>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] == "<https://b.example/account/mail>"
    assert letter[REPEATED] is None
    assert "http" not in page(letter).replace("https://b.example", "")


def test_what_a_mail_says_is_not_in_the_database_in_clear(session: Session) -> None:
    mail = write(session)
    stored = session.scalar(select(Mail.facts).where(Mail.id == mail.id)) or b""
    assert b"Neill" not in stored
    assert b"https" not in stored
    asked = text("SELECT args::text FROM procrastinate_jobs WHERE task_name = 'core.send_mail'")
    assert session.scalars(asked).all() == [f'{{"mail_id": "{mail.id}"}}']


def test_a_seal_holds_for_one_key_and_every_byte() -> None:
    sealed = seal_text("één geheim " * 20, key=b"k" * 32)
    assert unseal_text(sealed, key=b"k" * 32) == "één geheim " * 20
    assert sealed != seal_text("één geheim " * 20, key=b"k" * 32)
    with pytest.raises(SealBroken):
        unseal_text(sealed, key=b"l" * 32)
    for place in range(len(sealed)):
        with pytest.raises(SealBroken):
            unseal_text(sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :], key=b"k" * 32)
        with pytest.raises(SealBroken):
            unseal_text(sealed[:place], key=b"k" * 32)


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    box = Postbox()
    with serving(box):
        yield box


@pytest.fixture
def sender(own_database: Flask, postbox: Postbox) -> Iterator[Flask]:
    """Return an app whose commits are real and whose mails go to the postbox."""
    send_to(own_database, postbox.url)
    with own_database.app_context():
        yield own_database


def send_to(app: Flask, url: str) -> None:
    app.config["BEKWAAM"] = replace(app.config["BEKWAAM"], mail_url=url, mail_from="Bekwaam <noreply@b.example>")


def queued(address: str = "anna@hospital.example") -> Mail:
    with db.transaction() as session:
        return write(session, to=address)


def worked_off(app: Flask, mail: Mail) -> Mail:
    """Let a worker do what waits, whenever it was to be tried again, and return the mail as it is then."""
    key = mail.id
    with db.transaction() as session:
        session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
    work(app, app.config["BEKWAAM"], until_empty=True)
    db.session().expire_all()
    return db.session().get_one(Mail, key)


def jobs_left() -> int:
    return (
        db.session().scalar(
            text(
                "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'core.send_mail' "
                "AND status IN ('todo', 'doing')"
            )
        )
        or 0
    )


def test_a_mail_is_sent_once_and_its_facts_are_forgotten(sender: Flask, postbox: Postbox) -> None:
    mail = worked_off(sender, queued())
    assert (mail.state, mail.attempts, mail.repeats, mail.facts) == (MailState.SENT, 1, 0, None)
    (sent,) = postbox.mails
    assert sent["Message-ID"] == f"<{mail.id}@b.example>"
    assert "Jan & Piet" in plain(sent)
    assert jobs_left() == 0


def test_a_mail_of_a_transaction_that_failed_is_never_sent(sender: Flask, postbox: Postbox) -> None:
    with pytest.raises(ZeroDivisionError), db.transaction() as session:
        queue_and_fail(session)
    work(sender, sender.config["BEKWAAM"], until_empty=True)
    assert postbox.mails == []
    assert db.session().scalars(select(Mail)).all() == []


def queue_and_fail(session: Session) -> None:
    write(session)
    raise ZeroDivisionError


@pytest.mark.parametrize("step", ["to_recipient", "to_data"])
def test_what_a_mail_server_does_not_take_now_is_sent_later_and_is_no_repeat(
    sender: Flask, postbox: Postbox, step: str
) -> None:
    getattr(postbox, step).append("451 4.7.1 greylisted, anna@hospital.example")
    mail = worked_off(sender, queued())
    assert (mail.state, mail.code, jobs_left()) == (MailState.WAITING, 451, 1)
    mail = worked_off(sender, mail)
    assert (mail.state, mail.attempts) == (MailState.SENT, 2)
    assert [sent[REPEATED] for sent in postbox.mails] == [None]


@pytest.mark.parametrize("step", ["to_recipient", "to_data"])
def test_an_address_that_refuses_for_good_is_known_and_not_tried_again_by_itself(
    sender: Flask, postbox: Postbox, step: str
) -> None:
    getattr(postbox, step).append("550 5.1.1 no such person")
    mail = worked_off(sender, queued("Anna@Hospital.example"))
    assert (mail.state, mail.code, mail.facts, jobs_left()) == (MailState.REFUSED, 550, None, 0)
    refusal = db.session().get_one(AddressRefusal, "anna@hospital.example")
    assert refusal.code == 550
    mail = worked_off(sender, queued("anna@hospital.example"))
    assert mail.state is MailState.SENT
    assert db.session().scalars(select(AddressRefusal)).all() == []


def test_a_mail_server_that_is_away_costs_no_mail(sender: Flask) -> None:
    port = free_port()
    send_to(sender, f"smtp+plain://127.0.0.1:{port}")
    mail = worked_off(sender, queued())
    assert (mail.state, mail.code, jobs_left()) == (MailState.WAITING, None, 1)
    box = Postbox()
    with serving(box, port=port):
        mail = worked_off(sender, mail)
    assert (mail.state, len(box.mails)) == (MailState.SENT, 1)


def test_a_mail_is_given_up_after_the_last_attempt(sender: Flask, postbox: Postbox) -> None:
    postbox.to_recipient += ["451 not now"] * MOST_ATTEMPTS
    mail = queued()
    for _attempt in range(MOST_ATTEMPTS):
        mail = worked_off(sender, mail)
    assert (mail.state, mail.attempts, mail.facts, jobs_left()) == (MailState.GIVEN_UP, MOST_ATTEMPTS, None, 0)
    assert postbox.mails == []


def test_nothing_is_said_to_a_mail_server_that_does_not_encrypt(sender: Flask, postbox: Postbox) -> None:
    send_to(sender, f"smtp://someone:secret@127.0.0.1:{postbox.port}")
    mail = worked_off(sender, queued())
    assert mail.state is MailState.WAITING
    assert postbox.mails == []


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a file with a certificate for this machine and its key, as openssl makes them."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the program openssl")
    files = ("-keyout", str(tmp_path / "both.pem"), "-out", str(tmp_path / "certificate.pem"))
    asked = ("req", "-x509", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=localhost", "-days", "2")
    subprocess.run(
        [openssl, *asked, *files, "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True
    )
    with (tmp_path / "both.pem").open("a") as both:
        both.write((tmp_path / "certificate.pem").read_text())
    return tmp_path / "both.pem"


@pytest.mark.parametrize("known", [True, False])
def test_a_mail_server_is_believed_only_with_a_certificate_that_is_known(
    sender: Flask, certificate: Path, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if known:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_name("certificate.pem")))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    box = Postbox()
    with serving(box, tls_context=context, require_starttls=True):
        send_to(sender, f"smtp://localhost:{box.port}")
        mail = worked_off(sender, queued())
    assert (mail.state, len(box.mails)) == ((MailState.SENT, 1) if known else (MailState.WAITING, 0))


def test_a_worker_that_is_killed_after_the_mail_was_taken_sends_it_again_and_says_so(
    sender: Flask, postbox: Postbox
) -> None:
    mail = queued()
    worker = start_worker(sender)
    postbox.on_data = lambda: os.kill(worker.pid, signal.SIGKILL)
    assert worker.wait(60) == -signal.SIGKILL
    postbox.on_data = lambda: None
    db.session().expire_all()
    assert db.session().get_one(Mail, mail.id).state is MailState.SENDING
    with db.transaction() as session:
        session.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"))
        ask_for(session, take_up_left_jobs, timestamp=0)
    worked_off(sender, mail)
    mail = worked_off(sender, mail)
    assert (mail.state, mail.attempts, mail.repeats) == (MailState.SENT, 2, 1)
    first, second = postbox.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert [first[REPEATED], second[REPEATED]] == [None, "1"]


def start_worker(app: Flask) -> subprocess.Popen[bytes]:
    """Start the real job worker as a process of its own."""
    settings: Settings = app.config["BEKWAAM"]
    environment = {
        "BEKWAAM_MODE": "test",
        "DATABASE_URL": settings.database_url or "",
        "SECRET_KEY": settings.secret_key,
        "MAIL_URL": settings.mail_url,
        "MAIL_FROM": settings.mail_from,
    }
    command = [sys.executable, "-m", "lms.operations", "worker"]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stderr=subprocess.DEVNULL)


def test_a_mail_goes_into_a_folder_once_however_often_it_is_sent(own_database: Flask, tmp_path: Path) -> None:
    send_to(own_database, f"folder:{tmp_path / 'mail'}")
    with own_database.app_context():
        mail = worked_off(own_database, queued())
        again = Folder(tmp_path / "mail")
        assert mail.state is MailState.SENT
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == f"{mail.id}.eml"
    assert b"Anna" in file.read_bytes()
    assert carrier_for(own_database.config["BEKWAAM"]) == again


def test_with_mail_switched_off_nothing_waits(own_database: Flask) -> None:
    send_to(own_database, "off")
    with own_database.app_context():
        mail = worked_off(own_database, queued())
    assert (mail.state, mail.facts) == (MailState.SWITCHED_OFF, None)


def test_an_address_that_is_none_is_given_up_and_harms_nothing_else(sender: Flask, postbox: Postbox) -> None:
    wrong, right = queued("not an address, at all@@x"), queued()
    worked_off(sender, right)
    assert db.session().get_one(Mail, wrong.id).state is MailState.GIVEN_UP
    assert len(postbox.mails) == 1


@pytest.mark.parametrize("answer", ["451 later, anna@hospital.example", "550 who is anna@hospital.example"])
def test_no_log_names_an_address_or_what_a_mail_says(
    sender: Flask, postbox: Postbox, answer: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    postbox.to_recipient.append(answer)
    queued("not anna, at all@@hospital.example")
    worked_off(sender, worked_off(sender, queued()))
    told = "".join(capfd.readouterr()) + caplog.text
    assert "mail" in told
    for unsaid in ("anna", "hospital.example", "neill", "b.example/"):
        assert unsaid not in told.lower()


def test_old_mails_are_forgotten_and_what_was_left_is_given_up(sender: Flask) -> None:
    left, old = queued(), queued()
    with db.transaction() as session:
        age = text("UPDATE mails SET queued_at = now() - make_interval(days => :days) WHERE id = :id")
        session.execute(age, {"days": 4, "id": left.id})
        session.execute(age, {"days": 31, "id": old.id})
    forget_mails(0)
    db.session().expire_all()
    assert [(one.id, one.state) for one in db.session().scalars(select(Mail))] == [(left.id, MailState.GIVEN_UP)]


@pytest.mark.parametrize(
    ("url", "mode", "carrier"),
    [
        ("", Mode.DEMO, Folder(Path("/data/mail"))),
        ("", Mode.PRODUCTION, None),
        ("", Mode.TEST, None),
        ("off", Mode.DEMO, None),
        ("folder:/elsewhere", Mode.PRODUCTION, Folder(Path("/elsewhere"))),
        ("smtp://u%40h:p%2Fw@mail.example", Mode.PRODUCTION, MailServer("smtp", "mail.example", 587, "u@h", "p/w")),
        ("smtps://mail.example:4650", Mode.PRODUCTION, MailServer("smtps", "mail.example", 4650, "", "")),
        ("smtp+plain://localhost", Mode.PRODUCTION, MailServer("smtp+plain", "localhost", 25, "", "")),
    ],
)
def test_the_setting_says_how_mail_leaves(url: str, mode: Mode, carrier: object) -> None:
    assert carrier_for(Settings(mode=mode, mail_url=url, data_folder=Path("/data"))) == carrier
