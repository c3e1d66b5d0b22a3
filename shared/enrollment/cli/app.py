"""Every command under its name. What a command needs, it imports when it runs."""

import typer

from enrollment.cli.doctor import add_to as add_doctor
from enrollment.cli.importing import add_to as add_import
from enrollment.cli.line import add_to as add_line
from enrollment.cli.options import described, examples
from enrollment.cli.review import add_to as add_review
from enrollment.cli.running import add_to as add_run
from enrollment.cli.sending import add_to as add_send
from enrollment.cli.status import add_to as add_status
from enrollment.cli.timeline import add_to as add_timeline

app = typer.Typer(
    help="Enroll students in Google Classroom, and see what became of every wish.",
    epilog=examples(
        "enrollment import roster.zip --dry-run        what would be sent, and what not and why",
        "enrollment run roster.zip                     send it, and show what became of it",
        "enrollment review list --store sqlite:///enrollment.db",
    )
    + described(
        "Each command has --help with examples of its own, and --json.",
    )
    + described("Settings come from the environment: CLASSROOM_ADMIN, ENROLLMENT_STORE and so on."),
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: it comes at once, and reads well in a pipe
)

for add_to in (
    add_run,
    add_import,
    add_send,
    add_status,
    add_timeline,
    add_review,
    add_line,
    add_doctor,
):
    add_to(app)
