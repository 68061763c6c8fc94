"""The request as this app's views see it; roles are made a floor above."""

from django.http import HttpRequest

from sanshe.places.rules import Reach


class PlaceRequest(HttpRequest):
    """A request whose person is signed in (`@login_required`)."""

    scope: Reach
