"""Sentences about files that cannot be used, in English and in the language of the reader."""

from __future__ import annotations

from typing import Any, Self

from catalogue.i18n import gettext_for


class Sentence(str):
    """An English sentence that can be said in other languages too.

    It is made from a message marked with `N_` and the values of its placeholders.
    """

    __slots__ = ("message", "values")

    message: str
    values: dict[str, Any]

    def __new__(cls, message: str, **values: Any) -> Self:
        made = super().__new__(cls, message % values if values else message)
        made.message, made.values = message, values
        return made

    def in_language(self, language: str) -> str:
        said = gettext_for(language)(self.message)
        return said % self.values if self.values else said


def said_in(message: str, language: str) -> str:
    """A message of a problem in a language of the interface; in English where it was never a Sentence."""
    return message.in_language(language) if isinstance(message, Sentence) else message


class UnreadableError(Exception):
    """The file as a whole cannot be read; nothing was stored."""

    @property
    def message(self) -> str:
        """The reason; a Sentence where it can be said in other languages."""
        return self.args[0] if self.args and isinstance(self.args[0], str) else str(self)


def unreadable(message: str, **values: Any) -> UnreadableError:
    return UnreadableError(Sentence(message, **values))
