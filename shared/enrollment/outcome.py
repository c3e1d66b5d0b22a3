"""What became of a request."""

from enum import StrEnum


class Outcome(StrEnum):
    """The ways in which a request can be settled."""

    ENROLLED = "enrolled"
    ALREADY_ENROLLED = "already_enrolled"
    INVITED = "invited"
    REJECTED = "rejected"

    @property
    def success(self) -> bool:
        """Whether the wish came true, or will when the student accepts the invitation."""
        return self is not Outcome.REJECTED
