"""Prints a page about everything in the contract, made of the comments of its .proto files: proto_reference.py DESCRIPTORS

DESCRIPTORS is what protoc writes with --descriptor_set_out and --include_source_info.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from google.protobuf.descriptor_pb2 import DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet

PACKAGE = ".stratalens.v1."
# Numbers of the fields in descriptor.proto, of which the paths to comments are made.
FILE_MESSAGE, FILE_ENUM, FILE_SERVICE = 4, 5, 6
MESSAGE_FIELD, MESSAGE_NESTED, MESSAGE_ENUM, MESSAGE_ONEOF = 2, 3, 4, 8
ENUM_VALUE, SERVICE_METHOD = 2, 2
Path = tuple[int, ...]


def escaped(text: str) -> str:
    """Plain text as Markdown; what stands between backticks stays, and so do the stars of a list."""
    parts = re.split(r"(`[^`]+`)", text)
    for i in range(0, len(parts), 2):
        part = parts[i].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        parts[i] = re.sub(r"(?<!^)(?<!\n)\*", r"\\*", part).replace("[", r"\[")
    return "".join(parts)


class Comments:
    """The comments of a file, by the paths of what they are about."""

    def __init__(self, file: FileDescriptorProto) -> None:
        self._places = {tuple(place.path): place for place in file.source_code_info.location}

    def of(self, path: Path) -> str:
        """Paragraphs and lists."""
        place = self._places.get(path)
        return self._text(place.leading_comments or place.trailing_comments) if place else ""

    def before(self, path: Path) -> str:
        """What a blank line parts from the comment of the first thing in a file."""
        place = self._places.get(path)
        return "\n\n".join(map(self._text, place.leading_detached_comments)) if place else ""

    def line(self, path: Path) -> str:
        """As one cell of a table."""
        return " ".join(self.of(path).split()).replace("|", "&#124;")

    @staticmethod
    def _text(comment: str) -> str:
        text = "\n".join(line.removeprefix(" ").rstrip() for line in comment.strip("\n").splitlines())
        # A list begins a paragraph, and its lines are continued with four spaces.
        text = re.sub(r"(?<=\S)\n(?=\* )", "\n\n", text, count=1)
        return escaped(re.sub(r"^  (?=\S)", "    ", text, flags=re.MULTILINE))


def linked(name: str) -> str:
    """The name of a message or enum, as a link if it is of the contract."""
    short = name.removeprefix(PACKAGE)
    return f"[{short}](#{short.lower().replace('.', '')})" if name.startswith(PACKAGE) else f"`{name.removeprefix('.')}`"


def type_of(field: FieldDescriptorProto, message: DescriptorProto) -> str:
    nested = {f".{each.name}": each for each in message.nested_type if each.options.map_entry}
    entry = next((each for end, each in nested.items() if field.type_name.endswith(end)), None)
    if entry:
        return f"map of {type_of(entry.field[0], entry)} to {type_of(entry.field[1], entry)}"
    kind = FieldDescriptorProto.Type.Name(field.type).removeprefix("TYPE_").lower()
    name = linked(field.type_name) if field.type_name else f"`{kind}`"
    if field.label == FieldDescriptorProto.LABEL_REPEATED:
        return f"repeated {name}"
    return f"optional {name}" if field.proto3_optional else name


def enum(each: EnumDescriptorProto, name: str, comments: Comments, path: Path) -> Iterator[str]:
    yield f"### {name}\n\n{comments.of(path)}\n"
    yield "| value | number | |\n|---|---|---|"
    for i, value in enumerate(each.value):
        yield f"| `{value.name}` | {value.number} | {comments.line((*path, ENUM_VALUE, i))} |"
    yield ""


def message(each: DescriptorProto, name: str, comments: Comments, path: Path) -> Iterator[str]:
    yield f"### {name}\n\n{comments.of(path)}\n"
    if each.field:
        yield "| field | type | number | |\n|---|---|---|---|"
    for i, field in enumerate(each.field):
        about = comments.line((*path, MESSAGE_FIELD, i))
        if field.HasField("oneof_index") and not field.proto3_optional:
            about = f"*One of `{each.oneof_decl[field.oneof_index].name}`.* {about}"
        yield f"| `{field.name}` | {type_of(field, each)} | {field.number} | {about} |"
    yield ""
    for i, oneof in enumerate(each.oneof_decl):
        about = comments.of((*path, MESSAGE_ONEOF, i))
        if about and not oneof.name.startswith("_"):
            yield f"`{oneof.name}`: {about}\n"
    for i, inner in enumerate(each.nested_type):
        if not inner.options.map_entry:
            yield from message(inner, f"{name}.{inner.name}", comments, (*path, MESSAGE_NESTED, i))
    for i, inner in enumerate(each.enum_type):
        yield from enum(inner, f"{name}.{inner.name}", comments, (*path, MESSAGE_ENUM, i))


def services(file: FileDescriptorProto, comments: Comments) -> Iterator[str]:
    for i, service in enumerate(file.service):
        yield f"### {service.name}\n\n{comments.of((FILE_SERVICE, i))}\n"
        for j, method in enumerate(service.method):
            given, answer = linked(method.input_type), linked(method.output_type)
            given = f"a stream of {given}" if method.client_streaming else given
            answer = f"a stream of {answer}" if method.server_streaming else answer
            yield f"#### {service.name}.{method.name}\n\nTakes {given}, and returns {answer}.\n"
            yield comments.of((FILE_SERVICE, i, SERVICE_METHOD, j)) + "\n"


def page(files: list[FileDescriptorProto]) -> Iterator[str]:
    yield "# Reference of the contract\n"
    yield "Everything in `stratalens.v1`, from the comments of its files. [Other languages](other-languages.md) shows how to read a stream.\n"
    # What can be called comes first.
    for file in sorted(files, key=lambda each: (not each.service, each.name)):
        comments = Comments(file)
        yield f"## {file.name.rsplit('/', 1)[1]}\n"
        if not file.service:
            yield comments.before((FILE_MESSAGE, 0)) + "\n"
        yield from services(file, comments)
        for i, each in enumerate(file.message_type):
            yield from message(each, each.name, comments, (FILE_MESSAGE, i))
        for i, each in enumerate(file.enum_type):
            yield from enum(each, each.name, comments, (FILE_ENUM, i))


def main(descriptors: str) -> None:
    with open(descriptors, "rb") as file:
        found = FileDescriptorSet.FromString(file.read()).file
    print("\n".join(page([each for each in found if each.package == "stratalens.v1"])))


main(sys.argv[1])
