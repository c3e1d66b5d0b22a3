"""What the school has decided: which domains are its own, and which sources may invite."""

from dataclasses import dataclass

from enrollment.request import EnrollmentRequest


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The school's own domains, in lower case, and the sources that may invite instead."""

    own_domains: frozenset[str]
    inviting_sources: frozenset[str] = frozenset()

    def is_own(self, request: EnrollmentRequest) -> bool:
        """Whether the student's address lies in a domain of the school."""
        return request.domain in self.own_domains

    def may_invite(self, request: EnrollmentRequest) -> bool:
        """Whether a refusal to add directly may become an invitation."""
        return request.source in self.inviting_sources
