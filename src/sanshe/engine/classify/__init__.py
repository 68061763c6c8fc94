"""Which need a sentence speaks of. See docs/engine/classify.md."""

from sanshe.engine.classify.model import NONE, Model, Verdict
from sanshe.engine.classify.store import BadModel

__all__ = ["NONE", "BadModel", "Model", "Verdict"]
