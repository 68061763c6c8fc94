from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out


class AccountsConfig(AppConfig):
    name = "sanshe.accounts"

    def ready(self) -> None:
        # Needs the user's model, which is loaded only now.
        from sanshe.accounts.signals import log_sign_in, log_sign_out, mark_session

        user_logged_in.connect(log_sign_in, dispatch_uid="log-sign-in")
        user_logged_in.connect(mark_session, dispatch_uid="mark-session")
        user_logged_out.connect(log_sign_out, dispatch_uid="log-sign-out")
