"""Addresses of social workers."""

from django.urls import path

from sanshe.talent import views

app_name = "talent"
urlpatterns = [
    path("", views.worker_list, name="list"),
    path("create/", views.worker_create, name="create"),
    path("<int:pk>/", views.worker_detail, name="detail"),
    path("<int:pk>/edit/", views.worker_edit, name="edit"),
    path("<int:pk>/certificates/", views.certificate_add, name="certificate_add"),
    path("certificates/<int:pk>/remove/", views.certificate_remove, name="certificate_remove"),
    path("eligibility/<int:pk>/", views.eligibility, name="eligibility"),
]
