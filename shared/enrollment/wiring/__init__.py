"""The composition root: the only place that chooses adapters. Nothing is built at import."""
