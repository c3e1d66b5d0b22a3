"""What a request asks for, read against the contract; what is wrong with it is kept, not raised."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.fake_classroom import refusals
from infra.fake_classroom.checks import body_of, query_of, selected_fields
from infra.fake_classroom.contract import Contract, Method
from infra.fake_classroom.errors import GoogleError, Refusal
from infra.fake_classroom.wire import Request

BEARER = "Bearer loopback:"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One call as it was typed."""

    method: Method | None
    error: GoogleError | None
    authorization: str | None
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    fields: frozenset[str] | None = None

    def subject(self, administrator: str) -> str:
        """Who acts: the address in the token, without one the administrator, else ""."""
        if self.authorization is None:
            return administrator
        scheme, _, email = self.authorization.partition(BEARER)
        return email.lower() if scheme == "" else ""

    @property
    def course(self) -> str | None:
        """The course as typed, wherever the method wants it."""
        in_path = self.path.get("courseId")
        if in_path is None and self.method is not None and self.method.id == "courses.get":
            in_path = self.path["id"]
        return in_path or self.body.get("courseId") or self.query.get("courseId")

    @property
    def user(self) -> str | None:
        """The person as typed, wherever the method wants it."""
        return self.path.get("userId") or self.body.get("userId") or self.query.get("userId")

    @property
    def wants_v1(self) -> bool | None:
        """The error format that `$.xgafv` asks for (discovery document); None if it does not."""
        wanted = self.query.get("$.xgafv")
        return None if wanted is None else wanted == "1"


def read(contract: Contract, request: Request) -> Asked:
    """The call behind a request; `error` is Google's 404 or 400 if it breaks the contract."""
    authorization = request.headers.get("authorization")
    found = contract.find(request.verb, request.path)
    if found is None:
        return Asked(method=None, error=refusals.NO_SUCH_METHOD, authorization=authorization)
    method, path = found
    query: dict[str, str] = {}
    body: dict[str, Any] = {}
    fields: frozenset[str] | None = None
    error: GoogleError | None = None
    try:
        query = query_of(method, request.query)
        body = body_of(contract, method, request.body)
        if "fields" in query:
            fields = selected_fields(contract, method, query["fields"])
    except Refusal as refusal:
        error = refusal.error
    return Asked(
        method=method,
        error=error,
        authorization=authorization,
        path=path,
        query=query,
        body=body,
        fields=fields,
    )
