"""Labelled texts → a classifier. See docs/engine/learn.md.

Loads scikit-learn: ask `sanshe.engine.apart` where that is too heavy.
"""

from sanshe.engine.learn.train import learn

__all__ = ["learn"]
