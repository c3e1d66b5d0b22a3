"""Pages as HTML, and the headers that keep them what they are."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

HERE = Path(__file__).parent
STYLE = HERE / "style.css"


def draw(template: str, **shown: object) -> str:
    """A page; everything that is shown is text, whatever it holds."""
    return _templates().get_template(f"{template}.html").render(style=_style()[0], **shown)


def page_headers() -> Mapping[str, str]:
    """No script, nothing from elsewhere, in no frame, in no cache, and no address passed on."""
    policy = (
        f"default-src 'none'; style-src '{_style()[1]}'; form-action 'self';"
        " frame-ancestors 'none'; base-uri 'none'"
    )
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> tuple[Markup, str]:
    """The style, which is ours, and its hash as a content security policy writes it."""
    text = STYLE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), f"sha256-{digest}"  # noqa: S704 - a file of this package
