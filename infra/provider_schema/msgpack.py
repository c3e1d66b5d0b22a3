"""Reads MessagePack, the form in which terraform hands over what a block says."""

import struct
from typing import Any

# By first byte: how to read a number that stands there, or the length of what follows.
NUMBERS = {0xCA: ">f", 0xCB: ">d", 0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q", 0xD0: ">b",
           0xD1: ">h", 0xD2: ">i", 0xD3: ">q"}  # fmt: skip
LENGTHS = {0xC4: ">B", 0xC5: ">H", 0xC6: ">I", 0xC7: ">B", 0xC8: ">H", 0xC9: ">I", 0xD9: ">B",
           0xDA: ">H", 0xDB: ">I", 0xDC: ">H", 0xDD: ">I", 0xDE: ">H", 0xDF: ">I"}  # fmt: skip
FIXED_EXTENSIONS = {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}
CONSTANTS = {0xC0: None, 0xC2: False, 0xC3: True}
UNKNOWN = object()  # terraform's sign, an extension, for what is known after the apply


def unpack(data: bytes) -> Any:
    """The one value that stands in `data`. Raises ValueError if it is no MessagePack."""
    try:
        return _Reader(data).value()
    except (struct.error, IndexError) as error:
        raise ValueError("no MessagePack") from error


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def value(self) -> Any:
        kind = self._take(1)[0]
        if kind <= 0x7F or kind >= 0xE0:
            return kind if kind <= 0x7F else kind - 0x100
        if kind in CONSTANTS:
            return CONSTANTS[kind]
        if kind in NUMBERS:
            return self._number(NUMBERS[kind])
        if kind in FIXED_EXTENSIONS:
            return self._extension(FIXED_EXTENSIONS[kind])
        if kind in LENGTHS:
            return self._sequence(kind, self._number(LENGTHS[kind]))
        return self._sequence(kind, kind & (0x1F if kind >= 0xA0 else 0x0F))

    def _sequence(self, kind: int, length: int) -> Any:
        if 0xA0 <= kind <= 0xBF or 0xD9 <= kind <= 0xDB:
            return self._take(length).decode()
        if 0x80 <= kind <= 0x8F or kind in {0xDE, 0xDF}:
            return {self.value(): self.value() for _ in range(length)}
        if 0x90 <= kind <= 0x9F or kind in {0xDC, 0xDD}:
            return [self.value() for _ in range(length)]
        return self._take(length) if kind <= 0xC6 else self._extension(length)

    def _extension(self, length: int) -> object:
        self._take(1 + length)
        return UNKNOWN

    def _number(self, form: str) -> Any:
        return struct.unpack(form, self._take(struct.calcsize(form)))[0]

    def _take(self, length: int) -> bytes:
        taken = self._data[self._at : self._at + length]
        if len(taken) < length:
            raise IndexError
        self._at += length
        return taken
