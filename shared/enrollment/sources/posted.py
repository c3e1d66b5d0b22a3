"""Which format reads what a sender posts: one function for each, as the source declares it."""

from collections.abc import Callable, Mapping

from enrollment.sources.canvas_events import read_canvas
from enrollment.sources.clever_events import read_clever
from enrollment.sources.declared import Declaration, Format
from enrollment.sources.events import Reading, not_too_many
from enrollment.sources.native import read_native
from enrollment.sources.oneroster_events import read_oneroster

Read = Callable[[object, str, Declaration], Reading]

READERS: Mapping[Format, Read] = {
    Format.NATIVE: lambda body, source, said: read_native(body, source=source, mode=said.mode),
    Format.ONEROSTER: lambda body, _, __: read_oneroster(body),
    Format.CANVAS: lambda body, _, __: read_canvas(body),
    Format.CLEVER: lambda body, _, __: read_clever(body),
    # A form's script, or a page of the school's own, writes our own JSON.
    Format.GOOGLE_FORMS: lambda body, source, said: read_native(
        body, source=source, mode=said.mode
    ),
    Format.WEB_FORM: lambda body, source, said: read_native(body, source=source, mode=said.mode),
}


def read_body(body: object, source: str, declaration: Declaration) -> Reading:
    """What a body asks for. Raises Unfit if it is nothing that the source's format knows."""
    assert declaration.format is not None
    return not_too_many(READERS[declaration.format](body, source, declaration))
