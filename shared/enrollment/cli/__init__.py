"""The operator's command: `enrollment`. Nothing is loaded before it is needed."""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 failed, 2 wrong use or settings, 130 after Ctrl-C."""
    from enrollment.cli.app import app
    from enrollment.cli.trouble import explained

    try:
        app(args=arguments, prog_name="enrollment")
    except Exception as error:
        told = explained(error)
        if told is None:
            raise
        print(f"enrollment: {told}", file=sys.stderr)
        sys.exit(told.exit_code)
