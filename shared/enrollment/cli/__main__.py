"""`python -m enrollment.cli`: the command where it is not installed."""

from enrollment.cli import main

main()
