"""Every scheme by its name in `sources.toml`: what it must be told, and how it is made."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from enrollment.verify import options as told
from enrollment.verify.basic import Basic
from enrollment.verify.github import GitHub
from enrollment.verify.options import Options
from enrollment.verify.plain_secrets import UnusableSecret
from enrollment.verify.received import NoDelivery, Scheme
from enrollment.verify.standard_webhooks import StandardWebhooks

if TYPE_CHECKING:  # PyJWT is loaded where a scheme needs it
    from enrollment.verify.jwks import Keys

    KeysAt = Callable[[str], Keys]  # the keys that are published at an address


SIGNATURE = "Signature"  # what is asked for while nothing else is known


class Name(StrEnum):
    """The names of the schemes."""

    STANDARD_WEBHOOKS = "standard-webhooks"
    GITHUB = "github"
    BASIC = "basic"
    GOOGLE_OIDC = "google-oidc"
    CANVAS_JWT = "canvas-jwt"
    GOOGLE_SIGN_IN = "google-sign-in"  # of people at a hosted form; a delivery cannot use it


SCHEMES: Mapping[str, Options] = {
    Name.STANDARD_WEBHOOKS: Options(secrets=True),
    Name.GITHUB: Options(secrets=True),
    Name.BASIC: Options(secrets=True),
    Name.GOOGLE_OIDC: Options(
        secrets=False,
        must={"audience": told.a_text, "emails": told.addresses},
        may={"keys": told.here},
    ),
    Name.CANVAS_JWT: Options(secrets=False, must={"keys": told.published, "accounts": told.texts}),
    Name.GOOGLE_SIGN_IN: Options(
        secrets=True,  # the client secret of the OAuth client
        must={"client_id": told.a_text},
        may={"at": told.here},
    ),
}


def challenge(scheme: str, realm: str) -> str:
    """What a sender that has not proved itself is asked for, as `WWW-Authenticate` has it."""
    match scheme:
        case Name.BASIC:
            return f'Basic realm="{realm}"'
        case Name.GOOGLE_OIDC | Name.CANVAS_JWT:
            return f'Bearer realm="{realm}"'  # without a parameter it is none (RFC 6750, 3)
        case _:
            return SIGNATURE


def make(scheme: str, secrets: Sequence[str], options: Mapping[str, Any], keys: "KeysAt") -> Scheme:
    """The scheme of this name, with the values of its live secrets.

    Raises UnusableSecret with every secret that it cannot work with, by its place in the list, and
    ValueError for what reading `sources.toml` has refused before.
    """
    _as_declared(scheme, secrets, options)
    match Name(scheme):
        case Name.STANDARD_WEBHOOKS:
            return _with_secrets(StandardWebhooks.with_secrets, secrets)
        case Name.GITHUB:
            return _with_secrets(GitHub.with_secrets, secrets)
        case Name.BASIC:
            return _with_secrets(Basic.with_secrets, secrets)
        case Name.GOOGLE_OIDC:
            from enrollment.verify.google_oidc import PUBLISHED_AT, GoogleOidc

            issuer = keys(options.get("keys", PUBLISHED_AT))
            return GoogleOidc.of(options["audience"], options["emails"], issuer)
        case Name.CANVAS_JWT:
            from enrollment.verify.canvas_jwt import CanvasJwt

            return CanvasJwt.of(options["accounts"], keys(options["keys"]))
        case Name.GOOGLE_SIGN_IN:
            return NoDelivery()


def _as_declared(scheme: str, secrets: Sequence[str], options: Mapping[str, Any]) -> None:
    if scheme not in SCHEMES:
        raise ValueError(f"there is no such scheme: the schemes are {', '.join(SCHEMES)}")
    wants = SCHEMES[scheme]
    if bool(secrets) != wants.secrets:
        how = "at least one secret" if wants.secrets else "no secret"
        raise ValueError(f"{scheme} takes {how}")
    if faults := list(option_faults(scheme, options)):
        raise ValueError("\n".join(faults))


def option_faults(scheme: str, options: Mapping[str, Any]) -> Iterator[str]:
    """What is missing or wrong among the options of a scheme: key, fact and remedy."""
    wants = SCHEMES[scheme]
    for key, wrong in {**wants.must, **wants.may}.items():
        if key in options:
            if fault := wrong(options[key]):
                yield f"{key} {fault}"
        elif key in wants.must:
            yield f"{key} is missing: {scheme} needs it"


def _with_secrets(made: Callable[[Iterable[str]], Scheme], secrets: Sequence[str]) -> Scheme:
    faults = []
    for number, secret in enumerate(secrets, 1):
        try:
            made([secret])
        except UnusableSecret as error:
            faults.append(f"secret {number} {error}")
    if faults:
        raise UnusableSecret("\n".join(faults))
    return made(secrets)
