"""Which format reads what a sender posts: one function for each, as the source declares it."""

import hashlib
from collections.abc import Callable, Mapping

from enrollment.sources.canvas_events import read_canvas
from enrollment.sources.clever_events import read_clever
from enrollment.sources.declared import Declaration, Format
from enrollment.sources.events import Passed, Reading, Unfit, not_too_many
from enrollment.sources.native import read_native
from enrollment.sources.oneroster_events import read_oneroster
from enrollment.sources.skips import SkipReason

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
VENDORS = frozenset({Format.ONEROSTER, Format.CANVAS, Format.CLEVER})


def read_delivery(body: object, raw: bytes, source: str, declaration: Declaration) -> Reading:
    """What a delivery asks for. Raises Unfit if its sender can mend it.

    A vendor's program can mend nothing, and may stop sending to whoever refuses. A body that is
    nothing of its format, or tells of too many, is one record for a person to look at; `raw` is
    the same body as it came, and tells it from the next one.
    """
    try:
        return read_body(body, source, declaration)
    except Unfit as unfit:
        if declaration.format not in VENDORS:
            raise
        detail = "; ".join(f"{each.code}: {each.detail}" for each in unfit.faults)
        digest = hashlib.sha256(raw).hexdigest()
        whole = Passed(
            pointer="",
            reason=SkipReason.UNREADABLE_ROW,
            detail=f"the whole body, SHA-256 {digest[:16]}…: {detail}",
            event_id=f"sha256-{digest}",
        )
        return Reading([whole], single=True)


def read_body(body: object, source: str, declaration: Declaration) -> Reading:
    """What a body asks for. Raises Unfit if it is nothing that the source's format knows."""
    assert declaration.format is not None
    return not_too_many(READERS[declaration.format](body, source, declaration))
