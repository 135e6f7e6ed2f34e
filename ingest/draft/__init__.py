"""Draft: a first format file for an export nobody has described yet, with what it is sure of and what to confirm.

The room's one door is `draft_format`. Reading files by a finished format does not live here.
"""

from ingest.draft.drafting import Draft, DraftError, draft_format

__all__ = ["Draft", "DraftError", "draft_format"]
