"""What most tests of a scheme say."""

from datetime import UTC, datetime

import pytest

from enrollment.verify.received import NotVerified, Received

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())  # 1788249600


def why(scheme, headers, body=b"", now=NOW):
    """Why a scheme does not believe this."""
    with pytest.raises(NotVerified) as raised:
        scheme.verify(Received(headers, body), now)
    return raised.value.why


def told(raised):
    """All that an exception could tell, its causes included."""
    parts, error = [], raised.value
    while error is not None:
        parts += [str(error), repr(error), repr(vars(error))]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return " ".join(parts)
