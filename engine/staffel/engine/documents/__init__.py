"""The content of documents: what kind of file it is, and where it lies. What it is about stands in the database."""

from staffel.engine.documents.bucket import AddressError, Bucket
from staffel.engine.documents.content import TYPES, Content, ContentRefused, inspect
from staffel.engine.documents.storage import ContentUnavailable, Folder, Storage, StorageUnavailable

__all__ = [
    "TYPES",
    "AddressError",
    "Bucket",
    "Content",
    "ContentRefused",
    "ContentUnavailable",
    "Folder",
    "Storage",
    "StorageUnavailable",
    "inspect",
]
