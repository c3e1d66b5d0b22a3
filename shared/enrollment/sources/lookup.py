"""Where a sender's system can be asked about the people and classes that it names by id."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from enrollment.sources.checks import endpoint, secret

EXAMPLE = (
    'lookup = { url = "https://sis.school.example/ims/oneroster/v1p1",'
    ' token_url = "https://sis.school.example/token", client = "secret://NAME" }'
)


class LookupPlace(BaseModel):
    """A OneRoster service, and whom we are to it: `client` refers to the whole `id:secret`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    url: Annotated[str, AfterValidator(endpoint)]
    token_url: Annotated[str, AfterValidator(endpoint)]
    client: Annotated[str, AfterValidator(secret)]
    scope: str | None = Field(default=None, min_length=1)
