from sanshe.needs.models.imports import (
    IMPORT_FLOW,
    LIVE_IMPORTS,
    ColumnMemory,
    Import,
    ImportMove,
    ImportStatus,
)
from sanshe.needs.models.learning import Labelling, LearningRun, ModelVersion, Suggestion
from sanshe.needs.models.need import (
    NEED_FLOW,
    OPEN_NEEDS,
    PUBLIC_NEEDS,
    Band,
    Need,
    NeedMove,
    NeedStatus,
    WeightSet,
)
from sanshe.needs.models.statement import Informant, Interview, Method, Statement
from sanshe.needs.models.study import STUDY_FLOW, Quota, Study, StudyMove, StudyStatus

__all__ = [
    "IMPORT_FLOW",
    "LIVE_IMPORTS",
    "NEED_FLOW",
    "OPEN_NEEDS",
    "PUBLIC_NEEDS",
    "STUDY_FLOW",
    "Band",
    "ColumnMemory",
    "Import",
    "ImportMove",
    "ImportStatus",
    "Informant",
    "Interview",
    "Labelling",
    "LearningRun",
    "Method",
    "ModelVersion",
    "Need",
    "NeedMove",
    "NeedStatus",
    "Quota",
    "Statement",
    "Study",
    "StudyMove",
    "StudyStatus",
    "Suggestion",
    "WeightSet",
]
