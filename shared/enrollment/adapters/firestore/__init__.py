"""The ledger, the reviews and the line in Firestore, for any number of instances at once.

No transactions: each write is one call that names the version it has seen.
"""

from enrollment.adapters.firestore.connection import Firestore, open_firestore
from enrollment.adapters.firestore.imports import FirestoreImports
from enrollment.adapters.firestore.ledger import FirestoreLedger
from enrollment.adapters.firestore.line import FirestoreLine
from enrollment.adapters.firestore.pseudonyms import FirestorePseudonyms
from enrollment.adapters.firestore.reviews import FirestoreReviews

__all__ = [
    "Firestore",
    "FirestoreImports",
    "FirestoreLedger",
    "FirestoreLine",
    "FirestorePseudonyms",
    "FirestoreReviews",
    "open_firestore",
]
