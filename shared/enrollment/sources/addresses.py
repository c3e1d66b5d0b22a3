"""What is wrong with an address, told without a letter of the person's name.

A domain that is one slip away from one that is known, such as gmial.com, is taken for that slip.
"""

from collections.abc import Iterable

PROVIDERS = ("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com")
# Providers that exist, though each is a letter away from gmail.com.
NEIGHBOURS = ("email.com", "mail.com", "ymail.com")
SHORTEST = 9  # letters; shorter domains are a letter apart by right, as bay.org and may.org
LOOK_ALIKES = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s"})


def fault(text: str) -> str:
    """Why a text that is no address is none."""
    if "@" not in text:
        return "the address has no @"
    if not text.isascii():
        return "the address holds a letter outside a-z, perhaps an invisible one or a look-alike"
    if any(map(str.isspace, text)):
        return "the address holds a space"
    if text.count("@") > 1:
        return "the cell holds more than one @"
    if "." not in text.rpartition("@")[2]:
        return "the domain of the address has no dot"
    return "the address does not have the form name@domain"


def misspelt(domain: str, known: Iterable[str]) -> str:
    """The known domain or provider that a domain was probably meant to be, or ""."""
    candidates = (*known, *PROVIDERS)
    if domain in candidates or domain in NEIGHBOURS:
        return ""
    return next((each for each in candidates if _is_slip(domain, each)), "")


def _is_slip(domain: str, meant: str) -> bool:
    """Whether one is the other with one letter more, less or other, two swapped, or look-alikes."""
    if len(meant) < SHORTEST:
        return False
    if _seen(domain) == _seen(meant):
        return True
    one, other = _apart(domain, meant)
    if any(map(str.isdigit, one + other)) or _are_countries(domain, meant):
        return False
    swapped = len(one) == len(other) == len("ab") and one == other[::-1]
    return swapped or max(len(one), len(other)) == 1


def _seen(domain: str) -> str:
    """A domain as a hurried reader sees it."""
    return domain.translate(LOOK_ALIKES).replace("rn", "m").replace("vv", "w")


def _apart(one: str, other: str) -> tuple[str, str]:
    """What is left of two texts without their common beginning and end."""
    shorter = min(len(one), len(other))
    begin = next((i for i in range(shorter) if one[i] != other[i]), shorter)
    rest = shorter - begin
    end = next((i for i in range(rest) if one[-1 - i] != other[-1 - i]), rest)
    return one[begin : len(one) - end], other[begin : len(other) - end]


def _are_countries(domain: str, meant: str) -> bool:
    """Whether they differ in their country alone, as two schools of one name do."""
    (name, _, land), (other, _, home) = domain.rpartition("."), meant.rpartition(".")
    return name == other and len(land) == len(home) == len("de")
