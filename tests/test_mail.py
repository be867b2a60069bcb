"""Letters leave by SMTP, or lie in a folder; nothing that is written into them becomes a header."""

from __future__ import annotations

import email
import socket
import threading
from collections.abc import Iterator
from email.policy import default
from pathlib import Path

import pytest

from catalogue.i18n import INTERFACE_LANGUAGES
from catalogue.mail import FolderMailer, Letter, SmtpMailer, UnsentError, make_mailer
from catalogue.people import letters
from catalogue.settings import Settings

LETTER = Letter("ada@example.org", "Grüße", "Text\nhttps://x.example/y\n", "https://x.example/y")


class Server:
    """As much of a mail server as a letter needs."""

    def __init__(self, refuse: bool) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.refuse, self.heard, self.message = self.listener.getsockname()[1], refuse, [""], b""
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self) -> None:
        connection, _ = self.listener.accept()
        with connection, connection.makefile("rwb") as stream:
            self.talk(stream)

    def talk(self, stream: object) -> None:
        def say(line: bytes) -> None:
            stream.write(line + b"\r\n")  # type: ignore[attr-defined]
            stream.flush()  # type: ignore[attr-defined]

        say(b"220 hello")
        for line in stream:  # type: ignore[attr-defined]
            self.heard.append(line.decode().strip())
            if line.upper().startswith(b"DATA"):
                say(b"354 go on")
                lines = iter(stream.readline, b".\r\n")  # type: ignore[attr-defined]
                self.message = b"".join(lines)
                say(b"250 taken")
            elif line.upper().startswith(b"RCPT") and self.refuse:
                say(b"550 nobody here")
            elif line.upper().startswith(b"EHLO"):
                say(b"250-x.example\r\n250 AUTH PLAIN")
            elif line.upper().startswith(b"AUTH"):
                say(b"235 welcome")
            else:
                say(b"221 bye" if line.upper().startswith(b"QUIT") else b"250 well")


@pytest.fixture(params=[False])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    made = Server(request.param)
    yield made
    made.listener.close()
    made.thread.join(5)


def test_a_letter_goes_to_the_mail_server(server: Server) -> None:
    SmtpMailer(f"smtp://us%40er:pass@127.0.0.1:{server.port}", "portolan@x.example").send(LETTER)
    message = email.message_from_bytes(server.message, policy=default)
    assert (message["From"], message["To"], message["Subject"]) == ("portolan@x.example", LETTER.to, "Grüße")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert any(line.startswith("AUTH") for line in server.heard)


@pytest.mark.parametrize("server", [True], indirect=True)
def test_a_letter_that_is_refused_is_an_error(server: Server) -> None:
    with pytest.raises(UnsentError):
        SmtpMailer(f"smtp://127.0.0.1:{server.port}", "portolan@x.example").send(LETTER)


def test_a_mail_server_that_is_not_there_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(UnsentError):
        SmtpMailer(f"smtp://127.0.0.1:{port}", "portolan@x.example").send(LETTER)


def test_without_a_mail_server_a_letter_lies_in_a_folder_and_its_link_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    FolderMailer(tmp_path / "mail", "portolan@x.example").send(LETTER)
    (file,) = (tmp_path / "mail").iterdir()
    assert b"ada@example.org" in file.read_bytes()
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0
    assert LETTER.link in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "mail").touch()
    with pytest.raises(UnsentError):
        FolderMailer(tmp_path / "mail", "portolan@x.example").send(LETTER)


def test_no_line_break_becomes_a_header(tmp_path: Path) -> None:
    evil = Letter("ada@example.org", "Hello\nBcc: all@example.org", "", "")
    with pytest.raises(ValueError, match=r"linefeed|newline"):
        FolderMailer(tmp_path / "mail", "portolan@x.example").send(evil)


def test_the_settings_choose_how_mail_leaves(tmp_path: Path) -> None:
    env = {"PORTOLAN_DATA_DIR": str(tmp_path)}
    assert isinstance(make_mailer(Settings.from_env(env)), FolderMailer)
    with_server = Settings.from_env({**env, "PORTOLAN_SMTP_URL": "smtps://mail.example"})
    assert isinstance(make_mailer(with_server), SmtpMailer)


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_letters_are_whole_in_every_language(language: str) -> None:
    made = [
        letters.sign_up("https://x.example", language, "ada@example.org", "token"),
        letters.sign_up_again("https://x.example", language, "ada@example.org", "token"),
        letters.reset("https://x.example", language, "ada@example.org", "token"),
        letters.reset_unknown("https://x.example", language, "ada@example.org", "token"),
        letters.password_changed("https://x.example", language, "ada@example.org"),
    ]
    assert len({letter.subject for letter in made}) == 5
    for letter in made:
        assert letter.link in letter.body
        assert "%(" not in letter.body + letter.subject
