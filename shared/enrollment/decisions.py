"""What each record of a verified delivery becomes: a request, nothing, a review item, a fault."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from enrollment.drafts import draft_of
from enrollment.reasons import Reason
from enrollment.receipt import Became, Told
from enrollment.request import SCHEMA_VERSION, EnrollmentRequest, Mode, Origin, derived_request_id
from enrollment.sources.declared import Declaration
from enrollment.sources.events import Fault, Passed, Wish, Wrong
from enrollment.sources.known import Known
from enrollment.sources.mapping import Mapped, Mapper, Unmapped
from enrollment.sources.rules import Refusal
from enrollment.sources.skips import SkipReason
from enrollment.wire import Label, letter

# These records are right, and there is nothing to add; every other one that is not sent is put
# before a person, because a sender that pushes does not send it again by itself.
NOTHING_TO_ADD = frozenset({
    SkipReason.NOT_A_STUDENT,
    SkipReason.WITHDRAWN,
    SkipReason.ENDED,
    SkipReason.SUPERSEDED,
    SkipReason.NO_ENROLLMENT,
    SkipReason.OUTSIDE_COURSES,  # the school itself has said so
})  # fmt: skip
LABEL = 256  # longest text in an origin
UNKNOWN: Mapping[str, str | None] = {}


@dataclass(kw_only=True)
class Decisions:
    """Takes the records of one delivery, in their order; what is to be published and told of it."""

    source: str
    declaration: Declaration
    mapper: Mapper
    known: Known = field(repr=False)
    now: datetime
    key: bytes = field(repr=False)
    delivery_id: str | None = field(default=None, repr=False)
    mendable: bool  # the sender hears what it can mend itself, such as a wish outside its limits
    told: list[Told] = field(default_factory=list)
    # The same wish twice, or the same draft, is one message.
    requests: dict[str, None] = field(default_factory=dict, repr=False)
    letters: dict[str, None] = field(default_factory=dict, repr=False)

    def take(self, record: Wish | Passed | Wrong) -> None:
        """Decide about one record."""
        match record:
            case Wrong(faults=faults):
                self._give_back(faults)
            case Passed(reason=reason, detail=detail):
                self._pass(Refusal(reason, detail), record)
            case Wish():
                match self.mapper.of(record, self.known):
                    case Mapped() as mapped if why := self._needs_approval(record):
                        self._ask(why, record, mapped)
                    case Mapped() as mapped:
                        self._send(record, mapped)
                    case Unmapped(refusal, course_id, student):
                        self._pass(refusal, record, {"course_id": course_id, "student": student})

    def _give_back(self, faults: Iterable[Fault]) -> None:
        """A record of our own format that its sender can mend."""
        self.told += [
            Told(pointer=it.pointer, became=Became.REFUSED, reason=it.code, detail=it.detail)
            for it in faults
        ]

    def _needs_approval(self, wish: Wish) -> str:
        """Why a person has to approve a wish before it is sent; "" if nobody has to."""
        form = self.declaration.form
        asked_for = (
            "this form's requests are approved by a person" if form and form.approval else ""
        )
        return wish.approve or asked_for

    def _ask(self, why: str, wish: Wish, mapped: Mapped) -> None:
        """Put a whole request before a person."""
        half = {"course_id": mapped.course_id, "student": mapped.student}
        # Asked for again, next year or once it was dismissed, it is to be approved again.
        asked = wish.event_id or self.delivery_id
        dated = replace(wish, version=mapped.version, event_id=asked)
        request_id = self._draft(Reason.NEEDS_APPROVAL, why, dated, half)
        self.told.append(
            Told(
                pointer=wish.pointer,
                became=Became.REVIEW,
                request_id=request_id,
                reason=Reason.NEEDS_APPROVAL.value,
                detail=why,
            )
        )

    def _send(self, wish: Wish, mapped: Mapped) -> None:
        version = mapped.version[:LABEL]
        derived = derived_request_id(
            self.key, course_id=mapped.course_id, student=mapped.student, version=version
        )
        mode = self.declaration.mode
        request = EnrollmentRequest(
            schema_version=SCHEMA_VERSION,
            request_id=wish.request_id or derived,
            action="enroll",
            source=self.source,
            course_id=mapped.course_id,
            student=mapped.student,
            mode=mode,
            enrollment_code=wish.enrollment_code if mode is Mode.CODE else None,
            origin=_origin(wish, self.source, version),
            received_at=self.now,
            retry=True,  # whoever wishes anew wants a rejection tried again; a repeat does not
        )
        self.requests[request.model_dump_json()] = None
        self.told.append(
            Told(pointer=wish.pointer, became=Became.ACCEPTED, request_id=request.request_id)
        )

    def _pass(
        self,
        refusal: Refusal,
        record: Wish | Passed,
        half: Mapping[str, str | None] = UNKNOWN,
    ) -> None:
        """Skip a record, give it back to its sender, or put it before a person."""
        became = self._becomes(refusal.reason)
        request_id = None
        if became is Became.REVIEW:
            detail = f"{refusal.reason}: {refusal.detail}"
            request_id = self._draft(Reason.UNMAPPED, detail, record, half)
        self.told.append(
            Told(
                pointer=record.pointer,
                became=became,
                request_id=request_id,
                reason=refusal.reason.value,
                detail=refusal.detail,
            )
        )

    def _becomes(self, reason: SkipReason) -> Became:
        """Our own format is written by somebody who can mend it, a vendor's by nobody here."""
        if self.mendable:
            return Became.REFUSED
        return Became.SKIPPED if reason in NOTHING_TO_ADD else Became.REVIEW

    def _draft(
        self, reason: Reason, detail: str, record: Wish | Passed, half: Mapping[str, str | None]
    ) -> str:
        """Half a request in a letter; its id."""
        request_id, body = draft_of(record, half, self.source, self.declaration, self.key)
        label = Label(
            reason=reason,
            detail=detail,
            request_id=request_id,
            attempts=0,
            first_seen_at=None,
            replay=0,
        )
        message = letter(body.encode(), label)
        written = {"body": body, "attributes": dict(message.attributes)}
        self.letters[json.dumps(written, ensure_ascii=False)] = None
        return request_id


def _origin(wish: Wish, source: str, version: str) -> Origin:
    return Origin(
        kind=wish.kind,
        system=(wish.system or source)[:LABEL],
        event_id=(wish.event_id or "")[:LABEL] or None,
        occurred_at=wish.occurred_at,
        version=version,
    )
