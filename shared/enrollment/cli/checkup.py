"""The whole check-up: which checks there are, in which order, and how their findings are told."""

from collections.abc import Iterable, Iterator

from enrollment.cli.checks_cloud import check_cloud
from enrollment.cli.checks_file import check_file
from enrollment.cli.checks_school import check_classroom
from enrollment.cli.checks_secrets import check_secrets
from enrollment.cli.checks_settings import check_quota, check_settings, check_sources, check_times
from enrollment.cli.findings import Finding, State, not_checked
from enrollment.cli.tables import note, say, show_json
from enrollment.wiring.proofs import unheard

__all__ = ["findings", "wrong_in"]


def findings(store: str | None) -> Iterator[Finding]:
    """What each check finds, as soon as it does."""
    at, found = check_settings(store)
    yield from found
    yield check_times()
    if at is None:
        for check in ("quota", "sources", "store", "classroom"):
            yield not_checked(check, "the settings must be mended first")
        return
    yield check_quota(at)
    yield from check_sources(at)
    yield from check_secrets(at, unheard(at.settings.project))
    yield from check_file(at) if at.embedded else check_cloud(at)
    yield check_classroom(at.settings)


def wrong_in(found: Iterable[Finding], *, json: bool) -> int:
    """Write what was found; how much of it is wrong."""
    all_of_it = []
    for each in found:
        all_of_it.append(each)
        if not json:
            remedy = f": {each.remedy}" if each.remedy else ""
            say(f"{each.state:<11}  {each.check:<12}  {each.told}{remedy}")
    wrong, unseen = (
        sum(each.state is state for each in all_of_it) for state in (State.WRONG, State.NOT_CHECKED)
    )
    if json:
        show_json(
            {"wrong": wrong, "not_checked": unseen, "checks": [vars(each) for each in all_of_it]}
        )
    else:
        note(f"{wrong} wrong, {unseen} not checked" if wrong or unseen else "all is well")
    return wrong
