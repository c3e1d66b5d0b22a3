"""How many lines of code each of the compared is, and which lines they are.

A store that is not used here is left out for everybody, and so are the parts of this project that
no message of these scenarios meets. Nobody's other libraries are counted, nor their deployment.
"""

import ast
import io
import tokenize
from importlib.util import find_spec
from pathlib import Path

from infra.local.process import ROOT

CONTENDERS = Path(__file__).resolve().parent / "contenders"
SHARED = ROOT / "shared" / "enrollment"
SILENT = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE),
    *(tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER),
}
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def counted(contender):
    """Lines in one's own checkout, those in the idempotency library, and those left out."""
    own, library, left_out = _own(contender), {}, {}
    package = SHARED if contender.own else _folder(contender.package)
    if package:
        where, name = (own, _named(SHARED)) if contender.own else (library, contender.package)
        where[name] = sum(code_lines(each) for each in _files(package, contender, unused=False))
        for each in _files(package, contender, unused=True):
            (part,) = set(contender.unused) & set(each.relative_to(package).parts)
            left_out[part] = left_out.get(part, 0) + code_lines(each)
    return {"own": own, "library": library, "left out": left_out}


def _own(contender):
    """What stands beside the library: the functions, and what is written by hand for them."""
    by_hand = [] if contender.own else [CONTENDERS / "by_hand.py"]
    folders = [contender.sources / each for each in (contender.function, *contender.others)]
    files = [*by_hand, *(each for folder in folders for each in sorted(folder.glob("*.py")))]
    return {_named(each): code_lines(each) for each in files}


def _folder(package):
    found = find_spec(package) if package else None
    return Path(found.submodule_search_locations[0]) if found else None


def _files(folder, contender, *, unused):
    parts = set(contender.unused)
    return [
        each
        for each in sorted(folder.rglob("*.py"))
        if unused == bool(parts & set(each.relative_to(folder).parts))
    ]


def _named(path):
    home = CONTENDERS if path.is_relative_to(CONTENDERS) else ROOT
    return path.relative_to(home).as_posix()


def code_lines(path):
    """Lines that are neither blank, nor a comment, nor a docstring."""
    text = path.read_text(encoding="utf-8")
    found = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in SILENT:
            found.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node):
            found.difference_update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(found)
