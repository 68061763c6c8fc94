"""The state charts of `docs/flows.md`, from the tables of moves: `python -m sanshe.cli.flows`."""

import importlib
import sys
from pathlib import Path

from sanshe.cli.site import open_site

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "flows.md"
#: Heading → module, table, states, verbs.
FLOWS = {
    "需求调研 Study": ("needs", "STUDY_FLOW", "StudyStatus", "StudyMove"),
    "导入 Import": ("needs", "IMPORT_FLOW", "ImportStatus", "ImportMove"),
    "需求 Need": ("needs", "NEED_FLOW", "NeedStatus", "NeedMove"),
    "项目方案 Proposal": ("projects", "PROPOSAL_FLOW", "ProposalStatus", "ProposalMove"),
}
_HEAD = """# Flows

Made by `python -m sanshe.cli.flows` from the tables beside the models; do not edit.
"""


def page() -> str:
    """The whole page as it should be. Django must have been set up."""
    parts = [_HEAD]
    for heading, (app, table, states, verbs) in FLOWS.items():
        models = importlib.import_module(f"sanshe.{app}.models")
        labels = {str(value): str(label) for value, label in getattr(models, states).choices}
        moves = {str(value): str(label) for value, label in getattr(models, verbs).choices}
        chart = getattr(models, table).mermaid(labels, moves)
        parts.append(f"## {heading}\n\n```mermaid\n{chart}\n```\n")
    return "\n".join(parts)


def main() -> int:
    open_site()
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
