"""Settings fail loudly: a wrong value stops the start with a sentence that names the setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.settings import SETTINGS, SettingError, Settings

WRONG = {
    "HOST": ["not a host", "http://127.0.0.1", "::1/64"],
    "PORT": ["0", "65536", "-1", "80.5", "eighty", "٣", "9" * 10],
    "BASE_URL": [
        "portolan.example",
        "ftp://portolan.example",
        "https://",
        "https://a.example/?q=1",
        "https://a.example/#x",
    ],
    "DATABASE_URL": ["mysql://localhost/x", "sqlite://", "portolan.db", "postgresql://"],
    "SEARCH_URL": ["elastic:", "whoosh", "opensearch://localhost"],
    "WEB_WORKERS": ["0", "65", "two"],
    "WEB_THREADS": ["0", "65", """ 1 2 """],
    "OPERATOR": ["two\nlines", "x" * 201],
    "CONTACT_EMAIL": ["nobody", "a@b", "a b@c.example", "<a@b.example>"],
    "ENFORCEMENT_NAME": ["two\nlines"],
    "ENFORCEMENT_URL": ["ombudsman.example", "javascript:alert(1)"],
    "PUBLISH_POLICY": ["annex-1", "MINIMAL", "none"],
    "SEED": ["perhaps", "2"],
    "WORKER_INTERVAL": ["9", "60001", "0.25"],
    "TRUSTED_PROXIES": ["6", "-1", "all"],
    "SMTP_URL": [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://a.example:port",
        "smtp://a.example/x",
    ],
    "MAIL_FROM": ["nobody", "Portolan <a@b.example>"],
    "SECOND_FACTOR": ["yes", "none"],
    "SECRET": ["too short"],
    "LOG_LEVEL": ["loud", "INFO"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_a_wrong_value_is_refused_with_a_sentence_that_names_the_setting(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^PORTOLAN_{name} is .* but must be .*\\.$"):
        Settings.from_env({f"PORTOLAN_{name}": value})


def test_a_secret_that_cannot_be_used_is_not_repeated() -> None:
    with pytest.raises(SettingError) as caught:
        Settings.from_env({"PORTOLAN_SMTP_URL": "http://user:password@mail.example"})
    assert "password@" not in str(caught.value)


def test_a_data_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "var"
    file.touch()
    with pytest.raises(SettingError, match="PORTOLAN_DATA_DIR"):
        Settings.from_env({"PORTOLAN_DATA_DIR": str(file)})


def test_every_setting_is_covered_by_wrong_values() -> None:
    assert {setting.name.upper() for setting in SETTINGS} == {*WRONG, "DATA_DIR"}


def test_a_name_that_is_no_setting_is_refused() -> None:
    with pytest.raises(SettingError, match="PORTOLAN_PROT is not a setting"):
        Settings.from_env({"PORTOLAN_PROT": "8000"})


def test_names_of_others_are_nobodys_business_here() -> None:
    assert Settings.from_env({"PORT": "abc", "FLASK_DEBUG": "1"}).port == 8000


def test_nothing_set_means_a_portal_on_this_machine_with_sqlite() -> None:
    settings = Settings.from_env({})
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{settings.data_dir / 'portolan.db'}"
    assert settings.index_dir == settings.data_dir / "index"
    assert settings.publish_policy == "annex-i"


def test_an_empty_value_means_the_default() -> None:
    assert Settings.from_env({"PORTOLAN_PORT": "  ", "PORTOLAN_SEED": ""}) == Settings.from_env({})


def test_the_plain_address_of_a_postgresql_database_gets_the_driver() -> None:
    settings = Settings.from_env({"PORTOLAN_DATABASE_URL": "postgresql://portolan@localhost/portolan"})
    assert settings.database_url == "postgresql+psycopg://portolan@localhost/portolan"


def test_the_index_can_lie_in_a_directory_of_its_own(tmp_path: Path) -> None:
    assert Settings.from_env({"PORTOLAN_SEARCH_URL": f"whoosh:{tmp_path}"}).index_dir == tmp_path


def test_the_base_url_loses_its_last_slash() -> None:
    assert Settings.from_env({"PORTOLAN_BASE_URL": "https://a.example/x/"}).base_url == "https://a.example/x"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_says_what_it_means(setting: object) -> None:
    assert getattr(setting, "meaning").endswith(".")  # noqa: B009
