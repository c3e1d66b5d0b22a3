"""Google's error bodies, in both of its shapes."""

import json

V1, V2 = "with errors[]", "without errors[]"
# The coarse reasons that stand in errors[] (GAM's table, and bodies seen on the wire).
REASONS = {
    "FAILED_PRECONDITION": "failedPrecondition",
    "INVALID_ARGUMENT": "badRequest",
    "UNAUTHENTICATED": "authError",
    "PERMISSION_DENIED": "forbidden",
    "NOT_FOUND": "notFound",
    "ALREADY_EXISTS": "alreadyExists",
    "ABORTED": "aborted",
    "RESOURCE_EXHAUSTED": "rateLimitExceeded",
    "INTERNAL": "backendError",
    "UNAVAILABLE": "backendError",
}


def error(http, status, message, *, shape=V2, reason=None, details=()):
    """The error object; a status of None is left out, as some bodies do."""
    said = {"code": http, "message": message}
    if shape == V1:
        reason = reason or REASONS.get(status, "backendError")
        said["errors"] = [{"message": message, "domain": "global", "reason": reason}]
    if status is not None:
        said["status"] = status
    if details:
        said["details"] = list(details)
    return {"error": said}


def body(*arguments, **named):
    """The bytes of such an error."""
    return json.dumps(error(*arguments, **named)).encode()


def error_info(reason):
    """A google.rpc.ErrorInfo."""
    kind = "type.googleapis.com/google.rpc.ErrorInfo"
    return {"@type": kind, "reason": reason, "domain": "googleapis.com", "metadata": {}}
