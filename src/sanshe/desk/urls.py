"""Addresses of the desk."""

from django.urls import path

from sanshe.desk.views import home, logs, thread

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("threads/<int:pk>/", thread.thread, name="thread"),
    path("audit/changes/", logs.changes, name="changes"),
    path("audit/changes/export/", logs.changes_export, name="changes_export"),
    path("audit/accesses/", logs.accesses, name="accesses"),
    path("audit/accesses/export/", logs.accesses_export, name="accesses_export"),
]
