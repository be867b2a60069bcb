"""The forms of a page as a browser without script would send them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class Forms(HTMLParser):
    """Fields of the forms of a page, by the id or the address of the form; what is ticked, chosen and typed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, list[tuple[str, str]]] = {}
        self.buttons: list[tuple[str, str]] = []
        self.options: dict[str, list[str]] = {}
        self._form = self._area = self._select = ""
        self._chosen: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = given.get("id") or given.get("action") or "form"
            self.fields.setdefault(self._form, [])
        elif tag == "input" and given.get("name"):
            ticked = given.get("type") not in {"checkbox", "radio"} or "checked" in given
            if given.get("type") in {"checkbox", "radio"}:
                self.options.setdefault(given["name"], []).append(given.get("value", ""))
            if ticked:
                self._put(given["name"], given.get("value", ""))
        elif tag == "textarea":
            self._area = given["name"]
            self._put(self._area, "")
        elif tag == "select":
            self._select, self._chosen = given.get("name", ""), None
        elif tag == "option" and self._select:
            self.options.setdefault(self._select, []).append(given.get("value", ""))
            if self._chosen is None or "selected" in given:
                self._chosen = given.get("value", "")
        elif tag == "button" and given.get("name"):
            self.buttons.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = ""
        elif tag == "textarea":
            self._area = ""
        elif tag == "select" and self._select:
            self._put(self._select, self._chosen or "")
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            name, text = self.fields[self._form][-1]
            self.fields[self._form][-1] = (name, text + data)

    def _put(self, name: str, value: str) -> None:
        if self._form:
            self.fields[self._form].append((name, value))

    def data(self, form: str = "editor", **typed: Any) -> dict[str, list[str]]:
        """What is sent, with some fields typed anew; None takes a field away. `__` in a name stands for a dot."""
        sent: dict[str, list[str]] = {}
        for name, value in self.fields[form]:
            # A browser drops the first line break of a text and sends others as CRLF.
            sent.setdefault(name, []).append(value.removeprefix("\n").replace("\n", "\r\n"))
        for name, value in typed.items():
            key = name.replace("__", ".")
            if value is None:
                sent.pop(key, None)
            else:
                sent[key] = value if isinstance(value, list) else [value]
        return sent
