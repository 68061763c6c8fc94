from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "sanshe.places"
