"""`sources.toml` is read as a whole or refused with all of its faults."""

import pytest
from pydantic import ValidationError

from enrollment.request import EnrollmentRequest
from enrollment.sources.declared import (
    SOURCE_NAME,
    UNDECLARED,
    CannotAdd,
    Declaration,
    DeclarationError,
    Format,
    Kind,
    parse_declared,
    read_declared,
)

WHOLE = """
[school]
domains = ["northside.example", "Student.Northside.example"]

[sources.infinite-campus]
kind = "webhook"
format = "oneroster"
verify = { scheme = "standard-webhooks", secrets = ["secret://ic", "env://OLD"] }
answer = 200
email_domains = ["student.northside.example"]
courses = ["d:*-2026"]
mode = "admin"
cannot_add = "invite"
course_id = "d:{class_id}-2026"
student = "{user_id}@student.northside.example"

[sources.script]
kind = "api"
format = "native"
verify = { scheme = "google-oidc", audience = "https://intake", emails = ["a@b.example"] }

[sources.office]
kind = "file"
"""
PROOF = 'verify = { scheme = "github", secrets = ["env://SECRET"] }'


def faults(text):
    with pytest.raises(DeclarationError) as raised:
        parse_declared(text)
    return list(raised.value.faults)


def fault(lines, kind="file"):
    [only] = faults(f'[sources.s]\nkind = "{kind}"\n{lines}\n')
    return only


def test_every_key_is_read():
    declared = parse_declared(WHOLE)
    source = declared.sources["infinite-campus"]

    assert declared.school.domains == ("northside.example", "student.northside.example")
    assert (source.kind, source.format, source.answer) == (Kind.WEBHOOK, Format.ONEROSTER, 200)
    assert source.email_domains == ("student.northside.example",)
    assert source.courses == ("d:*-2026",)
    assert source.cannot_add is CannotAdd.INVITE
    assert source.course_id == "d:{class_id}-2026"
    assert source.student == "{user_id}@student.northside.example"


def test_the_proof_of_a_source_is_kept_with_the_keys_of_its_scheme():
    verify = parse_declared(WHOLE).sources["infinite-campus"].verify

    assert verify is not None
    assert verify.scheme == "standard-webhooks"
    assert verify.secrets == ("secret://ic", "env://OLD")
    assert verify.options == {}


def test_the_keys_of_a_scheme_are_kept_as_they_are():
    verify = parse_declared(WHOLE).sources["script"].verify

    assert verify is not None
    assert verify.secrets == ()
    assert verify.options == {"audience": "https://intake", "emails": ["a@b.example"]}


def test_a_declaration_cannot_be_changed():
    with pytest.raises(ValidationError):
        UNDECLARED.mode = "code"


def test_what_nobody_declared_adds_by_class_id_and_address_without_limits():
    assert parse_declared(WHOLE).sources["office"] == UNDECLARED
    assert UNDECLARED.course_id == "d:{class_id}"
    assert UNDECLARED.student == "{user_email}"
    assert UNDECLARED.mode == "admin"
    assert UNDECLARED.email_domains == UNDECLARED.courses == ()


def test_all_faults_are_reported_at_once():
    text = """
    [shool]
    domains = []
    [sources.a]
    kind = "webhok"
    emial_domains = ["x.example"]
    [sources.requests]
    kind = "webhook"
    curses = ["*"]
    [sources."no name"]
    """

    found = faults(text)

    assert found == sorted(found)
    assert [line.split(" ", 1)[0] for line in found] == [
        "[shool]",
        "[sources.a]",
        "[sources.a]",
        "[sources.a]",
        "[sources.no",
        "[sources.no",
        "[sources.requests]",
        "[sources.requests]",
        "[sources.requests]",
        "[sources.requests]",
    ]


def test_a_misspelt_key_gets_the_nearest_one_suggested():
    assert fault('emial_domains = ["x.example"]').startswith(
        "[sources.s] emial_domains is no key (did you mean email_domains?): the keys are kind,"
    )


def test_a_misspelt_heading_gets_the_nearest_one_suggested():
    assert "did you mean sources?" in faults("[source.a]\nkind = 'file'\n")[0]


def test_requests_is_a_reserved_name():
    assert "reserved name" in faults('[sources.requests]\nkind = "file"\n')[0]


def test_a_name_must_fit_into_the_message():
    assert "is no name of a source" in faults('[sources."a b"]\nkind = "file"\n')[0]


@pytest.mark.parametrize("name", ["a", "a.b-c_d", "9", "x" * 64, "x" * 65, "-a", "", "a/b", "ä"])
def test_names_are_those_that_a_message_may_carry(name):
    raw = EnrollmentRequest.model_fields["source"].metadata
    pattern = next(it.pattern for it in raw if getattr(it, "pattern", None))

    assert pattern == f"^{SOURCE_NAME.pattern}$"
    assert bool(SOURCE_NAME.fullmatch(name)) == (name in ("a", "a.b-c_d", "9", "x" * 64))


def test_a_webhook_must_say_how_it_proves_itself():
    assert "verify is missing" in fault('format = "oneroster"', kind="webhook")


def test_whoever_calls_the_api_must_say_how_they_prove_themselves():
    assert "verify is missing" in fault('format = "native"', kind="api")


def test_only_a_file_is_recognised_by_its_content():
    assert "format is missing" in fault(PROOF, kind="api")


def test_a_file_cannot_have_enrollment_codes():
    assert "mode is code" in fault('mode = "code"')


@pytest.mark.parametrize("written", ["oneroster", "canvas", "clever"])
def test_a_vendor_s_format_cannot_be_declared_in_mode_code(written):
    lines = f'format = "{written}"\nmode = "code"\n{PROOF}'

    assert f"the format {written} holds no enrollment codes" in fault(lines, "webhook")


def test_our_own_format_can_be_declared_in_mode_code():
    lines = f'kind = "webhook"\nformat = "native"\nmode = "code"\n{PROOF}'

    assert parse_declared(f"[sources.s]\n{lines}").sources["s"].mode == "code"


def test_a_kind_is_needed():
    assert faults("[sources.s]\n") == [
        "[sources.s] kind is missing: write one of webhook, file, google_form, web_form, api"
    ]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('mode = "teacher"', "'admin' or 'code'"),
        ('cannot_add = "ignore"', "'review' or 'invite'"),
        ('format = "xls"', "'oneroster'"),
        ("answer = 404", "answer is wrong"),
        ('email_domains = ["@northside.example"]', "without an @"),
        ("email_domains = []", "leave it out for no limit"),
        ("courses = []", "leave it out for no limit"),
        ('verify = { scheme = "github", secrets = ["whsec_abc"] }', "where the secret lies"),
        ("verify = {}", "verify.scheme is missing"),
        ('verify = { scheme = "github", secrets = ["secret://a/../b"] }', "where the secret lies"),
        ('verify = { scheme = "github", secrets = ["env://A-B"] }', "where the secret lies"),
        ('course_id = "d:{klass_id}"', "{klass_id} (did you mean class_id?)"),
        ('course_id = "d:{user_email}"', "the fields are {class_id}"),
        ('course_id = "d:{class_id"', "hold no plain field"),
        ('course_id = "d:{class_id:>9}"', "hold no plain field"),
        ('course_id = "d:{class_id.__class__}"', "the fields are"),
        ('course_id = "d:{}"', "the fields are"),
        ('course_id = "MATH-{class_id}"', "makes no course"),
        ('course_id = "d:{term_id}/{class_id}"', "makes no course"),
        ('student = "{user_mail}"', "did you mean user_email?"),
        ('student = "ada@northside.example"', "makes no address"),
        ('student = "me"', "makes no address"),
        ('student = "{username}"', None),
    ],
)
def test_a_wrong_value_is_told_with_its_remedy(line, word):
    if word is None:
        parse_declared(f'[sources.s]\nkind = "file"\n{line}\n')
    else:
        assert word in fault(line)


def csv_fault(columns, lines=""):
    return fault(f'format = "csv"\n{lines}\ncolumns = {columns}')


def test_the_columns_of_a_plain_csv_are_read():
    text = 'format = "csv"\ncolumns = { student = "School e-mail", class_id = "Class" }'

    source = parse_declared(f'[sources.s]\nkind = "file"\n{text}\n').sources["s"]

    assert source.columns == {"student": "School e-mail", "class_id": "Class"}
    assert source.needs == {"class_id", "user_email"}


@pytest.mark.parametrize(
    ("columns", "word"),
    [
        ('{ studnet = "A", class_id = "B" }', "columns names studnet (did you mean student?)"),
        ('{ student = " ", class_id = "B" }', "columns gives student no column"),
        ('{ student = "A", user_email = "C", class_id = "B" }', "student and user_email, which"),
        ('{ student = "A", course = "C", class_id = "B" }', "names course and class_id, which"),
        ('{ student = "A" }', "columns gives no class_id, which a rule names"),
        ('{ class_id = "B", role = "C" }', "columns gives no user_email, which a rule names"),
        ('{ student = 3, class_id = "B" }', "columns.student is wrong"),
        ('["A", "B"]', 'columns is no table: write it like { student = "E-mail"'),
    ],
)
def test_columns_that_cannot_be_meant_are_told_with_their_remedy(columns, word):
    assert word in csv_fault(columns)


def test_columns_belong_to_a_plain_csv():
    assert 'write format = "csv"' in fault('columns = { student = "A", class_id = "B" }')


@pytest.mark.parametrize(
    ("rules", "columns"),
    [
        ('student = "{username}@x.example"', '{ username = "A", class_id = "B" }'),
        ('course_id = "d:{course_id}"', '{ student = "A", course_id = "B" }'),
        ('course_id = "d:{course_id}"', '{ student = "A", course_sis_id = "B" }'),
        ("", '{ username = "A", course = "B" }'),
    ],
)
def test_columns_need_only_give_what_the_rules_name(rules, columns):
    text = f'[sources.s]\nkind = "file"\nformat = "csv"\n{rules}\ncolumns = {columns}\n'

    assert parse_declared(text).sources["s"].columns


def test_ready_courses_are_taken_as_they_are_unless_a_rule_is_written():
    columns = {"student": "A", "course": "B"}

    assert Declaration(columns=columns).course_rule == "{class_id}"
    assert (
        Declaration(columns=columns, course_id="d:{class_id}-26").course_rule == "d:{class_id}-26"
    )


def test_a_secret_is_never_repeated():
    assert "whsec_abc" not in fault('verify = { scheme = "github", secrets = ["whsec_abc"] }')


def test_what_is_not_toml_is_told_with_its_line():
    assert "is not TOML" in faults("[sources")[0]
    assert "line 2" in faults("[a]\n= 3")[0]


@pytest.mark.parametrize("text", ["sources = 3", "school = 3", "sources = { a = 3 }"])
def test_what_is_not_a_table_is_told(text):
    assert "is not a table" in " ".join(faults(text))


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "latin.toml").write_bytes(b"\xff\xfe\xff")

    for name in ("latin.toml", "nowhere.toml"):
        with pytest.raises(DeclarationError, match=f"{name} cannot be read"):
            read_declared(tmp_path / name)


def test_a_file_is_read_from_disk(tmp_path):
    path = tmp_path / "sources.toml"
    path.write_text(WHOLE, encoding="utf-8")

    assert set(read_declared(path).sources) == {"infinite-campus", "script", "office"}


def test_lists_that_are_nested_too_deeply_are_a_fault_and_no_crash():
    for text in (
        "x = " + "[" * 5000 + "]" * 5000,
        "[school]\ndomains = " + "[" * 3000 + "]" * 3000,
    ):
        (fault,) = faults(text)
        assert "nested too deeply" in fault


def test_a_file_that_is_too_large_for_declarations_is_not_read(tmp_path):
    with (tmp_path / "sources.toml").open("wb") as file:
        file.truncate(2**40)

    with pytest.raises(DeclarationError, match="larger than 1 MiB"):
        read_declared(tmp_path / "sources.toml")
