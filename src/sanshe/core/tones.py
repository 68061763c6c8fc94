"""Which colour a status, band or kind has. One table, so that a word looks the same everywhere.

Red is kept for safety alone: what is refused or failed is grey or amber.
"""

TONES = {
    # colour words
    "primary": "primary",
    "success": "success",
    "info": "info",
    "warning": "warning",
    "danger": "danger",
    "secondary": "secondary",
    # bands of need
    "P0": "danger",
    "safety": "danger",
    "A": "primary",
    "B": "info",
    "C": "warning",
    "D": "secondary",
    # studies
    "planned": "secondary",
    "collecting": "info",
    "sorting": "info",
    "ranking": "info",
    "final": "primary",
    "submitted": "warning",
    "confirmed": "success",
    "archived": "secondary",
    # needs
    "new": "secondary",
    "classified": "info",
    "merged": "secondary",
    "verified": "primary",
    "referred": "info",
    "answered": "success",
    "deferred": "secondary",
    "told": "success",
    "closed": "secondary",
    # proposals
    "draft": "secondary",
    "internal": "info",
    "review": "warning",
    "returned": "warning",
    "party": "warning",
    "vote": "warning",
    "publicity": "info",
    "approved": "success",
    "rejected": "secondary",
    # matches and runs
    "suggested": "info",
    "accepted": "success",
    "refused": "secondary",
    "optimal": "success",
    "bounded": "info",
    # imports
    "preview": "warning",
    "done": "success",
    "undone": "secondary",
    # certificates and accounts
    "waiting": "warning",
    "withdrawn": "secondary",
    "valid": "success",
    "expiring": "warning",
    "expired": "secondary",
    "active": "success",
    "disabled": "secondary",
    "sample": "sample",
}


def tone_of(code: str) -> str:
    """The colour of a code; what is not in the table is quiet."""
    return TONES.get(str(code), "secondary")
