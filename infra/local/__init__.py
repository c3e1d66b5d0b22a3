"""The local stack: a sample school, the engine at work on it, and an honest account at the end."""
