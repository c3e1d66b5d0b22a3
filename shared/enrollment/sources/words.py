"""How the sources speak of cells and counts."""

SHORT = 20  # letters of a word that is repeated; a cell may hold anything


def is_plain(text: str) -> bool:
    """Whether a cell is one short word, as those for a role or a status are."""
    return text.isalpha() and len(text) <= SHORT


def counted(number: int, one: str, more: str) -> str:
    """`1 row repeats`, `2 rows repeat`."""
    return f"{number} {one if number == 1 else more}"
