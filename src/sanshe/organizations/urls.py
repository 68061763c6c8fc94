"""Addresses of organisations and roles."""

from django.urls import path

from sanshe.organizations.views import members, register

app_name = "organizations"
urlpatterns = [
    path("", register.organization_list, name="list"),
    path("create/", register.organization_create, name="create"),
    path("members/", members.members, name="members"),
    path("members/<int:pk>/end/", members.member_end, name="member_end"),
    path("role-reviews/<int:pk>/", members.role_review_done, name="role_review_done"),
    path("<int:pk>/", register.organization_detail, name="detail"),
    path("<int:pk>/edit/", register.organization_edit, name="edit"),
    path("<int:pk>/members/", members.members, name="members"),
]
