"""Where requests come from: what `sources.toml` declares, and one module for each roster format."""
