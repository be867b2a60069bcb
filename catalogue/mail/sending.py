"""Ways for a letter to leave. Letters are sent after the unit of work: no mail server makes a writer wait."""

from __future__ import annotations

import smtplib
import ssl
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import click

from catalogue.db import utc_now
from catalogue.settings import Settings

TIMEOUT_SECONDS = 15
_PORTS = {"smtp": 587, "smtps": 465}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class UnsentError(Exception):
    """The mail server did not take the letter."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A plain text. link: the one address it is about, for the terminal."""

    to: str
    subject: str
    body: str
    link: str


class Mailer(Protocol):
    def send(self, letter: Letter) -> None:
        """Raises UnsentError."""


def make_mailer(settings: Settings) -> Mailer:
    if settings.smtp_url:
        return SmtpMailer(settings.smtp_url, settings.mail_from)
    return FolderMailer(settings.data_dir / "mail", settings.mail_from)


@dataclass(frozen=True, slots=True)
class FolderMailer:
    """Writes letters to files and names their links in the terminal, for trying things out."""

    folder: Path
    sender: str

    def send(self, letter: Letter) -> None:
        message = _message(letter, self.sender)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            name = f"{time.time_ns()}-{uuid4().hex[:8]}.eml"
            (self.folder / name).write_bytes(message.as_bytes())
        except OSError as error:
            raise UnsentError(str(error)) from error
        click.echo(f"Mail to {letter.to}: {letter.subject}: {letter.link}", err=True)


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Hands letters to a mail server; always encrypted, except on this machine."""

    url: str
    sender: str

    def send(self, letter: Letter) -> None:
        message = _message(letter, self.sender)
        try:
            with self._connected() as server:
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise UnsentError(str(error)) from error

    def _connected(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        if parts.scheme == "smtps":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
            if host not in _LOOPBACK:
                server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server


def _message(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message["Date"] = format_datetime(utc_now())
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip("> "))
    message["Auto-Submitted"] = "auto-generated"  # nobody's holiday note shall answer (RFC 3834)
    message.set_content(letter.body)
    return message
