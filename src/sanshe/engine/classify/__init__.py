"""Which need a sentence speaks of. See docs/engine/classify.md."""

from sanshe.engine.classify.lessons import CORRECTION_WEIGHT, NONE, Leaf, Row
from sanshe.engine.classify.model import Model, Verdict
from sanshe.engine.classify.parallel import classify_many
from sanshe.engine.classify.store import BadModel, pack, unpack

__all__ = [
    "CORRECTION_WEIGHT",
    "NONE",
    "BadModel",
    "Leaf",
    "Model",
    "Row",
    "Verdict",
    "classify_many",
    "pack",
    "unpack",
]
