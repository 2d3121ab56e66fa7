"""Import official tables: ``recognise`` finds the objects of a document, ``write`` makes files of one, ``record`` tells of both."""

from perfdsl.importers.door import Imported, Record, Written, recognise, record, write
from perfdsl.importers.lexicon import LAYOUTS

__all__ = ["LAYOUTS", "Imported", "Record", "Written", "recognise", "record", "write"]
