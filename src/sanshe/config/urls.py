"""Every address of the site, one line per app."""

from django.urls import include, path

urlpatterns = [
    path("", include("sanshe.desk.urls")),
    path("account/", include("allauth.urls")),
    path("account/", include("sanshe.accounts.urls")),
    path("places/", include("sanshe.places.urls")),
    path("taxonomy/", include("sanshe.taxonomy.urls")),
    path("organizations/", include("sanshe.organizations.urls")),
    path("workers/", include("sanshe.talent.urls")),
    path("needs/", include("sanshe.needs.urls")),
    path("matching/", include("sanshe.matching.urls")),
    path("proposals/", include("sanshe.projects.urls")),
]
