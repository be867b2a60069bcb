"""What is written to people, in their language."""

from __future__ import annotations

from typing import Any, Final

from catalogue.i18n import N_, gettext_for
from catalogue.mail import Letter

HOURS: Final = 24  # how long a link works
GREETING: Final = N_("Hello,")
CLOSING: Final = N_("If this was not you, do nothing: without the link nothing happens.")
SIGN_UP: Final = N_(
    "somebody, probably you, wants to open an account at Portolan with this e-mail address. "
    "To confirm the address and choose a password, open this link within %(hours)s hours:"
)
SIGN_UP_AGAIN: Final = N_(
    "somebody, probably you, wants to open an account at Portolan with this e-mail address. There is one "
    "already. If you forgot its password, choose a new one by this link within %(hours)s hours:"
)
RESET: Final = N_(
    "somebody, probably you, wants a new password for the account with this e-mail address at Portolan. "
    "Choose it by this link within %(hours)s hours:"
)
RESET_UNKNOWN: Final = N_(
    "somebody, probably you, wants a new password at Portolan, but there is no account with this e-mail "
    "address. Perhaps you used another one. To open an account with this one, open this link within "
    "%(hours)s hours:"
)
CHANGED: Final = N_(
    "the password of your account at Portolan was changed, and all other sessions were ended. If this was not "
    "you, choose a new password at once:"
)


INVITATION: Final = N_(
    "you are invited to work for %(organisation)s at Portolan. Sign in with this e-mail address, or open an "
    "account with it, and accept the invitation within %(days)s days:"
)
NOT_INVITED: Final = N_("If you do not expect this, do nothing: without your consent nothing happens.")


def invitation(base_url: str, language: str, email: str, organisation: str, days: int) -> Letter:
    link = f"{base_url}/{language}/workspace/"
    subject = N_("Invitation to %(organisation)s")
    return _letter(
        language, email, subject, INVITATION, link, closing=NOT_INVITED, organisation=organisation, days=days
    )


def sign_up(base_url: str, language: str, email: str, token: str) -> Letter:
    link = f"{base_url}/{language}/sign-up/{token}"
    return _letter(language, email, N_("Confirm your e-mail address"), SIGN_UP, link)


def sign_up_again(base_url: str, language: str, email: str, token: str) -> Letter:
    link = f"{base_url}/{language}/reset/{token}"
    return _letter(language, email, N_("You have an account already"), SIGN_UP_AGAIN, link)


def reset(base_url: str, language: str, email: str, token: str) -> Letter:
    link = f"{base_url}/{language}/reset/{token}"
    return _letter(language, email, N_("Choose a new password"), RESET, link)


def reset_unknown(base_url: str, language: str, email: str, token: str) -> Letter:
    link = f"{base_url}/{language}/sign-up/{token}"
    return _letter(language, email, N_("No account with this address"), RESET_UNKNOWN, link)


def password_changed(base_url: str, language: str, email: str) -> Letter:
    link = f"{base_url}/{language}/reset"
    return _letter(language, email, N_("Your password was changed"), CHANGED, link, closing=None)


def _letter(
    language: str,
    to: str,
    subject: str,
    text: str,
    link: str,
    *,
    closing: str | None = CLOSING,
    **values: Any,
) -> Letter:
    gettext = gettext_for(language)
    said = gettext(text) % {"hours": HOURS, **values}
    parts = [gettext(GREETING), said, link, gettext(closing) if closing else None, "Portolan"]
    return Letter(to, gettext(subject) % values, "\n\n".join(part for part in parts if part) + "\n", link)
