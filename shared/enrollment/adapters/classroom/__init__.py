"""Google Classroom through google-api-python-client: one method is one HTTP call, sent once."""

from enrollment.adapters.classroom.client import GoogleClassroom
from enrollment.adapters.classroom.credentials import Delegation, LoopbackIdentities

__all__ = ["Delegation", "GoogleClassroom", "LoopbackIdentities"]
