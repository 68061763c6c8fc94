"""Labelled texts → a classifier. See docs/engine/learn.md."""

from sanshe.engine.classify.model import Row
from sanshe.engine.learn.train import Leaf, learn

__all__ = ["Leaf", "Row", "learn"]
