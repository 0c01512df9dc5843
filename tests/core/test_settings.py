"""What the environment may say, and what production refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from lms.settings import Mode, SettingsRefused, read_settings

SAFE = {"BEKWAAM_MODE": "production", "SECRET_KEY": "s" * 32, "HTTPS": "true"}


MAIL = ("MAIL_URL", "MAIL_FROM", "PUBLIC_URL")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "BEKWAAM_MODE",
        "SECRET_KEY",
        "HTTPS",
        "FLASK_DEBUG",
        "DATABASE_URL",
        "PORT",
        "HOST",
        "BEKWAAM_DATA",
        *MAIL,
    ):
        monkeypatch.delenv(name, raising=False)


def with_environment(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_nothing_set_is_a_demonstration_on_loopback() -> None:
    settings = read_settings()
    assert (settings.mode, settings.host, settings.port) == (Mode.DEMO, "127.0.0.1", 8000)
    assert settings.demo


def test_production_starts_with_a_long_secret_over_https(monkeypatch: pytest.MonkeyPatch) -> None:
    with_environment(monkeypatch, **SAFE)
    assert not read_settings().demo


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "s" * 31}, "SECRET_KEY"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"HTTPS": "false"}, "HTTPS"),
    ],
)
def test_production_refuses_what_is_unsafe_and_names_it(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], named: str
) -> None:
    with_environment(monkeypatch, **(SAFE | changed))
    with pytest.raises(SettingsRefused, match=named):
        read_settings()


@pytest.mark.parametrize(("name", "value"), [("PORT", "http"), ("BEKWAAM_MODE", "prod"), ("HTTPS", "perhaps")])
def test_a_setting_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with_environment(monkeypatch, **{name: value})
    with pytest.raises(SettingsRefused, match=name):
        read_settings()


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("f" * 40 + "\n")
    with_environment(monkeypatch, **(SAFE | {"SECRET_KEY_FILE": str(tmp_path / "secret")}))
    monkeypatch.delenv("SECRET_KEY")
    assert read_settings().secret_key == "f" * 40


@pytest.mark.parametrize("spelling", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_every_spelling_of_a_database_address_gets_our_driver(monkeypatch: pytest.MonkeyPatch, spelling: str) -> None:
    with_environment(monkeypatch, DATABASE_URL=spelling)
    assert read_settings().database_url == "postgresql+psycopg://u@h/d"


def test_secrets_do_not_show_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    with_environment(monkeypatch, SECRET_KEY="very-secret-value", DATABASE_URL="postgres://u:very-secret-value@h/d")
    assert "very-secret-value" not in repr(read_settings())


@pytest.mark.parametrize(
    "url",
    [
        "off",
        "folder:/var/mail",
        "smtp://mail.example",
        "smtps://user:p%40ss@mail.example:465",
        "smtp+plain://localhost:25",
    ],
)
def test_mail_goes_where_the_setting_says(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    with_environment(monkeypatch, MAIL_URL=url, MAIL_FROM="Bekwaam <noreply@hospital.example>")
    assert read_settings().mail_url == url


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "folder:here", "smtp://u:p@ss@x@y"])
def test_an_address_for_mail_that_is_none_is_refused_without_saying_it(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    with_environment(monkeypatch, MAIL_URL=url)
    with pytest.raises(SettingsRefused, match="MAIL_URL must be") as refused:
        read_settings()
    assert "p@ss" not in str(refused.value)


@pytest.mark.parametrize("sender", ["Bekwaam", "a@b@c", "Bekwaam <a@b>\r\nBcc: <c@d>", "<a@b>"])
def test_a_sender_that_is_no_address_is_refused(monkeypatch: pytest.MonkeyPatch, sender: str) -> None:
    with_environment(monkeypatch, MAIL_FROM=sender)
    with pytest.raises(SettingsRefused, match="MAIL_FROM"):
        read_settings()


@pytest.mark.parametrize("missing", ["PUBLIC_URL", "MAIL_FROM"])
def test_production_sends_no_mail_without_saying_who_it_is(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    mail = {"MAIL_URL": "smtp://mail.example", "MAIL_FROM": "a@b.example", "PUBLIC_URL": "https://b.example"}
    with_environment(monkeypatch, **SAFE, **mail)
    assert read_settings().mail_from == "a@b.example"
    monkeypatch.delenv(missing)
    with pytest.raises(SettingsRefused, match=missing):
        read_settings()
