from sanshe.needs.models.imports import ColumnMemory, Import, ImportStatus
from sanshe.needs.models.learning import Labelling, ModelVersion, Suggestion
from sanshe.needs.models.need import Band, Need, NeedMove, NeedStatus, NEED_FLOW, WeightSet
from sanshe.needs.models.statement import Informant, Interview, Method, Statement
from sanshe.needs.models.study import STUDY_FLOW, Quota, Study, StudyMove, StudyStatus

__all__ = [
    "NEED_FLOW",
    "STUDY_FLOW",
    "Band",
    "ColumnMemory",
    "Import",
    "ImportStatus",
    "Informant",
    "Interview",
    "Labelling",
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
