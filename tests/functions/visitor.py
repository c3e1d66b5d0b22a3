"""A browser without scripts, at a hosted form: it keeps cookies, reads pages and sends forms."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from enrollment.wire import decode

VOID = {"input", "meta", "link", "br"}


@dataclass
class Page(HTMLParser):
    """What a page holds, as far as its tests ask."""

    text: str
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words += data.split()

    @property
    def said(self) -> str:
        return " ".join(self.words)

    def all(self, tag, **attrs):
        named = {name.replace("_", "-"): value for name, value in attrs.items()}
        return [had for each, had in self.tags if each == tag and named.items() <= had.items()]

    def fields(self):
        """What the form sends if nobody changes anything."""
        inputs = {each["name"]: each.get("value") or "" for each in self.all("input")}
        return inputs | {each["name"]: "" for each in self.all("select")}


class Visitor:
    """One browser; every address is resolved as a browser resolves it."""

    def __init__(self, doors, base="https://forms.northside.example"):
        self.doors = doors
        self.client = doors.app("form_intake").test_client()
        self.base = self.at = base
        self.headers = {"Accept": "text/html,*/*;q=0.8", "X-Forwarded-Proto": "https"}
        self.reply: Any = None

    def get(self, address, **headers):
        return self._go("get", address, headers)

    def send(self, changes=None, **filled):
        """Send the form of the page that is shown."""
        (form,) = self.page.all("form")
        data = self.page.fields() | filled | (changes or {})
        return self._go(form["method"], form["action"], {}, data=data)

    def follow(self):
        return self.get(self.reply.headers["Location"])

    @property
    def page(self) -> Page:
        return Page(self.reply.text)

    def requests(self, number=1):
        return [decode(each.body) for each in self.doors.published("enrollment-requests", number)]

    def _go(self, method, address, headers, **more):
        self.at = urljoin(self.at, address)
        parts = urlsplit(self.at)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self.reply = self.client.open(
            path,
            method=method.upper(),
            base_url=f"https://{parts.netloc}",
            headers=self.headers | headers,
            **more,
        )
        return self.reply
