"""Layers are rules about imports: what each part of the package may know of the outside."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import enrollment

PACKAGE = Path(enrollment.__file__).parent
CORE = sorted(PACKAGE.glob("*.py"))
SOURCES = sorted((PACKAGE / "sources").glob("*.py"))
VERIFY = sorted((PACKAGE / "verify").glob("*.py"))
# They choose, read the environment, answer over HTTP, and write a file.
EDGE = {
    "accepting", "bodies", "doors", "form_doors", "hosting", "intake_doors", "notices", "openapi",
    "schema", "settings", "telling", "visits",
}  # fmt: skip
PURE = [path for path in CORE if path.stem not in EDGE] + SOURCES + VERIFY
# What the outside is made of; an adapter or a door may know it, nobody else.
OUTSIDE = {
    "flask", "functions_framework", "google", "google_auth_httplib2", "googleapiclient", "grpc",
    "http", "httplib2", "requests", "secrets", "socket", "sqlite3", "subprocess", "time", "uuid",
}  # fmt: skip
CLOCKS = {
    f"{kind}.{method}"
    for kind in ("datetime", "date", "datetime.datetime", "datetime.date")
    for method in ("now", "utcnow", "today")
}
ENVIRONMENT = {"os.environ", "os.getenv", "os.environb"}
# Values that the stores hand out: the command line may name them, and builds no store with them.
HANDED_OUT = {
    "EngineRunning", "JsonLines", "Queued", "journal", "sqlite",
}  # fmt: skip


@cache
def nodes(path):
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))))


@cache
def imports(path):
    """Every module that is imported, at the top or in a function, and every name out of one."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return found


@cache
def attributes(path):
    """Every `a.b` and `a.b.c` in a module."""
    return {dotted(node) for node in nodes(path) if isinstance(node, ast.Attribute)}


def dotted(node):
    """The names of `a.b.c`; what is no name is a question mark."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def offenders(paths, offences):
    """The offences of each file that has any."""
    found = {str(path.relative_to(PACKAGE)): sorted(offences(path)) for path in paths}
    return {path: offences for path, offences in found.items() if offences}


def test_the_core_and_the_sources_know_nothing_of_the_outside():
    def outside(path):
        return {each.partition(".")[0] for each in imports(path)} & OUTSIDE

    assert offenders(PURE, outside) == {}


def test_the_core_and_the_sources_ask_no_clock():
    assert offenders(PURE, lambda path: attributes(path) & CLOCKS) == {}


def test_the_core_and_the_sources_read_no_environment():
    assert offenders(PURE, lambda path: (attributes(path) | imports(path)) & ENVIRONMENT) == {}


def test_chance_is_an_argument():
    """`random.random` may be a default; nothing calls it by its name."""

    def called(path):
        calls = {dotted(node.func) for node in nodes(path) if isinstance(node, ast.Call)}
        return {each for each in calls if each.startswith("random.")}

    assert offenders(PURE, called) == {}


def test_only_wiring_chooses_adapters():
    others = [
        path
        for path in PACKAGE.rglob("*.py")
        if "adapters" not in path.parts and "wiring" not in path.parts
    ]

    def chosen(path):
        from_adapters = [each for each in imports(path) if each.startswith("enrollment.adapters.")]
        return {each.rpartition(".")[2] for each in from_adapters} - HANDED_OUT

    assert offenders(others, chosen) == {}


def test_the_core_knows_neither_adapters_nor_the_command_line():
    def outward(path):
        return {
            each
            for each in imports(path)
            if each.startswith(("enrollment.adapters", "enrollment.cli", "enrollment.wiring"))
        }

    assert offenders(PURE, outward) == {}


def test_a_source_knows_requests_and_reasons_and_nothing_of_the_use_cases():
    allowed = tuple(
        f"enrollment.{each}" for each in ("sources", "request", "reasons", "advice", "verify")
    )

    def others(path):
        ours = [each for each in imports(path) if each.startswith("enrollment.")]
        return {each for each in ours if not each.startswith(allowed)}

    assert offenders(SOURCES, others) == {}


def test_what_verifies_knows_nothing_of_the_rest():
    def others(path):
        ours = [each for each in imports(path) if each.startswith("enrollment.")]
        return {each for each in ours if not each.startswith("enrollment.verify")}

    assert offenders(VERIFY, others) == {}


def test_only_what_opens_tokens_loads_the_library_for_them():
    """`sources.toml` is read, and a signature by a secret is checked, without it."""
    allowed = {"jwks", "jws", "google_oidc", "google_sign_in", "canvas_jwt"}
    command = (
        "import sys, enrollment.verify.schemes, enrollment.sources.declared;"
        "print(*{'jwt', 'cryptography'} & set(sys.modules))"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True
    )

    def tokens(path):
        return {each.partition(".")[0] for each in imports(path)} & {"jwt", "cryptography"}

    assert loaded.stdout.split() == []
    assert offenders([each for each in VERIFY if each.stem not in allowed], tokens) == {}


def test_importing_does_nothing():
    """At the top of a module things are named; nothing is called for what it does."""

    def done(path):
        module = nodes(path)[0]
        statements = [node.value for node in module.body if isinstance(node, ast.Expr)]
        return {ast.unparse(each) for each in statements if not isinstance(each, ast.Constant)}

    assert offenders(PURE, done) == {}
