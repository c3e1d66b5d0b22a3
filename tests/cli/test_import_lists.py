"""`import` of a list of one's own: one CSV, with columns that are declared or common."""

from tests.cli.commands import run
from tests.cli.schools import AS_OF

OFFICE = (
    '[sources.office]\nkind = "file"\nformat = "csv"\n'
    'columns = { student = "School e-mail", class_id = "Class", role = "Part" }\n'
)


def test_a_list_of_ones_own_is_imported_by_its_declared_columns(tmp_path):
    (tmp_path / "sources.toml").write_text(OFFICE)
    (tmp_path / "list.csv").write_text(
        "Class,School e-mail,Part\nMATH-7,ada@northside.example,student\nMATH-7,Tom,teacher\n"
    )
    words = ("list.csv", "--dry-run", *AS_OF, "--sources", "sources.toml")

    said = run("import", *words, "--explain", "why.csv")

    assert said.code == 0
    assert "CSV with declared columns, source office: 2 rows" in said.out
    assert "first rows of the csv" in said.out
    assert "  d:MATH-7 ← a***@northside.example\n" in said.out
    assert "the csv,3,not_a_student," in (tmp_path / "why.csv").read_text()


def test_a_slip_in_the_school_s_own_domain_is_suggested(tmp_path):
    (tmp_path / "sources.toml").write_text('[school]\ndomains = ["northside.example"]\n')
    (tmp_path / "list.csv").write_text("email,class\nada@northsid.example,MATH-7\n")
    words = ("list.csv", "--dry-run", *AS_OF, "--sources", "sources.toml")

    said = run("import", *words, "--explain", "why.csv")
    told = (tmp_path / "why.csv").read_text()

    assert said.code == 0
    assert "northsid.example is probably a slip: perhaps northside.example is meant" in told
    assert "ada" not in told


def test_a_csv_that_nobody_can_read_for_sure_is_refused_with_what_to_write(tmp_path):
    (tmp_path / "list.csv").write_text("Lovelace,Ada,M7\n")

    said = run("import", "list.csv", "--dry-run", *AS_OF)

    assert said.code == 1
    assert "the csv has 3 columns" in said.err
    assert 'columns = { student = "E-mail", class_id = "Class" }' in said.err
    assert "Lovelace" not in said.err
