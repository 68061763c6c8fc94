"""Same need, same place: texts into groups. See docs/engine/merge.md."""

from sanshe.engine.merge.grouping import merge
from sanshe.engine.merge.lessons import Lesson
from sanshe.engine.merge.scorer import Scorer

__all__ = ["Lesson", "Scorer", "merge"]
