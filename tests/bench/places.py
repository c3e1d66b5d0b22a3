"""The fake school's places, by number: 500 students, each of them in every course."""

CLASS = 500  # students in a course: half of what Classroom takes
FULL = "d:full"


def course(number):
    return f"d:course-{number // CLASS}"


def student(number):
    return f"student-{number % CLASS:04}@northside.example"
