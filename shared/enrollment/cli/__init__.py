"""The operator's command: `enrollment`. Nothing is loaded before it is needed."""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 failed, 2 wrong use or settings, 130 after Ctrl-C."""
    from enrollment.cli.app import app
    from enrollment.cli.trouble import explained, must_be_text
    from enrollment.cli.words import printable

    try:
        must_be_text(sys.argv[1:] if arguments is None else arguments)
        app(args=arguments, prog_name="enrollment")
    except Exception as error:
        told = explained(error)
        if told is None:
            raise
        for line in f"enrollment: {told}".splitlines():
            print(printable(line), file=sys.stderr)
        sys.exit(told.exit_code)
