"""A function that does nothing."""


def noop(request):
    return "enrolled", 200
