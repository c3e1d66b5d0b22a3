"""A connection for each thread, because httplib2 is not made for several."""

import threading
from dataclasses import dataclass, field

from enrollment.adapters.classroom.http import OneShotHttp


@dataclass
class Connections:
    """The connections of one client, kept between calls."""

    opened: list[OneShotHttp] = field(default_factory=list, init=False, repr=False)
    _local: threading.local = field(default_factory=threading.local, init=False, repr=False)

    def mine(self, timeout: float) -> OneShotHttp:
        """This thread's own, with so many seconds for the next call."""
        http: OneShotHttp | None = getattr(self._local, "http", None)
        if http is None:
            http = self._local.http = OneShotHttp(timeout)
            self.opened.append(http)
        http.allow(timeout)
        return http

    def close(self) -> None:
        """Close all of them; no thread may be calling."""
        while self.opened:
            self.opened.pop().close()
