"""The operations of the OpenAPI document, each with a body that fits its schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One operation. `parameters` are those of the path."""

    id: str
    method: str
    path: str
    parameters: tuple[str, ...]
    query: Json
    body: Json | None
    is_public: bool
    is_upload: bool

    def url(self, **values: str) -> str:
        """The path with its parameters filled in."""
        return self.path.format(**values)

    def __str__(self) -> str:
        return self.id


def operations_of(document: Json) -> list[Operation]:
    """Every operation of the document."""
    return [
        _operation(document, path, method, each)
        for path, methods in document["paths"].items()
        for method, each in methods.items()
        if method in METHODS
    ]


def _operation(document: Json, path: str, method: str, each: Json) -> Operation:
    parameters = each.get("parameters", [])
    content = each.get("requestBody", {}).get("content", {})
    json = content.get("application/json", {}).get("schema")
    return Operation(
        id=each["operationId"],
        method=method,
        path=path,
        parameters=tuple(one["name"] for one in parameters if one["in"] == "path"),
        query={
            one["name"]: sample(document, one["schema"])
            for one in parameters
            if one["in"] == "query" and one.get("required")
        },
        body=sample(document, json) if json else None,
        is_public=each["security"] == [],
        is_upload="multipart/form-data" in content,
    )


def sample(document: Json, schema: Json) -> Any:
    """A value that fits the schema."""
    if "$ref" in schema:
        return sample(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if schema.get("examples"):
        return schema["examples"][0]
    if "anyOf" in schema:
        return sample(document, schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            named = schema.get("properties", {})
            found = {name: sample(document, named[name]) for name in schema.get("required", ())}
            return found or ({"x": 1} if schema.get("minProperties") else {})
        case "array":
            return [sample(document, schema["items"])] * schema.get("minItems", 0)
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return False
        case _:
            return _text(schema)


def _text(schema: Json) -> str:
    known = {
        "uuid": "0198c5a0-0000-7000-8000-000000000000",
        "date": "2026-11-01",
        "date-time": "2026-11-01T08:00:00Z",
        "duration": "PT5M",
    }
    return known.get(schema.get("format", ""), "x" * max(schema.get("minLength", 1), 1))
