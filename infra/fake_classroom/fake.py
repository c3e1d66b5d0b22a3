"""The fake as one thing to hold: a school, its protocol port and its control port."""

import threading
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

from infra.fake_classroom.classroom import Classroom
from infra.fake_classroom.control import Control
from infra.fake_classroom.faults import Rule
from infra.fake_classroom.listener import Listener
from infra.fake_classroom.log import Call
from infra.fake_classroom.quota import PER_PROJECT, PER_USER, Quota
from infra.fake_classroom.school import School
from infra.fake_classroom.seeded import Level, Seeded
from infra.fake_classroom.shapes import ErrorFormat
from infra.fake_classroom.trouble import Trouble, TroubleKind

RuleLike = Rule | Mapping[str, Any]


class FakeClassroom:
    """A running fake, in this process; ends with its `with` block."""

    def __init__(
        self,
        school: School | Mapping[str, Any],
        *,
        seed: int = 0,
        faults: str = Level.NONE,
        rules: Iterable[RuleLike] = (),
        quota_per_user: int = PER_USER,
        quota_per_project: int = PER_PROJECT,
        error_format: str = ErrorFormat.MIXED,
        port: int = 0,
        control_port: int = 0,
    ) -> None:
        self._classroom = Classroom(
            school if isinstance(school, School) else School.from_json(school),
            quota=Quota(per_user=quota_per_user, per_project=quota_per_project),
            seeded=Seeded(seed=seed, level=Level(faults)),
            error_format=ErrorFormat(error_format),
            seed=seed,
        )
        self.add_rules(rules)
        self._shutdown_wanted = threading.Event()
        self._ports = (port, control_port)
        self._listeners: tuple[Listener, ...] = ()

    def __enter__(self) -> Self:
        control = Control(self._classroom, self._shutdown_wanted.set)
        protocol = Listener(self._classroom.answer, port=self._ports[0], name="fake-classroom")
        try:
            desk = Listener(control.answer, port=self._ports[1], name="fake-classroom-control")
        except OSError:
            protocol.close()
            raise
        self._listeners = (protocol, desk)
        for listener in self._listeners:
            listener.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for listener in self._listeners:
            listener.close()

    @property
    def endpoint(self) -> str:
        """The address that takes the place of https://classroom.googleapis.com/."""
        return self._listeners[0].url

    @property
    def control(self) -> str:
        """The address of the control port."""
        return self._listeners[1].url

    @property
    def school(self) -> School:
        """The school as it stands; look, but change it through calls or `replace_school`."""
        return self._classroom.school

    @property
    def log(self) -> list[Call]:
        """Every call so far, as `GET /log` shows them."""
        return self._classroom.log.calls()

    @property
    def counts(self) -> dict[str, Any]:
        """Totals, as `GET /counts` shows them."""
        return self._classroom.log.counts()

    def roster(self) -> dict[str, list[list[str]]]:
        """Who sits where, as `GET /roster` shows it."""
        return self._classroom.roster()

    def replace_school(self, school: School | Mapping[str, Any]) -> None:
        """Another school from now on."""
        found = school if isinstance(school, School) else School.from_json(school)
        self._classroom.replace_school(found)

    def add_rules(self, rules: Iterable[RuleLike]) -> None:
        """Script faults."""
        self._classroom.add_rules(
            rule if isinstance(rule, Rule) else Rule.from_json(rule) for rule in rules
        )

    def clear_rules(self) -> None:
        """Forget the scripted faults."""
        self._classroom.clear_rules()

    def trouble(self, kind: str | None, *, subject: str | None = None) -> None:
        """Switch a lasting trouble on, or with None off."""
        wanted = None if kind is None else Trouble(kind=TroubleKind(kind), subject=subject)
        self._classroom.set_trouble(wanted)

    def ask_to_shut_down(self) -> None:
        """What POST /shutdown does: `wait_for_shutdown` returns."""
        self._shutdown_wanted.set()

    def wait_for_shutdown(self) -> None:
        """Return when somebody asks for the end."""
        self._shutdown_wanted.wait()
