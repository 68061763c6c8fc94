"""Addresses of places."""

from django.urls import path

from sanshe.places import views

app_name = "places"
urlpatterns = [
    path("", views.division_list, name="list"),
    path("<str:code>/", views.division_detail, name="detail"),
    path("<str:code>/residents/", views.residents_edit, name="residents"),
]
