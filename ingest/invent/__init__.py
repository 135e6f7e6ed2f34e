"""Invent: a demo trust that does not exist, sent in through the same format files real exports are read by.

`invent_trust` makes a whole home; `write_export` writes any records in any format, the inverse of reading.
"""

from ingest.invent.entry import Entry, MistypedCell, NotWritable, Pupil, RepeatedRow, Style
from ingest.invent.export import write_export
from ingest.invent.trust import DEMO_AS_OF, FULL_DEMO_AS_OF, FULL_DEMO_SCHOOLS, invent_trust

__all__ = [
    "DEMO_AS_OF",
    "FULL_DEMO_AS_OF",
    "FULL_DEMO_SCHOOLS",
    "Entry",
    "MistypedCell",
    "NotWritable",
    "Pupil",
    "RepeatedRow",
    "Style",
    "invent_trust",
    "write_export",
]
