"""Turn every wish to join a class into one enrollment in Google Classroom.

The import law, held by a test: the core (every module directly in this package but `wiring` and
`settings`) imports no `google.*`, reads no environment and asks no clock; only `adapters` speak to
the outside; only `wiring` chooses adapters.
"""
