"""A form as a page shows it: what was typed, and what is wrong with it, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import request

from catalogue.i18n import N_, gettext_for
from catalogue.people import rules
from catalogue.web.site import language

LONGEST = 2000
PASSWORD_FAULTS = {
    "short": N_("Use at least %(least)s characters. Several words in a row are easy to remember."),
    "long": N_("Use at most %(most)s characters."),
    "simple": N_("This password is easily guessed; choose another one."),
}


@dataclass
class Form:
    """values, errors: by name of field. alert: what is wrong with the whole. wait: seconds until it is heard."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    alert: str | None = None
    wait: int = 0

    @classmethod
    def received(cls, names: Iterable[str]) -> Form:
        return cls({name: request.form.get(name, "")[:LONGEST] for name in names})

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def fault(self, name: str, message: str, **values: object) -> None:
        """Note what is wrong with a field, in the reader's language."""
        self.errors.setdefault(name, gettext_for(language())(message) % values)

    def refuse(self, message: str, **values: object) -> None:
        self.alert = gettext_for(language())(message) % values

    @property
    def is_sound(self) -> bool:
        return not self.errors and self.alert is None


def read_email(form: Form, name: str = "email") -> str:
    """The address that was typed, normalised; a fault if it is none."""
    email = rules.normalised(form[name])
    if email is None:
        form.fault(name, N_("Enter an e-mail address, such as name@example.org."))
    return email or ""


def read_new_password(form: Form, name: str, email: str) -> str:
    fault = rules.password_fault(form[name], email)
    if fault is not None:
        values = {"least": rules.PASSWORD_SHORTEST, "most": rules.PASSWORD_LONGEST}
        form.fault(name, PASSWORD_FAULTS[fault], **values)
    return form[name]
