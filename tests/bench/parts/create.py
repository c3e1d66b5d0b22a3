"""One `students.create` with googleapiclient, whose resource object is kept."""

import os
import threading

from tests.bench.places import course, student

FIRST = 20_000  # the school's places from here on are this part's


def operation():
    """One call; each thread has a connection of its own, which httplib2 needs."""
    import httplib2
    from googleapiclient.discovery import build

    service = build(
        "classroom",
        "v1",
        http=httplib2.Http(timeout=15),
        static_discovery=True,
        cache_discovery=False,
        client_options={"api_endpoint": os.environ["CLASSROOM_API_ENDPOINT"]},
    )
    students, local = service.courses().students(), threading.local()

    def create(number):
        if not hasattr(local, "http"):
            local.http = httplib2.Http(timeout=15)
        place = FIRST + number
        students.create(
            courseId=course(place), body={"userId": student(place)}, fields="courseId,userId"
        ).execute(http=local.http)

    return create
