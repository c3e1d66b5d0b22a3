"""Folders and zips are opened within limits; whatever is unsafe is refused with its kind."""

import os
import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from enrollment.sources.files import Limits, RosterError, open_files
from tests.sources.rosters import in_folder, in_zip, oneroster, reading, told

SMALL = Limits(total=4_000, file=2_000, entries=5, ratio=20, ratio_from=1_000)
FILES = {"enrollments.csv": "a,b\n1,2\n"}


def content(path, name="enrollments.csv", limits=SMALL):
    with open_files(path, limits) as files:
        return files.read(name)


def a_zip(path, **fields):
    """A zip of one entry with these fields of its header changed."""
    info = zipfile.ZipInfo("enrollments.csv")
    for name, value in fields.items():
        setattr(info, name, value)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, "a,b\n")
    return path


def everything(path, limits):
    with open_files(path, limits) as files:
        return [files.read(name) for name in files.names]


def refusal(path, limits=SMALL):
    with pytest.raises(RosterError) as raised:
        everything(path, limits)
    return str(raised.value)


def test_a_folder_and_a_zip_give_the_same(tmp_path):
    folder = in_folder(tmp_path / "roster", FILES)
    archive = in_zip(tmp_path / "roster.zip", FILES)

    assert content(folder) == content(archive) == b"a,b\n1,2\n"


def test_a_zip_may_hold_everything_inside_one_folder(tmp_path):
    path = in_zip(tmp_path / "roster.zip", oneroster(), top="export-2026/")

    assert told(reading(path)) == ["sent"]


def test_what_a_mac_adds_to_a_zip_is_not_part_of_the_roster(tmp_path):
    files = {
        "export/enrollments.csv": "a,b\n1,2\n",
        "__MACOSX/export/._enrollments.csv": "x",
        "export/.DS_Store": "x",
    }

    assert content(in_zip(tmp_path / "roster.zip", files)) == b"a,b\n1,2\n"


def test_names_are_found_in_any_case(tmp_path):
    path = in_zip(tmp_path / "roster.zip", {"Enrollments.CSV": "a\n"})

    assert content(path) == b"a\n"


def test_files_deeper_inside_are_not_offered(tmp_path):
    path = in_zip(tmp_path / "roster.zip", FILES | {"old/users.csv": "x"})

    with open_files(path) as files:
        assert files.names == ["enrollments.csv"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("/etc/passwd.csv", "has an absolute path"),
        ("C:/users.csv", "has an absolute path"),
        ("../users.csv", "leads out of the zip"),
        ("a/../../users.csv", "leads out of the zip"),
        ("a\\users.csv", "has a backslash in its name"),
        ("us\ners.csv", "has a control character in its name"),
    ],
)
def test_an_entry_that_leads_elsewhere_is_refused_by_its_kind(tmp_path, name, kind):
    fault = refusal(in_zip(tmp_path / "roster.zip", FILES | {name: "x"}))

    assert fault.startswith(f"entry 2 of the zip {kind}")
    assert "passwd" not in fault


def test_a_symbolic_link_in_a_zip_is_refused(tmp_path):
    path = a_zip(tmp_path / "roster.zip", external_attr=0o120777 << 16)

    assert "is a symbolic link" in refusal(path)


def test_a_device_in_a_zip_is_refused(tmp_path):
    path = a_zip(tmp_path / "roster.zip", external_attr=0o020666 << 16)

    assert "is not a plain file" in refusal(path)


def test_an_unusual_packing_method_is_refused(tmp_path):
    path = a_zip(tmp_path / "roster.zip", compress_type=zipfile.ZIP_BZIP2)

    assert "is packed by an unusual method" in refusal(path)


def test_an_encrypted_entry_is_refused(tmp_path):
    raw = bytearray(in_zip(tmp_path / "roster.zip", FILES).read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 0x1
    (tmp_path / "locked.zip").write_bytes(raw)

    assert "is encrypted" in refusal(tmp_path / "locked.zip")


def test_a_symbolic_link_in_a_folder_is_refused(tmp_path):
    folder = in_folder(tmp_path / "roster", FILES)
    (folder / "users.csv").symlink_to("/etc/hostname")

    assert "symbolic link" in refusal(folder)


def test_what_is_no_file_is_no_csv_of_a_folder(tmp_path):
    for name, make in (("a", os.mkfifo), ("b", os.mkdir)):
        folder = in_folder(tmp_path / name, FILES)
        make(folder / "users.csv")

        assert "holds a folder, a device or a pipe for a csv" in refusal(folder)


def test_two_files_of_one_name_are_refused(tmp_path):
    files = FILES | {"Enrollments.csv": "other"}

    assert "same name" in refusal(in_zip(tmp_path / "roster.zip", files))


def test_two_entries_of_exactly_one_name_are_refused(tmp_path):
    path = tmp_path / "roster.zip"
    with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("users.csv", "one")
        archive.writestr("users.csv", "two")

    assert "same name" in refusal(path)


def test_too_many_entries_are_refused(tmp_path):
    files = {f"{number}.csv": "x" for number in range(6)}

    assert "6 entries" in refusal(in_zip(tmp_path / "roster.zip", files))
    assert "6 entries" in refusal(in_folder(tmp_path / "roster", files))


def test_a_zip_bomb_is_stopped_by_its_ratio(tmp_path):
    path = in_zip(tmp_path / "roster.zip", {"enrollments.csv": "0" * 1_900})

    assert "more than 20 times its size" in refusal(path)


def test_a_file_beyond_the_limit_is_stopped(tmp_path):
    folder = in_folder(tmp_path / "roster", {"enrollments.csv": "0" * 2_001})

    assert "enrollments.csv is larger than" in refusal(folder)


def test_files_that_are_too_large_together_are_stopped(tmp_path):
    folder = in_folder(tmp_path / "roster", {f"{n}.csv": "0" * 1_500 for n in range(3)})

    assert "the roster is larger than" in refusal(folder)


def test_a_header_that_lies_about_the_size_is_not_believed(tmp_path):
    raw = bytearray(in_zip(tmp_path / "roster.zip", {"a.csv": "0" * 1_900}).read_bytes())
    central = raw.index(b"PK\x01\x02")
    struct.pack_into("<I", raw, central + 24, 10)
    (tmp_path / "liar.zip").write_bytes(raw)

    assert "a.csv cannot be read" in refusal(tmp_path / "liar.zip")


def test_a_damaged_zip_is_an_error_that_says_so(tmp_path):
    raw = in_zip(tmp_path / "roster.zip", {"a.csv": "1,2,3\n" * 99}).read_bytes()
    (tmp_path / "damaged.zip").write_bytes(raw[:40] + b"\xff" * 8 + raw[48:])

    assert "a.csv cannot be read" in refusal(tmp_path / "damaged.zip")


def test_a_single_file_is_a_roster_only_if_it_is_a_csv(tmp_path):
    for name in ("enrollments.txt", "enrollments.csv"):
        (tmp_path / name).write_text("a,b\n")

    assert "neither a folder nor a readable zip" in refusal(tmp_path / "enrollments.txt")
    assert content(tmp_path / "enrollments.csv") == b"a,b\n"


def test_a_single_csv_has_the_limits_of_any_file(tmp_path):
    (tmp_path / "enrollments.csv").write_bytes(b"0" * 2_001)

    assert "enrollments.csv is larger than" in refusal(tmp_path / "enrollments.csv")


def test_a_file_whose_name_is_free_goes_by_another_one_in_errors(tmp_path):
    (tmp_path / "Ada.csv").write_bytes(b"0" * 2_001)

    with open_files(tmp_path, SMALL) as files, pytest.raises(RosterError) as raised:
        files.read("Ada.csv", called="the csv")

    assert str(raised.value).startswith("the csv is larger than")


def test_a_pipe_or_a_device_is_refused_before_a_byte_is_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.zip")

    for path in (tmp_path / "pipe.zip", Path("/dev/zero")):
        assert "no file but a device or a pipe" in refusal(path)


def test_a_path_that_does_not_exist_is_named(tmp_path):
    assert "nowhere.zip does not exist" in refusal(tmp_path / "nowhere.zip")


def test_nothing_is_unpacked_to_disk(tmp_path):
    reading(in_zip(tmp_path / "roster.zip", oneroster()))

    assert [path.name for path in tmp_path.iterdir()] == ["roster.zip"]
