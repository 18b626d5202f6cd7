"""What a browser would see of a page: its elements and their attributes."""

from __future__ import annotations

from html.parser import HTMLParser


class Tags(HTMLParser):
    """Every element and attribute of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def values(self, name: str) -> list[str]:
        """Return the values of an attribute, as they come."""
        return [value for key, value in self.attributes if key == name]
