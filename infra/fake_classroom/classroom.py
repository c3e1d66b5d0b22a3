"""What stands behind the protocol port: quota, trouble, contract, faults, school, log, in turn."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from threading import Lock
from typing import Any

from infra.fake_classroom import refusals
from infra.fake_classroom.answers import DEED_FIRST, Answer, instead
from infra.fake_classroom.asked import Asked, read
from infra.fake_classroom.contract import Method, published
from infra.fake_classroom.errors import GoogleError, Refusal
from infra.fake_classroom.faults import Key, Occasion, Rule, Script
from infra.fake_classroom.log import Call, Log
from infra.fake_classroom.members import Account, AccountState
from infra.fake_classroom.methods import METHODS, Question
from infra.fake_classroom.quota import Quota
from infra.fake_classroom.school import School
from infra.fake_classroom.seeded import Seeded
from infra.fake_classroom.shapes import ErrorFormat, is_v1
from infra.fake_classroom.trouble import Trouble
from infra.fake_classroom.wire import Ending, Reply, Request


class Classroom:
    """Answers requests as Google Classroom would; safe to call from many threads."""

    def __init__(
        self,
        school: School,
        *,
        quota: Quota,
        seeded: Seeded,
        error_format: ErrorFormat,
        seed: int,
        now: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.school = school
        self.log = Log()
        self._contract = published()
        self._quota = quota
        self._seeded = seeded
        self._format = error_format
        self._seed = seed
        self._now, self._ticks = now, ticks
        self._script = Script()
        self._trouble: Trouble | None = None
        self._turns: Counter[Key] = Counter()
        self._lock = Lock()

    def answer(self, request: Request) -> Reply:
        """Decide one call, write it down, and say what goes back."""
        received_at, ticks = self._now(), self._ticks()
        asked = read(self._contract, request)
        with self._lock:
            subject = asked.subject(self.school.administrator.email)
            me = self.school.account(subject)
            occasion = self._occasion(asked, subject, me)
            over = self._quota.refusal(subject, ticks)
            answer = (
                Answer(error=over, by_quota=True)
                if over
                else self._decide(asked, occasion, me, received_at)
            )
            reply = answer.reply(v1=self._is_v1(asked, occasion))
            call = _call(asked, occasion, answer, reply, received_at)
            settles = self._settles(asked, answer, me)
            receipt = self.log.record(call, settles=settles, by_quota=answer.by_quota)
        return replace(reply, receipt=receipt)

    def replace_school(self, school: School) -> None:
        """Another school from now on; the seed's faults begin anew, rules and log stay."""
        with self._lock:
            self.school = school
            self._turns.clear()
            self._seeded.forget()

    def add_rules(self, rules: Iterable[Rule]) -> None:
        """Script faults, behind those that are scripted already."""
        with self._lock:
            self._script.add(rules)

    def clear_rules(self) -> None:
        """Forget the scripted faults; a seed goes on."""
        with self._lock:
            self._script.clear()

    def set_trouble(self, trouble: Trouble | None) -> None:
        """Switch a lasting trouble on, or with None all of it off."""
        with self._lock:
            self._trouble = trouble

    def roster(self) -> dict[str, list[list[str]]]:
        """Who sits where, and who is invited."""
        with self._lock:
            return self.school.roster()

    def school_as_json(self) -> dict[str, Any]:
        """The school as it stands, in the form of a school file."""
        with self._lock:
            return self.school.to_json()

    def _decide(self, asked: Asked, occasion: Occasion, me: Account | None, now: float) -> Answer:
        error = self._turned_away(asked, occasion.subject, me)
        if error is not None or asked.method is None or me is None:
            return Answer(error=error)
        fault = self._script.draw(occasion) or self._seeded.draw(occasion)
        if fault is not None and fault.kind not in DEED_FIRST:
            return instead(fault)
        before = self.school.revision
        answer = self._ask_school(asked, asked.method, me, now)
        return replace(answer, fault=fault, deed=self.school.revision != before)

    def _turned_away(self, asked: Asked, subject: str, me: Account | None) -> GoogleError | None:
        """The refusal that needs no look at course or person."""
        administrator = self.school.administrator.email
        error = self._trouble.refusal(subject, administrator) if self._trouble else None
        if error is None and (me is None or me.state is AccountState.DISABLED):
            error = refusals.UNAUTHENTICATED
        return error or asked.error

    def _ask_school(self, asked: Asked, method: Method, me: Account, now: float) -> Answer:
        question = Question(
            subject=me, now=now, path=asked.path, query=asked.query, body=asked.body
        )
        try:
            content = METHODS[method.id](self.school, question)
        except Refusal as refusal:
            return Answer(error=refusal.error)
        if asked.fields is not None:
            content = {name: value for name, value in content.items() if name in asked.fields}
        return Answer(content=content)

    def _occasion(self, asked: Asked, subject: str, me: Account | None) -> Occasion:
        method, course, user = (
            asked.method.id if asked.method else "",
            asked.course or "",
            (asked.user or "").lower(),
        )
        found = self.school.course(course)
        account = self.school.account(user, me=me)
        key = (method, found.id if found else course, account.id if account else user)
        return Occasion(
            key=key,
            courses=frozenset({course, *((found.id, *found.aliases) if found else ())}),
            users=frozenset({user, *((account.id, account.email) if account else ())}),
            course_id=found.id if found else None,
            user_id=account.id if account else None,
            subject=subject,
        )

    def _is_v1(self, asked: Asked, occasion: Occasion) -> bool:
        if asked.wants_v1 is not None:
            return asked.wants_v1
        self._turns[occasion.key] += 1
        nth = self._turns[occasion.key]
        return is_v1(self._format, seed=self._seed, key=occasion.key, nth=nth)

    def _settles(self, asked: Asked, answer: Answer, me: Account | None) -> bool:
        is_create = asked.method is not None and asked.method.id == "courses.students.create"
        return is_create and answer.settles(foreign=self.school.is_foreign(asked.user or "", me=me))


def _call(
    asked: Asked, occasion: Occasion, answer: Answer, reply: Reply, received_at: float
) -> Call:
    return Call(
        received_at=received_at,
        method=asked.method.id if asked.method else None,
        course=asked.course,
        user=asked.user,
        course_id=occasion.course_id,
        user_id=occasion.user_id,
        subject=occasion.subject,
        status=reply.status if reply.ending is Ending.WHOLE else None,
        error=answer.error.status.value if answer.error else None,
        code=answer.error.code if answer.error else None,
        fault=answer.kind.value if answer.kind else None,
        deed=answer.deed,
    )
