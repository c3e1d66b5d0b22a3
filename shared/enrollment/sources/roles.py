"""The roles that a row may give: students, others that are known, and words that nobody knows."""

from enrollment.sources.rules import Refusal
from enrollment.sources.skips import SkipReason
from enrollment.sources.words import is_plain

# Who in a class is its teacher: OneRoster's word, and those of universities in Microsoft's list.
TEACHERS = frozenset({"teacher", "adjunct", "faculty", "instructor", "lecturer", "professor"})
# OneRoster's, Microsoft's and Canvas's words, and what schools write in their place.
OTHERS = TEACHERS | frozenset({
    "administrator", "counselor", "districtadministrator", "principal", "siteadministrator",
    "systemadministrator", "staff", "aide", "assistant", "proctor", "substitute", "tutor",
    "guardian", "parent", "relative",
    "adviser", "advisor", "affiliate", "alumni", "chair", "itadmin", "nurse",
    "occupationaltherapist", "officestaff", "other", "paraprofessional", "physicaltherapist",
    "researcher", "specialservices", "speechtherapist", "teacherassistant", "visiontherapist",
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
