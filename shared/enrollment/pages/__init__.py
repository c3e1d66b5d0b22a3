"""The pages that people see at a hosted form; they work without a script."""
