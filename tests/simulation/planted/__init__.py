"""Faults that people make in such systems: each is planted, and the laws must find it.

How a school would notice each of them is told in `planted_faults/`.
"""

from tests.simulation.planted import asking, claiming, deliveries, telling, waiting
from tests.simulation.planted.planting import FAULTS

__all__ = ["FAULTS", "asking", "claiming", "deliveries", "telling", "waiting"]
