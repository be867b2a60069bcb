"""Mail: what a letter is, and how it leaves: by SMTP, or into a folder where there is none."""

from __future__ import annotations

from catalogue.mail.sending import FolderMailer, Letter, Mailer, SmtpMailer, UnsentError, make_mailer

__all__ = ["FolderMailer", "Letter", "Mailer", "SmtpMailer", "UnsentError", "make_mailer"]
