"""What makes an entry of a zip unsafe; it is never unpacked to disk all the same."""

import re
import stat
import zipfile

PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # LZMA may ask for any amount of memory


def problem(info: zipfile.ZipInfo) -> str | None:
    """What makes an entry unsafe. Never its name: a name may be a person's."""
    name = info.orig_filename  # as written; `filename` is already cut at a NUL
    kind = stat.S_IFMT(info.external_attr >> 16)
    problems = {
        "is encrypted": bool(info.flag_bits & 0x1),
        "is a symbolic link": kind == stat.S_IFLNK,
        "is not a plain file": kind not in (0, stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK),
        "has a backslash in its name": "\\" in name,
        "has an absolute path": name.startswith("/") or re.match(r"[A-Za-z]:", name) is not None,
        "leads out of the zip": ".." in name.split("/"),
        "has a control character in its name": any(letter < " " for letter in name),
        "is packed by an unusual method": info.compress_type not in PLAIN,
    }
    return next((problem for problem, found in problems.items() if found), None)
