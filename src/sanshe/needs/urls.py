"""Addresses of the needs app."""

from django.urls import path

from sanshe.needs.views import board, entry, imports, inbox, model, needs, studies, weights

app_name = "needs"
urlpatterns = [
    # studies
    path("", studies.study_list, name="studies"),
    path("new/", studies.study_create, name="study_create"),
    path("<int:pk>/", studies.study_detail, name="study"),
    path("<int:pk>/edit/", studies.study_edit, name="study_edit"),
    path("<int:pk>/move/<slug:verb>/", studies.study_move, name="study_move"),
    path("<int:pk>/statements/", studies.statement_list, name="statements"),
    path("<int:pk>/statements.xlsx", studies.statement_export, name="statements_export"),
    # workbooks
    path("<int:study_pk>/import/", imports.import_create, name="import_create"),
    path("imports/<int:pk>/", imports.import_detail, name="import"),
    path("imports/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<int:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<int:pk>/errors.xlsx", imports.import_errors, name="import_errors"),
    # interviews, written down on the phone
    path("<int:study_pk>/entry/", entry.quick_entry, name="quick_entry"),
    path("suggest/", entry.suggest, name="suggest"),
    path("interviews/<int:pk>/", entry.interview, name="interview"),
    path("interviews/<int:pk>/edit/", entry.interview_edit, name="interview_edit"),
    path("interviews/<int:pk>/add/", entry.statement_add, name="statement_add"),
    path("statements/<int:pk>/delete/", entry.statement_delete, name="statement_delete"),
    path("statements/<int:pk>/original/", entry.statement_original, name="statement_original"),
    # sorting what was said
    path("<int:study_pk>/inbox/", inbox.inbox, name="inbox"),
    path("<int:study_pk>/inbox/accept/", inbox.sure_accept, name="sure_accept"),
    path("<int:study_pk>/classify/", inbox.classify, name="classify"),
    path("statements/<int:pk>/label/", inbox.label, name="label"),
    path("statements/<int:pk>/safety/", inbox.safety, name="statement_safety"),
    path("labellings/<int:pk>/undo/", inbox.label_undo, name="label_undo"),
    # needs
    path("<int:study_pk>/board/", board.board, name="board"),
    path("<int:study_pk>/board.xlsx", board.board_export, name="board_export"),
    path("<int:study_pk>/propose/", board.needs_propose, name="needs_propose"),
    path("<int:study_pk>/merge/", board.merge_choose, name="merge_choose"),
    path("need/<int:pk>/", needs.need_detail, name="need"),
    path("need/<int:pk>/edit/", needs.need_edit, name="need_edit"),
    path("need/<int:pk>/move/<slug:verb>/", needs.need_move, name="need_move"),
    path("need/<int:pk>/merge/", needs.need_merge, name="need_merge"),
    path("need/<int:pk>/split/", needs.need_split, name="need_split"),
    path("need/<int:pk>/rename/", needs.need_rename, name="need_rename"),
    path("need/<int:pk>/lock/", needs.need_lock, name="need_lock"),
    path("need/<int:pk>/lift/", needs.need_lift, name="need_lift"),
    # how needs are ranked, and what the classifier has learned
    path("weights/", weights.weights, name="weights"),
    path("<int:study_pk>/weights/", weights.study_weights, name="study_weights"),
    path("model/", model.model, name="model"),
    path("model/learn/", model.model_learn, name="model_learn"),
    path("model/<int:pk>/use/", model.model_use, name="model_use"),
]
