"""A Google Classroom for one machine: answers as Google does, remembers a school, and is rude.

Routes, parameters and bodies are those of Google's discovery document, refusals are word for word
where the words are known, in both of Google's error shapes. Faults can be scripted or left to a
seed. A second port, apart from the protocol, sets the school up and tells what happened.

What it does **not** imitate:

- **OAuth and domain-wide delegation**: nobody is asked for a token. A call acts as the
  administrator, or as whoever `Authorization: Bearer loopback:<address>` names.
- **scopes**: every caller holds `classroom.rosters` and `classroom.courses.readonly`, so no
  answer has an address or a photo; a switch makes the scopes insufficient.
- **propagation**, but for accounts that are young: what is written is read at once.
- **e-mail, accepting or deleting invitations, leaving or deleting a course, guardians, work.**
- **batch, media, gzip, chunked bodies, TLS, HTTP/2, `X-HTTP-Method-Override`.**
- **nested `fields=` selectors**: the top level is honoured, what lies below is kept whole.
- **`quotaUser`**: accepted, without effect; nobody outside knows what it does here.
- **other tenants' switches**: course membership settings, licences, organisational units.

Where Google's documentation is silent (the order of refusals, the wording of the limits), the
choice made here is a choice, and stands in the module that makes it.
"""

from infra.fake_classroom.fake import FakeClassroom
from infra.fake_classroom.faults import FaultKind, Rule
from infra.fake_classroom.log import Call
from infra.fake_classroom.school import School
from infra.fake_classroom.school_file import SchoolFileError
from infra.fake_classroom.trouble import TroubleKind

__all__ = [
    "Call",
    "FakeClassroom",
    "FaultKind",
    "Rule",
    "School",
    "SchoolFileError",
    "TroubleKind",
]
