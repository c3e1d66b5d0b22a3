"""Small rosters of the formats that are not OneRoster's or Canvas's, each given by its rows."""

from enrollment.sources.declared import Declaration, Format

Files = dict[str, str | bytes]

AT_NORTHSIDE = Declaration(student="{username}@northside.example")
DECLARED = Declaration(
    format=Format.CSV,
    columns={"student": "School e-mail", "class_id": "Class", "role": "Part", "end": "Until"},
)


def sds(
    *,
    enrollments: str = "S1,u1",
    sections: str = "S1,M7,C1,T1,2026-08-24,2027-06-11,Active",
    students: str = "u1,Ada,Lovelace,ALovelace,secret-of-ada,Active",
    teachers: str = "t1,TStone",
    taught: str = "S1,t1",
    uk: bool = False,
) -> Files:
    """The files of School Data Sync v1, in American headers or in British ones."""
    sis = "" if uk else "SIS "
    return {
        "School.csv": f"{'DfE Number' if uk else 'SIS ID'},Name\r\n1,Northside\r\n",
        "StudentEnrollment.csv": f"Section {sis}ID,{sis}ID\r\n{enrollments}\r\n",
        "Section.csv": f"{sis}ID,Section Number,Course SIS ID,Term SIS ID,Term StartDate,"
        f"Term EndDate,Status\r\n{sections}\r\n",
        "Student.csv": f"{sis}ID,First Name,Last Name,Username,Password,Status\r\n{students}\r\n",
        "Teacher.csv": f"{sis}ID,Username\r\n{teachers}\r\n",
        "TeacherRoster.csv": f"Section {sis}ID,{sis}ID\r\n{taught}\r\n",
    }


def clever(
    *,
    enrollments: str = "1,S1,u1",
    sections: str = "1,S1,t1,,Q1,8/24/26,6/15/27,201",
    students: str = "1,u1,Lovelace,ada@northside.example,alovelace",
    teachers: str = "1,t1,stone@northside.example",
) -> Files:
    """The files of Clever's upload; three of them with bare carriage returns, as it writes them."""
    return {
        "enrollments.csv": f"School_id,Section_id,Student_id\n{enrollments}\n",
        "sections.csv": "School_id,Section_id,Teacher_id,Teacher_2_id,Term_name,Term_start,Term_end"
        f",Course_number\r{sections}\r",
        "students.csv": f"School_id,Student_id,Last_name,Student_email,Username\r{students}\r",
        "teachers.csv": f"School_id,Teacher_id,Teacher_email\r{teachers}\r",
    }


def plain(
    rows: str = "ada@northside.example,MATH-7", header: str = "Student e-mail,Class"
) -> Files:
    """One csv, of whatever name."""
    return {"list of the office.csv": f"{header}\n{rows}\n"}


def declared_plain(rows: str = "MATH-7,ada@northside.example,student,2027-06-11") -> Files:
    """One csv whose columns only `DECLARED` can tell."""
    return plain(rows, "Class,School e-mail,Part,Until")
