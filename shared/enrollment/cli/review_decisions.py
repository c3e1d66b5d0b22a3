"""What a person decides about review items: each is told apart, and one failure stops no other."""

import json as json_module
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from enrollment.cli.asking import go_ahead, whoever_is_here
from enrollment.cli.places import Place, place
from enrollment.cli.review_items import closing, found, readable, reason_named
from enrollment.cli.standing import LOOKING
from enrollment.cli.stores import opened
from enrollment.cli.tables import note, say, show_json
from enrollment.cli.trouble import Failure, Misuse
from enrollment.cli.words import SHORT_ID, counted
from enrollment.clock import Deadline
from enrollment.drafts import half_of
from enrollment.ports import Overtaken, Unavailable
from enrollment.reasons import Reason
from enrollment.review import NotReplayable
from enrollment.review_item import ItemState, ReviewItem, StoredItem
from enrollment.wire import Unreadable, decode
from enrollment.wiring.store import Store


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which items: named ones, those of a reason, or all but what waits for an approval."""

    ids: tuple[str, ...]
    reason: str | None
    every: bool = False

    def items(self, store: Store) -> list[StoredItem]:
        """The items. Raises Misuse unless they are chosen in one way."""
        if bool(self.ids) + (self.reason is not None) + self.every != 1:
            raise Misuse("say which items in one way: by their ids, or by one of the options")
        if self.ids:
            return found(store, self.ids)
        wanted = reason_named(store, self.reason)
        opens = store.reviews.open_items(Deadline.starting_now(store.clock, LOOKING))
        if wanted is not None:
            return [each for each in opens if each.item.reason is wanted]
        return _without_approvals(list(opens))


def _without_approvals(opens: list[StoredItem]) -> list[StoredItem]:
    """All but what anybody may have asked for: to approve it is a decision of its own."""
    chosen = [each for each in opens if each.item.reason is not Reason.NEEDS_APPROVAL]
    if left := len(opens) - len(chosen):
        note(
            f"{counted(left, 'item')} left that wait for approval: name them by their ids, or all"
            f" of them with --reason {Reason.NEEDS_APPROVAL}"
        )
    return chosen


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is corrected in the requests before they are sent again."""

    student: str | None
    course: str | None

    def proved(self, items: list[StoredItem]) -> dict[str, str]:
        """The fields that change, proved on every item. Raises Misuse."""
        fields = {"student": self.student, "course_id": self.course}
        changes = {name: value for name, value in fields.items() if value is not None}
        if not changes:
            return {}
        requests = [readable(each.item) for each in items]
        if self.student is not None and len(items) != 1:
            raise Misuse("--student corrects one item: name it by its id")
        if len({_aim(each.item) for each in items} - {None}) > 1:
            raise Misuse("--course corrects items of one course, and these are of several")

        try:
            for request in filter(None, requests):
                decode(json_module.dumps(request.model_dump(mode="json") | changes).encode())
        except Unreadable as trouble:
            raise Misuse(f"the correction makes no request: {trouble.detail}") from None
        return changes


def _aim(item: ReviewItem) -> str | None:
    """The course that an item is about, or the class of a wish that led to none."""
    if request := readable(item):
        return request.course_id
    if not item.is_draft:
        return None
    half = half_of(item.body)
    return half.get("course_id") or half.get("class_id") or item.letter_id


@dataclass
class Done:
    """What became of each item."""

    worked: list[dict[str, Any]] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)

    def attempt(self, stored: StoredItem, decide: Callable[[], dict[str, Any]]) -> None:
        """Decide about one item; what goes wrong is noted and stops no other."""
        item = {"id": stored.item.letter_id}
        if stored.item.state is not ItemState.OPEN:
            self.failed.append(item | {"why": f"this item is {closing(stored.item)}"})
            return
        try:
            self.worked.append(item | decide())
        except NotReplayable as error:
            self.failed.append(item | {"why": str(error)})
        except Overtaken:
            self.failed.append(item | {"why": "somebody else has just decided about it"})
        except Unavailable as trouble:
            self.failed.append(item | {"why": f"the store failed ({trouble.detail})"})

    def tell(self, verb: str, *, json: bool) -> None:
        """Write what became of the items. Raises Failure if any failed."""
        if json:
            show_json({verb: self.worked, "failed": self.failed})
        else:
            for each in self.worked:
                request = f", request {each['request_id']}" if "request_id" in each else ""
                say(f"{verb}: {each['id'][:SHORT_ID]}{request}")
        for each in self.failed:
            note(f"{each['id'][:SHORT_ID]}: {each['why']}")
        if self.failed:
            raise Failure(f"{counted(len(self.failed), 'item')} could not be {verb}")


def replay(
    store: str | None, choice: Choice, change: Change, *, by: str | None, yes: bool, json: bool
) -> None:
    """Send items again. Raises CommandError."""
    at = place(store)
    with opened(at) as school:
        items = choice.items(school)
        changes = change.proved(items)
        if len(items) > 1:
            go_ahead(f"Replay {counted(len(items), 'item')}?", (), yes=yes)
        done = Done()
        for stored in items:
            done.attempt(stored, _replaying(school, stored, whoever_is_here(by), changes))
    if not items and not json:
        say("There is nothing to replay.")
    if done.worked:
        _say_what_follows(at)
    done.tell("replayed", json=json)


def _replaying(
    store: Store, stored: StoredItem, by: str, changes: dict[str, str]
) -> Callable[[], dict[str, Any]]:
    def decide() -> dict[str, Any]:
        request = store.desk.replay(stored, by, Deadline.starting_now(store.clock), changes)
        return {"request_id": request.request_id, "replay": request.replay}

    return decide


def _say_what_follows(at: Place) -> None:
    note(f"they are on the queue; worked off by: {at.worker}")


def dismiss(
    store: str | None, choice: Choice, why: str, *, by: str | None, yes: bool, json: bool
) -> None:
    """Close items without sending them again. Raises CommandError."""
    if not why.strip():
        raise Misuse("--why is empty: say in a few words why nothing is to be done")
    done = Done()
    with opened(place(store)) as school:
        items = choice.items(school)
        if choice.reason is not None and items:
            go_ahead(f"Dismiss {counted(len(items), 'item')}?", (), yes=yes)
        for stored in items:
            done.attempt(stored, _dismissing(school, stored, whoever_is_here(by), why.strip()))
    done.tell("dismissed", json=json)


def _dismissing(
    store: Store, stored: StoredItem, by: str, why: str
) -> Callable[[], dict[str, Any]]:
    def decide() -> dict[str, Any]:
        store.desk.dismiss(stored, by, why, Deadline.starting_now(store.clock))
        return {}

    return decide
