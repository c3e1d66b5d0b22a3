"""The roles that a row may give: students, others that are known, and words that nobody knows."""

from enrollment.sources.rules import Refusal
from enrollment.sources.skips import SkipReason
from enrollment.sources.words import is_plain

# OneRoster's, Microsoft's and Canvas's words, and what schools write in their place.
OTHERS = frozenset({
    "administrator", "counselor", "districtadministrator", "principal", "siteadministrator",
    "systemadministrator", "staff", "aide", "assistant", "faculty", "instructor", "lecturer",
    "proctor", "professor", "substitute", "teacher", "tutor", "guardian", "parent", "relative",
    "designer", "observer", "ta",
    "designerenrollment", "observerenrollment", "taenrollment", "teacherenrollment",
})  # fmt: skip


def no_student(role: str) -> Refusal:
    """Why a row is not sent whose role is none of the format's words for a student."""
    word = role.casefold()
    if word in OTHERS:
        return Refusal(SkipReason.NOT_A_STUDENT, f"the role is {word}")
    named = f"the role {role} is" if is_plain(role) else "the role is"
    return Refusal(SkipReason.UNKNOWN_ROLE, f"{named} no word that is known here")
