"""What to type in another terminal while the stack stays up."""

import shlex
from collections.abc import Mapping

from infra.local.choice import Choice
from infra.local.options import Options
from infra.local.result import Result
from infra.local.scene import Scene
from infra.local.senders import FORM_NAME


def commands(
    environment: Mapping[str, str], choice: Choice, scene: Scene, options: Options, result: Result
) -> str:
    """The environment and a few commands, to look at the school and to mend one thing."""
    item = result.misspelt[:12] if result.misspelt else "ITEM"
    enrollment = ".venv/bin/enrollment"
    form = environment.get(FORM_NAME)
    lines = [
        "",
        *([f"A form that people fill in, for your browser: {form}", ""] if form else []),
        "Everything stays until Ctrl-C. In a new terminal, which you close afterwards:",
        "",
        "  unset PSEUDONYM_KEY",
        *(f"  export {name}={shlex.quote(value)}" for name, value in environment.items()),
        f"  {enrollment} status",
        f"  {enrollment} review list",
        f"  {enrollment} review show {item}",
        f"  {enrollment} review replay {item} --student {scene.somebody}",
        f"  {enrollment} timeline --student {scene.somebody}",
        *(
            [f"  {enrollment} review list --reason needs_approval  # what the form asks"]
            * bool(form)
        ),
        f"  {enrollment} send --course {_course(scene)} --student {scene.somebody}",
    ]
    if choice.programs is None:  # nobody else delivers
        lines.append(f"  {enrollment} run --time-scale {options.time_scale:.6f}")
    return "\n".join([*lines, ""])


def _course(scene: Scene) -> str:
    return (
        next((each.course_id for each in scene.requests), "d:BIO-7") if scene.made_up else "COURSE"
    )
