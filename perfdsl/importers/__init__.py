"""Import a document: ``read_document`` recognises the tables of indicators in it."""

from perfdsl.importers.door import Imported, read_document

__all__ = ["Imported", "read_document"]
