from django.urls import path

from sanshe.matching.views import imports, offers, runs

app_name = "matching"
urlpatterns = [
    path("offers/", offers.offer_list, name="offers"),
    path("offers/new/", offers.offer_create, name="offer_create"),
    path("offers/import/", imports.offer_import, name="offer_import"),
    path("offers/imports/<int:pk>/", imports.detail, name="offer_import_detail"),
    path("offers/imports/<int:pk>/confirm/", imports.confirm, name="offer_import_confirm"),
    path("offers/imports/<int:pk>/undo/", imports.undo, name="offer_import_undo"),
    path("offers/imports/<int:pk>/errors.xlsx", imports.errors, name="offer_import_errors"),
    path("offers/<int:pk>/", offers.offer_detail, name="offer"),
    path("offers/<int:pk>/edit/", offers.offer_edit, name="offer_edit"),
    path("studies/<int:study_pk>/runs/", runs.run_list, name="runs"),
    path("studies/<int:study_pk>/runs/new/", runs.run_create, name="run_create"),
    path("runs/<int:pk>/", runs.run_detail, name="run"),
    path("runs/<int:pk>/export/", runs.run_export, name="run_export"),
    path("matches/<int:pk>/decide/", runs.match_decide, name="match_decide"),
]
