"""The outside: the only place that imports `google.*` or opens a database."""
