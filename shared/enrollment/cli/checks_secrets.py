"""Whether the secrets by which senders prove themselves are there and of use; never a value."""

from collections.abc import Iterator

from enrollment.cli.findings import Finding, not_checked, ok, wrong
from enrollment.cli.places import Place
from enrollment.cli.words import counted
from enrollment.sources.declared import Verify
from enrollment.sources.undeclarable import DeclarationError
from enrollment.wiring.proofs import Proofs
from enrollment.wiring.school import declared

CHECK = "secrets"
PLACE = "secret://"
DENIED = "Secret Manager answers 403"
MAY_LOOK = "give this login roles/secretmanager.secretAccessor on it, or look at the intake's log"
MENDS = {
    "env://": "set it where the intake runs; one that Terraform deploys finds secret://NAME alone",
    PLACE: "gcloud secrets versions add NAME --data-file=- (create, if there is none)",
}


def check_secrets(at: Place, proofs: Proofs) -> Iterator[Finding]:
    """One line for each declared source that rests on secrets."""
    try:
        sources = declared(at.settings).sources
    except DeclarationError:
        return  # the check of the declarations has told it
    for name, source in sources.items():
        if source.verify is None or not source.verify.secrets:
            continue
        if at.embedded:
            yield not_checked(
                CHECK, f"{name}: not on a file; ENROLLMENT_STORE=firestore looks for them"
            )
        else:
            yield _checked(name, source.verify, at, proofs)


def _checked(name: str, verify: Verify, at: Place, proofs: Proofs) -> Finding:
    """What is wrong with any of them; else what could not be seen; else all are in order."""
    bad: list[str] = []
    hidden: list[str] = []
    for reference in verify.secrets:
        if reference.startswith(PLACE) and at.settings.firestore_emulator:
            hidden.append(f"{reference} has no emulator")
            continue
        if flaw := proofs.flaw(verify, reference):
            (bad if flaw.seen else hidden).append(flaw.told)
    told = f"{name}: {', '.join([*bad, *hidden])}"
    if bad:
        places = {fact.partition("://")[0] + "://" for fact in bad}
        return wrong(CHECK, told, "; ".join(MENDS[place] for place in sorted(places)))
    if hidden:
        return not_checked(CHECK, told, MAY_LOOK if DENIED in told else None)
    return ok(CHECK, f"{name}: {counted(len(verify.secrets), 'secret')}, of use to {verify.scheme}")
