"""Import official tables: ``recognise`` finds the objects of a document, ``write`` makes files of one, the rest tells of both."""

from perfdsl.importers.door import Imported, Written, findings, recognise, write
from perfdsl.importers.lexicon import LAYOUTS
from perfdsl.importers.record import counted, record_json, record_text

__all__ = ["LAYOUTS", "Imported", "Written", "counted", "findings", "recognise", "record_json", "record_text", "write"]
