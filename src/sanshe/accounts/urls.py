from django.urls import path

from sanshe.accounts.views import reviews, users

app_name = "accounts"
urlpatterns = [
    path("settings/", users.settings, name="settings"),
    path("users/", users.user_list, name="users"),
    path("users/new/", users.user_create, name="user_create"),
    path("users/<int:pk>/", users.user_detail, name="user"),
    path("users/<int:pk>/disable/", users.user_disable, name="user_disable"),
    path("users/<int:pk>/enable/", users.user_enable, name="user_enable"),
    path("users/<int:pk>/reset-password/", users.user_reset_password, name="user_reset_password"),
    path("users/<int:pk>/reset-mfa/", users.user_reset_second_factor, name="user_reset_mfa"),
    path("users/<int:pk>/unlock/", users.user_unlock, name="user_unlock"),
    path("reviews/", reviews.review_list, name="reviews"),
    path("reviews/<int:pk>/confirm/", reviews.review_confirm, name="review_confirm"),
    path("reviews/<int:pk>/refuse/", reviews.review_refuse, name="review_refuse"),
]
