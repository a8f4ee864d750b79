"""The content of documents: what kind of file it is, and where it lies. What it is about stands in the database."""

from staffel.engine.documents.content import TYPES, Content, ContentRefused, inspect
from staffel.engine.documents.storage import ContentUnavailable, Folder, Storage, open_storage

__all__ = [
    "TYPES",
    "Content",
    "ContentRefused",
    "ContentUnavailable",
    "Folder",
    "Storage",
    "inspect",
    "open_storage",
]
