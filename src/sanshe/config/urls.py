"""Every address of the site, one line per app."""

from django.urls import include, path
from django.views.i18n import set_language

from sanshe.desk.views.service import healthz, robots

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("robots.txt", robots, name="robots"),
    path("language/", set_language, name="set_language"),
    path("", include("sanshe.desk.urls")),
    path("account/", include("sanshe.accounts.signin_urls")),
    path("account/", include("sanshe.accounts.urls")),
    path("places/", include("sanshe.places.urls")),
    path("taxonomy/", include("sanshe.taxonomy.urls")),
    path("organizations/", include("sanshe.organizations.urls")),
    path("workers/", include("sanshe.talent.urls")),
    path("needs/", include("sanshe.needs.urls")),
    path("matching/", include("sanshe.matching.urls")),
    path("proposals/", include("sanshe.projects.urls")),
]
handler429 = "sanshe.desk.views.service.too_many"
