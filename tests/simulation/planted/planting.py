"""How a fault is planted: a change to the product that lasts for one run."""

from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from unittest.mock import patch

FAULTS: dict[str, "Fault"] = {}


@dataclass(frozen=True)
class Fault:
    """`plant(world)` is a context in which the product has the fault.

    `law`: the one that is to find it, where several may.
    """

    name: str
    plant: Callable
    law: str | None = None


def planted(plant, law=None):
    """Count a fault in; the function that plants it names it."""
    name = plant.__name__.replace("_", " ")
    FAULTS[name] = Fault(name, contextmanager(plant), law)
    return plant


def planted_against(law):
    """Count in a fault that this law is to find."""
    return partial(planted, law=law)


@contextmanager
def changed(*changes):
    """Replace methods, each by a function that is given the old one first."""
    with ExitStack() as stack:
        for where, name, new in changes:
            stack.enter_context(patch.object(where, name, _around(getattr(where, name), new)))
        yield


def _around(old, new):
    return lambda *arguments, **named: new(old, *arguments, **named)
