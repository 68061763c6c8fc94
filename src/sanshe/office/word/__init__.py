"""A proposal as an office file: Word by a replaceable template, and an Excel workbook."""

from sanshe.office.word.rendering import proposal_bytes, render_proposal
from sanshe.office.word.template import write_template
from sanshe.office.word.workbook import proposal_workbook, workbook_bytes

__all__ = [
    "proposal_bytes",
    "proposal_workbook",
    "render_proposal",
    "workbook_bytes",
    "write_template",
]
