"""The school that every scenario begins with."""

ADMIN = "admin@northside.example"
STUDENTS = 1_000
FOREIGN = "guest@elsewhere.example"  # of a domain that is not the school's
TEACHER = "tom@northside.example"  # teaches d:bio


def a_school():
    """Courses with the aliases `d:math` and `d:bio`, and students s0, s1 and on."""
    return {
        "domains": ["northside.example"],
        "administrator": ADMIN,
        "accounts": [
            {"email": FOREIGN},
            {"email": TEACHER},
            *({"email": f"s{n}@northside.example"} for n in range(STUDENTS)),
        ],
        "courses": [
            {"aliases": ["d:math"], "owner": "tina@northside.example", "member_limit": 5_000},
            {"aliases": ["d:bio"], "owner": "tina@northside.example", "teachers": [TEACHER]},
        ],
    }
