"""The messages of Terraform's plugin protocol 5 that are exchanged about a schema.

Names and numbers are those of the public protocol; what is not listed is skipped when it comes.
"""

from typing import Any

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto

Field = FieldDescriptorProto
PACKAGE = "tfplugin5"
TYPES = {"text": Field.TYPE_STRING, "bytes": Field.TYPE_BYTES, "int": Field.TYPE_INT64,
         "bool": Field.TYPE_BOOL}  # fmt: skip
# By number, from 1; `*` is repeated. A map is on the wire what a list of keys and values is.
MESSAGES = {
    "Nothing": "",
    "DynamicValue": "bytes:msgpack bytes:json",
    "Diagnostic": "int:severity text:summary text:detail",
    "Attribute": "text:name bytes:type text:description bool:required bool:optional bool:computed",
    "NestedBlock": "text:type_name Block:block int:nesting int:min_items int:max_items",
    "Block": "int:version *Attribute:attributes *NestedBlock:block_types",
    "Schema": "int:version Block:block",
    "Entry": "text:key Schema:value",
    "Schemas": "Schema:provider *Entry:resources *Entry:data_sources",
    "ProviderConfig": "DynamicValue:config",
    "Prepared": "DynamicValue:config",
    "Typed": "text:type_name DynamicValue:config",
    "Diagnostics": "*Diagnostic:diagnostics",
}


def _described() -> FileDescriptorProto:
    file = FileDescriptorProto(name="tfplugin5.proto", package=PACKAGE, syntax="proto3")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for number, field in enumerate(fields.split(), 1):
            kind, _, said = field.removeprefix("*").partition(":")
            label = Field.LABEL_REPEATED if field.startswith("*") else Field.LABEL_OPTIONAL
            added = message.field.add(name=said, number=number, label=label)
            if kind in TYPES:
                added.type = TYPES[kind]
            else:
                added.type, added.type_name = Field.TYPE_MESSAGE, f".{PACKAGE}.{kind}"
    return file


_pool = descriptor_pool.DescriptorPool()
_pool.Add(_described())
MESSAGE: dict[str, Any] = {
    name: message_factory.GetMessageClass(_pool.FindMessageTypeByName(f"{PACKAGE}.{name}"))
    for name in MESSAGES
}
