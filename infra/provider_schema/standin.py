"""A stand-in for Google's provider: it knows the schema, and can neither plan nor apply.

It is enough for `terraform validate`, and for `terraform test` with mock_provider:

    python -m infra.provider_schema.standin -chdir=terraform init -backend=false
    python -m infra.provider_schema.standin -chdir=terraform test
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import msgpack

from infra.provider_schema import ADDRESS, committed_schema
from infra.provider_schema.protocol import MESSAGE, PACKAGE

NESTING = {"single": 1, "list": 2, "set": 3}
ERROR = 1
NO_LIMIT = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]

Answer = Callable[[Any], Any]


@contextmanager
def standing_in() -> Iterator[dict[str, str]]:
    """Serve the committed schema on loopback; yields the environment that terraform needs."""
    schema = committed_schema()["provider_schemas"][ADDRESS]
    with ThreadPoolExecutor(4) as threads:
        server = grpc.server(threads, options=NO_LIMIT)
        server.add_generic_rpc_handlers([_service(schema)])
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        try:
            yield {**_without_configuration(), "TF_REATTACH_PROVIDERS": json.dumps(_address(port))}
        finally:
            server.stop(grace=None).wait()


def _without_configuration() -> dict[str, str]:
    """The environment less what would lead terraform elsewhere: a mirror, or a check for news."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    return own | {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}


def _address(port: int) -> dict[str, Any]:
    where = {"Network": "tcp", "String": f"127.0.0.1:{port}"}
    served = {"Protocol": "grpc", "ProtocolVersion": 5, "Pid": os.getpid(), "Test": True}
    return {ADDRESS: served | {"Addr": where}}


def _service(schema: dict[str, Any]) -> grpc.GenericRpcHandler:
    resources, data_sources = schema["resource_schemas"], schema["data_source_schemas"]
    nothing = MESSAGE["Nothing"]()
    methods: dict[str, tuple[str, Answer]] = {
        "GetSchema": ("Nothing", lambda _: _schemas(schema)),
        "GetResourceIdentitySchemas": ("Nothing", lambda _: nothing),
        "GetFunctions": ("Nothing", lambda _: nothing),
        "PrepareProviderConfig": (
            "ProviderConfig",
            lambda asked: MESSAGE["Prepared"](config=asked.config),
        ),
        "Configure": ("Nothing", lambda _: nothing),
        "ValidateResourceTypeConfig": ("Typed", lambda asked: _validate(resources, asked)),
        "ValidateDataSourceConfig": ("Typed", lambda asked: _validate(data_sources, asked)),
        "Stop": ("Nothing", lambda _: nothing),
    }
    handlers = {name: _handler(asked, answer) for name, (asked, answer) in methods.items()}
    return grpc.method_handlers_generic_handler(f"{PACKAGE}.Provider", handlers)


def _handler(asked: str, answer: Answer) -> grpc.RpcMethodHandler:
    return grpc.unary_unary_rpc_method_handler(
        lambda message, _: answer(message),
        request_deserializer=MESSAGE[asked].FromString,
        response_serializer=lambda message: message.SerializeToString(),
    )


def _schemas(schema: dict[str, Any]) -> Any:
    def entries(of: str) -> list[Any]:
        return [MESSAGE["Entry"](key=key, value=_schema(said)) for key, said in schema[of].items()]

    return MESSAGE["Schemas"](
        provider=_schema(schema["provider"]),
        resources=entries("resource_schemas"),
        data_sources=entries("data_source_schemas"),
    )


def _schema(said: dict[str, Any]) -> Any:
    return MESSAGE["Schema"](version=said["version"], block=_block(said["block"]))


def _block(said: dict[str, Any]) -> Any:
    block = MESSAGE["Block"]()
    for name, each in said["attributes"].items():
        flags = {flag: True for flag in ("required", "optional", "computed") if each.get(flag)}
        block.attributes.add(name=name, type=json.dumps(each["type"]).encode(), **flags)
    for name, each in said["block_types"].items():
        block.block_types.add(
            type_name=name,
            block=_block(each["block"]),
            nesting=NESTING[each["nesting_mode"]],
            min_items=each.get("min_items", 0),
            max_items=each.get("max_items", 0),
        )
    return block


def _validate(schemas: dict[str, Any], asked: Any) -> Any:
    """What the schema cannot say: a value that is none of the possible ones."""
    found = MESSAGE["Diagnostics"]()
    block = schemas[asked.type_name]["block"]
    # What is known after the apply comes as an extension, and is left alone.
    said = msgpack.unpackb(asked.config.msgpack, strict_map_key=False)
    for where, value, possible in _impossible(block, said, ""):
        found.diagnostics.add(
            severity=ERROR,
            summary=f"{asked.type_name}: impossible {where}",
            detail=f"{value!r} is none of {', '.join(possible)}.",
        )
    return found


def _impossible(
    block: dict[str, Any], said: Any, path: str
) -> Iterator[tuple[str, str, list[str]]]:
    if not isinstance(said, dict):  # a block that is not there, or not known yet
        return
    for name, each in block["attributes"].items():
        possible, value = each.get("possible_values"), said.get(name)
        if possible and isinstance(value, str) and value not in possible:
            yield path + name, value, possible
    for name, each in block["block_types"].items():
        inside = said.get(name)
        for one in inside if isinstance(inside, list) else [inside]:
            yield from _impossible(each["block"], one, f"{path}{name}.")


def main(arguments: list[str]) -> int:
    """Run terraform against the stand-in; its status."""
    with standing_in() as environment:
        return subprocess.run(["terraform", *arguments], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
