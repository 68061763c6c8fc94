"""Addresses of the tree of needs."""

from django.urls import path

from sanshe.taxonomy import views

app_name = "taxonomy"
urlpatterns = [
    path("", views.type_list, name="list"),
    path("<str:code>/", views.type_detail, name="detail"),
    path("<str:code>/edit/", views.type_edit, name="edit"),
]
