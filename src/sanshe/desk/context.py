"""What every page's template knows beside its own things."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from sanshe.desk.navigation import bottom_nav_for, nav_for
from sanshe.organizations.models import Role
from sanshe.organizations.scope import NOBODY, Scope


def page(request: HttpRequest) -> dict[str, Any]:
    """The navigation of the person who asks, and the addresses of the frame."""
    frame: dict[str, Any] = {
        "home_url": reverse("desk:home"),
        "language_url": reverse("set_language"),
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return frame
    scope: Scope = getattr(request, "scope", NOBODY)
    nav = nav_for(request, scope)
    return frame | {
        "nav": nav,
        "bottom_nav": bottom_nav_for(request, nav),
        "role_names": [role.label for role in Role if role in scope.roles],
        "settings_url": reverse("accounts:settings"),
        "sign_out_url": reverse("account_logout"),
    }
