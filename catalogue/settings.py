"""Every setting, once: name, meaning, default, check. The table in README is made from `SETTINGS` by a test.

`Settings.from_env()` reads `PORTOLAN_*` variables and raises SettingError with a sentence that names the setting.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "PORTOLAN_"


class SettingError(Exception):
    """A setting has an unusable value; the message names it."""


def _integer(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not low <= int(value) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    return parse


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in choices:
            raise ValueError(" or ".join(choices))
        return value

    return parse


def _flag(value: str) -> bool:
    if value.lower() not in {"yes", "no", "1", "0", "true", "false"}:
        raise ValueError("yes or no")
    return value.lower() in {"yes", "1", "true"}


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("an address such as https://catalogue.example")
    return value.rstrip("/")


def _host(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:\-]{1,100}", value):
        raise ValueError("an address to listen on, such as 127.0.0.1")
    return value


def _name(value: str) -> str:
    if not value.isprintable() or len(value) > 200:  # noqa: PLR2004
        raise ValueError("one line of at most 200 characters")
    return value


def _email(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}", value):
        raise ValueError("an e-mail address")
    return value


def _directory(value: str) -> Path:
    path = Path(value).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ValueError("a directory (there is a file of that name)")
    return path


def _database_url(value: str) -> str:
    if re.match(r"sqlite:///.+|postgresql(\+psycopg)?://.+", value) is None:
        raise ValueError("sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME")
    return re.sub(r"^postgresql://", "postgresql+psycopg://", value)


def _search_url(value: str) -> str:
    if not re.fullmatch(r"(whoosh|tantivy):(.+)?", value):
        raise ValueError("whoosh: or tantivy:, either with a DIRECTORY or without")
    return value


def _smtp_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("smtp://USER:PASSWORD@HOST:PORT or smtps://USER:PASSWORD@HOST:PORT")
    _ = parts.port  # raises ValueError for one that is none
    return value


def _secret(value: str) -> str:
    if len(value) < 32:  # noqa: PLR2004
        raise ValueError("at least 32 random characters")
    return value


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: attribute name, meaning, default as it would be written, parser."""

    name: str
    meaning: str
    default: str
    parse: Callable[[str], Any]
    secret: bool = False

    @property
    def variable(self) -> str:
        return PREFIX + self.name.upper()


SETTINGS: tuple[Setting, ...] = (
    Setting("host", "Address to listen on.", "127.0.0.1", _host),
    Setting("port", "Port to listen on.", "8000", _integer(1, 65535)),
    Setting("base_url", "Public address of the portal, used in links that leave it.", "", _base_url),
    Setting(
        "data_dir", "Directory of the database, the index and the lock of the worker.", "var", _directory
    ),
    Setting("database_url", "SQLite or PostgreSQL.", "", _database_url),
    Setting(
        "search_url",
        "Search engine, `whoosh:` or `tantivy:`, which keep their indexes in the data directory. "
        "After a change the worker builds the index of the other engine.",
        "whoosh:",
        _search_url,
    ),
    Setting("web_workers", "Web processes started by `portolan serve`.", "2", _integer(1, 64)),
    Setting("web_threads", "Threads of each web process.", "2", _integer(1, 64)),
    Setting(
        "publish_policy",
        "`annex-i`: all applicable mandatory elements; `minimal`: title, provider, language and one of "
        "description or outcomes.",
        "annex-i",
        _one_of("annex-i", "minimal"),
    ),
    Setting("seed", "Fill an empty database with the invented seed data on `portolan serve`.", "yes", _flag),
    Setting(
        "worker_interval",
        "Pause of the worker between two looks at the change log, in ms.",
        "250",
        _integer(10, 60_000),
    ),
    Setting(
        "trusted_proxies",
        "Number of reverse proxies whose forwarding headers are believed.",
        "0",
        _integer(0, 5),
    ),
    Setting(
        "smtp_url",
        "Mail server, as `smtp://USER:PASSWORD@HOST:587` (STARTTLS) or `smtps://...`; without one, mail is written "
        "to `mail/` in the data directory.",
        "",
        _smtp_url,
        secret=True,
    ),
    Setting("mail_from", "Sender of mail.", "portolan@localhost.localdomain", _email),
    Setting(
        "second_factor",
        "Whether those who publish or moderate must sign in with a code besides the password: `required` or, for a "
        "closed trial, `optional`.",
        "required",
        _one_of("required", "optional"),
    ),
    Setting(
        "secret",
        "Signs forms that are sent before sign-in; the same on every host that serves one catalogue.",
        "",
        _secret,
        secret=True,
    ),
    Setting("operator", "Who runs this catalogue, as named on its pages.", "Portolan", _name),
    Setting(
        "contact_email",
        "Where people report barriers and errors; named in the accessibility statement.",
        "",
        _email,
    ),
    Setting(
        "enforcement_name", "Body to turn to when a report on accessibility stays without answer.", "", _name
    ),
    Setting("enforcement_url", "Web page of that body.", "", _base_url),
    Setting("log_level", "What is logged.", "info", _one_of("debug", "info", "warning", "error")),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force."""

    host: str
    port: int
    base_url: str
    data_dir: Path
    database_url: str
    search_url: str
    web_workers: int
    web_threads: int
    publish_policy: str
    seed: bool
    worker_interval: int
    trusted_proxies: int
    smtp_url: str
    mail_from: str
    second_factor: str
    secret: str
    operator: str
    contact_email: str
    enforcement_name: str
    enforcement_url: str
    log_level: str

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read the environment. Raises SettingError for an unusable value or an unknown PORTOLAN_ name."""
        env = os.environ if env is None else env
        _refuse_unknown(env)
        values = {setting.name: _read(setting, env) for setting in SETTINGS}
        values["base_url"] = values["base_url"] or f"http://{values['host']}:{values['port']}"
        values["database_url"] = values["database_url"] or f"sqlite:///{values['data_dir'] / 'portolan.db'}"
        return cls(**values)

    @property
    def is_trial(self) -> bool:
        """Whether this is somebody trying Portolan out on their own machine, with the seed data."""
        return self.seed and urlsplit(self.base_url).hostname in {"127.0.0.1", "localhost", "::1"}

    @property
    def index_dir(self) -> Path:
        """Where the embedded engine keeps its index; each engine has a place of its own."""
        engine, _, place = self.search_url.partition(":")
        if place:
            return Path(place).absolute()
        return self.data_dir / ("index" if engine == "whoosh" else f"index-{engine}")


def _refuse_unknown(env: Mapping[str, str]) -> None:
    known = {setting.variable for setting in SETTINGS}
    for name in sorted(env):
        if name.startswith(PREFIX) and name not in known:
            raise SettingError(f"{name} is not a setting of Portolan; `portolan doctor` lists them.")


def _read(setting: Setting, env: Mapping[str, str]) -> Any:
    raw = env.get(setting.variable, "").strip() or setting.default
    if not raw:
        return ""
    try:
        return setting.parse(raw)
    except ValueError as error:
        shown = "not usable" if setting.secret else repr(raw)
        raise SettingError(f"{setting.variable} is {shown}, but must be {error}.") from error


if {field.name for field in fields(Settings)} != {setting.name for setting in SETTINGS}:
    raise AssertionError("SETTINGS and Settings differ.")
