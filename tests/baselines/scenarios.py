"""What can happen to a message: every scenario, in the order of the tables.

Each says what it does in one sentence and plays it in one contender's world; what came of it is
read from the school and the store afterwards.
"""

from dataclasses import dataclass

from tests.baselines import crashes, ordinary, refusals


@dataclass(frozen=True)
class Scenario:
    """A scenario and its name; `needs_store`: it says nothing of a contender that asks none."""

    play: object
    needs_store: bool = False

    @property
    def name(self):
        return self.play.__name__

    @property
    def title(self):
        return self.play.__doc__.strip()

    def concerns(self, contender):
        """Whether it can happen to a contender."""
        return contender.asks_a_store or not self.needs_store


SCENARIOS = (
    Scenario(ordinary.happy),
    Scenario(ordinary.in_turn),
    Scenario(ordinary.at_once),
    Scenario(ordinary.while_running),
    Scenario(crashes.replaced),
    Scenario(crashes.second_instance),
    Scenario(crashes.killed_before_record),
    Scenario(crashes.killed_before_call),
    Scenario(crashes.claim_reply_lost, needs_store=True),
    Scenario(crashes.record_reply_lost, needs_store=True),
    Scenario(crashes.late_success),
    Scenario(crashes.late_failure),
    Scenario(ordinary.unavailable),
    Scenario(ordinary.over_quota),
    Scenario(refusals.course_unknown),
    Scenario(refusals.student_foreign),
    Scenario(refusals.missing_once),
    Scenario(refusals.teacher),
    Scenario(refusals.key_rejected),
    Scenario(refusals.classroom_off),
    Scenario(refusals.other_content),
    Scenario(refusals.cause_mended),
    Scenario(refusals.request_mended),
    Scenario(refusals.unreadable),
)
