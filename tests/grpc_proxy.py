"""A proxy between a client and an emulator: it counts calls, and loses replies when told to.

    with Proxy(emulators.firestore, swallow_every=10) as proxy:
        ...  # a client of proxy.address
        assert proxy.calls["Commit"] == 2

As a process of its own it prints its port, and on SIGTERM what it counted, as JSON:

    python -m tests.grpc_proxy --target 127.0.0.1:8080 --swallow-every 10
"""

import argparse
import json
import signal
import threading
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor

import grpc

THREADS = 64
ANY_LENGTH = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
NOT_PASSED_ON = ("grpc-", "user-agent", ":")  # gRPC writes these itself
FOR_EVER = 365 * 86_400.0  # seconds; a call without a deadline has one in the far future
EFFECT_SECONDS = 30.0  # for a call whose effect is to be known, whether its client waits or not


class Listener:
    """Hears the calls of some methods, and may answer with a status in the place of the truth.

    A client that has gone meanwhile changes nothing: what was to be heard is heard to its end.
    """

    methods = frozenset()

    def before(self, name, body):
        """A call with this message is not passed on yet; a status keeps it from being so."""

    def after(self, name, body, replies):
        """A call has taken effect, and its client does not know yet; a status hides it."""


class Proxy(grpc.GenericRpcHandler):
    """Passes every call on, byte by byte. Methods are known by their last name, such as Commit.

    `calls` counts what clients sent, tries included; `seconds` holds the time that each client gave
    its call. Of every so many calls of `method`, `swallow_every` loses one reply: the call takes
    effect, and the client hears UNAVAILABLE. A listener sees what is said, and decides by that.
    """

    def __init__(self, target, *, swallow_every=0, method="Commit", listener=None):
        self.calls, self.seconds, self.swallowed = Counter(), defaultdict(list), 0
        self._every, self._method = swallow_every, method
        self._listener = listener or Listener()
        self._next = defaultdict(list)
        self._lock = threading.Lock()
        self._channel = grpc.insecure_channel(target, options=ANY_LENGTH)
        self._threads = ThreadPoolExecutor(THREADS)
        self._server = grpc.server(self._threads, handlers=[self], options=ANY_LENGTH)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"

    def __enter__(self):
        self._server.start()
        return self

    def __exit__(self, *_):
        self._server.stop(0).wait()
        self._threads.shutdown()
        self._channel.close()

    def swallow_next(self, method="Commit", number=1):
        """Lose the replies of the next calls of a method, which take effect."""
        self._next[method] += [None] * number

    def refuse_next(self, *codes, method="Commit"):
        """Answer the next calls of a method with these statuses; none of them takes effect."""
        self._next[method] += codes

    def service(self, details):
        """Every method is passed on as a stream of bytes, which a single message is as well."""
        path = details.method
        headers = [
            (name, value)
            for name, value in details.invocation_metadata
            if not name.startswith(NOT_PASSED_ON)
        ]
        return grpc.stream_stream_rpc_method_handler(
            lambda requests, context: self._pass_on(path, headers, requests, context)
        )

    def _pass_on(self, path, headers, requests, context):
        name = path.rpartition("/")[2]
        lose, refusal = self._count(name, context.time_remaining())
        if refusal is not None:
            context.abort(refusal, "refused by the proxy")
        if name in self._listener.methods:
            yield from self._heard(path, headers, next(requests), context)
            return
        seconds = context.time_remaining()
        limit = seconds if seconds is not None and seconds < FOR_EVER else None
        call = self._channel.stream_stream(path)(requests, metadata=headers, timeout=limit)
        context.add_callback(call.cancel)
        try:
            if not lose:
                yield from call
                return
            list(call)
        except grpc.RpcError as error:
            context.abort(error.code(), error.details())
        with self._lock:
            self.swallowed += 1
        context.abort(grpc.StatusCode.UNAVAILABLE, "the reply was lost")

    def _heard(self, path, headers, body, context):
        name = path.rpartition("/")[2]
        if status := self._listener.before(name, body):
            context.abort(status, "refused by the proxy")
        call = self._channel.stream_stream(path)
        try:
            replies = list(call(iter([body]), metadata=headers, timeout=EFFECT_SECONDS))
        except grpc.RpcError as error:
            context.abort(error.code(), error.details())
        if status := self._listener.after(name, body, replies):
            context.abort(status, "the reply was lost")
        yield from replies

    def _count(self, name, seconds):
        with self._lock:
            self.calls[name] += 1
            self.seconds[name].append(seconds)
            if self._next[name]:
                code = self._next[name].pop(0)
                return code is None, code
            turn = self._every and name == self._method and self.calls[name] % self._every == 0
            return bool(turn), None


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.grpc_proxy")
    parser.add_argument("--target", required=True, help="host:port of the emulator")
    parser.add_argument("--swallow-every", type=int, default=0, help="lose each so-manieth reply")
    parser.add_argument("--method", default="Commit", help="of this method")
    said = parser.parse_args()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with Proxy(said.target, swallow_every=said.swallow_every, method=said.method) as proxy:
        print(proxy.address.rpartition(":")[2], flush=True)
        ended.wait()
        print(json.dumps({"calls": proxy.calls, "swallowed": proxy.swallowed}), flush=True)


if __name__ == "__main__":
    main()
