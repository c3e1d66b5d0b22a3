"""CSV as schools really send it is read; what cannot be a table is refused at once."""

import tracemalloc

import pytest

from enrollment.sources import tables
from enrollment.sources.files import RosterError
from enrollment.sources.tables import Table

COLUMNS = ("id", "name", "dateLastModified")
PLAIN = "id,name,dateLastModified\n1,Zoë,x\n2,Bo,y\n"


def table(raw, columns=COLUMNS, **kwargs):
    return Table("users.csv", raw.encode() if isinstance(raw, str) else raw, columns, **kwargs)


def cells(raw, columns=COLUMNS):
    return [line.cells for line in table(raw, columns)]


def rows(raw):
    return [(line.number, line.cells[0]) for line in table(raw)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_usual_encodings_are_read(encoding):
    assert cells(PLAIN.encode(encoding)) == [("1", "Zoë", "x"), ("2", "Bo", "y")]


def test_utf_16_is_read_in_both_byte_orders():
    for bom, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert cells(bom + PLAIN.encode(encoding))[0] == ("1", "Zoë", "x")


def test_text_that_is_not_utf_8_is_read_with_a_warning():
    read = table(PLAIN.encode("cp1252"))

    assert read.warnings == ["users.csv is not UTF-8 and was read as Windows-1252"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_ends_are_read_and_the_last_may_be_missing(end):
    text = PLAIN.replace("\n", end)

    assert len(cells(text)) == len(cells(text.rstrip())) == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_header_tells_the_delimiter(delimiter):
    assert cells(PLAIN.replace(",", delimiter))[1] == ("2", "Bo", "y")


def test_a_delimiter_inside_quotes_is_text():
    assert cells('"a,b,c";id;name\nx;1;"a;b"\n', ("id", "name")) == [("1", "a;b")]


def test_quoted_cells_may_hold_delimiters_quotes_and_line_breaks():
    text = 'id,note,name\n1,"two\nlines","say ""hi"", Bo"\n2,,Al\n'

    assert cells(text, ("id", "name")) == [("1", 'say "hi", Bo'), ("2", "Al")]
    assert rows(text) == [(2, "1"), (3, "2")]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them():
    assert rows("\nid,name\n\n1,a\n,\n\n2,b\n") == [(4, "1"), (7, "2")]


def test_blank_lines_are_not_counted_as_rows():
    assert table("id\n1\n\n ,\n2\n").total == 2


def test_headers_are_compared_without_case_spaces_and_underscores():
    assert cells("I_D, NAME ,Date Last-Modified\n1,a,x\n") == [("1", "a", "x")]


def test_a_misspelt_header_is_matched_with_a_warning():
    read = table("id,name,dataLastModified\n1,a,x\n")

    assert [line.cells for line in read] == [("1", "a", "x")]
    assert read.warnings == ["users.csv: column 3, dataLastModified, is read as dateLastModified"]


def test_one_real_column_is_never_taken_for_another():
    read = table("orgSourcedId,courseSourcedId\n1,2\n", ("sourcedId", "userSourcedId"))

    assert [line.cells for line in read] == [("", "")]
    assert read.has == set()


def test_a_column_that_occurs_twice_is_read_the_first_time():
    read = table("id,name,name\n1,a,b\n")

    assert [line.cells[1] for line in read] == ["a"]
    assert read.warnings == ["users.csv: column 3 repeats a name; not read"]


def test_extra_empty_header_cells_do_no_harm():
    assert cells("id,name,,\n1,a,,\n2,b\n", ("id", "name")) == [("1", "a"), ("2", "b")]


def test_a_short_row_is_filled_up():
    assert cells("id,name\n1\n", ("id", "name")) == [("1", "")]


def test_a_row_that_is_longer_than_the_header_has_a_fault():
    [line] = table("id,name\n1,Klein, Ora\n")

    assert "more cells than the header" in line.fault


def test_a_missing_quotation_mark_that_mixes_two_rows_is_a_fault():
    text = 'id,name,dateLastModified,email\n1,"Bo,x,bo@x\n2,"Al,y,al@x\n3,Cy,z,cy@x\n'

    lines = list(table(text))

    assert [bool(line.fault) for line in lines] == [True, False]
    assert lines[1].cells[0] == "3"


def test_a_line_break_in_a_cell_that_is_needed_is_a_fault():
    [line] = table('id,name\n"1\n2",a\n')

    assert "quotation mark is probably missing" in line.fault


def test_a_quotation_mark_that_never_closes_is_refused_at_once():
    with pytest.raises(RosterError, match="row 3 or before it never closes"):
        table('id,name\n1,a\n2,"b\n3,c\n')


def test_a_list_leaves_faulty_rows_out_and_counts_them():
    read = table("id,name\n1,a\n2,b,c\n3,d,e\n")

    assert [line.cells[0] for line in read.readable()] == ["1"]
    assert read.warnings == ["users.csv: 2 rows are out of shape and left out, first row 3"]


def test_nul_bytes_are_left_out_with_a_warning():
    read = table("id,name\n1\0,a\0\n")

    assert [line.cells[:2] for line in read] == [("1", "a")]
    assert read.warnings == ["users.csv: NUL characters were left out"]


def test_leading_zeros_are_kept():
    assert cells("id\n007\n", ("id",)) == [("007",)]


def test_white_space_is_trimmed_and_runs_of_it_are_one_space():
    assert cells("id,name\n 1\u00a0,  a \t b \n", ("id", "name")) == [("1", "a b")]


@pytest.mark.parametrize("raw", ["", "\n\n", " , ,\n", "\ufeff"])
def test_an_empty_file_is_refused(raw):
    with pytest.raises(RosterError, match=r"users\.csv is empty"):
        table(raw)


def test_a_missing_column_is_named_and_the_header_is_not_repeated():
    with pytest.raises(RosterError) as raised:
        table("Ada Lovelace,12\nBo,13\n", required=("id", "name"))

    assert "users.csv has no column id, name" in str(raised.value)
    assert "Ada" not in str(raised.value)


def test_a_cell_beyond_all_measure_is_refused():
    with pytest.raises(RosterError, match="longer than 128 KiB"):
        table("id\n" + "x" * 140_000 + "\n")


def test_a_table_can_be_read_again():
    read = table(PLAIN)

    assert list(read) == list(read)


@pytest.mark.parametrize("piece", [0, 1, 5, 20, 1000])
def test_where_the_text_is_cut_for_reading_makes_no_difference(monkeypatch, piece):
    monkeypatch.setattr(tables, "PIECE", piece)
    text = 'id,name,dateLastModified,note\n1,Zoë,x,"a\nb\n"\n\n2,Bo,y,\n3,"Al, ""A""",z,n'

    assert rows(text) == [(2, "1"), (4, "2"), (5, "3")]
    assert [each[1] for each in cells(text)] == ["Zoë", "Bo", 'Al, "A"']


def test_reading_takes_no_second_copy_of_the_text():
    text = "id,name,dateLastModified,note\n" + f"1,a,b,{'x' * 99_999}\n" * 200  # 20 MB
    read = table(text)
    tracemalloc.start()

    number = sum(1 for _ in read)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert number == 200
    assert peak < len(text) / 2
