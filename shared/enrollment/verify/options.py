"""The keys that a `verify` table may and must have besides `scheme`, and what each must hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

# What is wrong with a value, as fact and remedy and without the value; None if nothing is.
Check = Callable[[object], str | None]


@dataclass(frozen=True)
class Options:
    """What one scheme wants to be told."""

    secrets: bool  # whether it rests on shared secrets; then there must be at least one
    must: Mapping[str, Check] = field(default_factory=dict)
    may: Mapping[str, Check] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys of the table."""
        return ("scheme", *(("secrets",) if self.secrets else ()), *self.must, *self.may)


def a_text(value: object) -> str | None:
    """One text with something in it."""
    if not isinstance(value, str) or not value.strip():
        return 'is no text: write it like "https://…"'
    return None


def texts(value: object) -> str | None:
    """A list of texts, at least one."""
    if not isinstance(value, list | tuple) or any(a_text(each) for each in value):
        return 'is no list of texts: write it like ["…"]'
    return None if value else "is empty and would believe nobody: name at least one"


def addresses(value: object) -> str | None:
    """A list of e-mail addresses, at least one."""
    if wrong := texts(value):
        return wrong
    assert isinstance(value, list | tuple)
    if any(each.count("@") != 1 or each != each.strip() for each in value):
        return "holds no e-mail address: write each like sender@project.iam.gserviceaccount.com"
    return None


def published(value: object) -> str | None:
    """Where an issuer publishes its keys: over HTTPS, or on this machine."""
    if is_safe(value):
        return None
    return "is no https address: write where the issuer publishes its keys, as https://…/jwks"


def is_safe(value: object) -> bool:
    """Whether it is an address that is asked over HTTPS, or on this machine."""
    scheme, host = _scheme_and_host(value)
    return bool(host) and (scheme == "https" or (scheme == "http" and _is_here(host)))


def here(value: object) -> str | None:
    """Stand-ins for an issuer's keys, on this machine."""
    scheme, host = _scheme_and_host(value)
    if host and scheme in ("http", "https") and _is_here(host):
        return None
    return "is not on this machine: leave it out, Google's keys are known"


def _scheme_and_host(value: object) -> tuple[str, str]:
    if not isinstance(value, str) or not value.isascii() or any(each <= " " for each in value):
        return "", ""
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises for one that is no port
        host = parts.hostname or ""
        host.encode("idna")  # raises for a name that nobody can be asked for, as of two dots
    except ValueError:
        return "", ""
    return parts.scheme, "" if "@" in parts.netloc else host


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
