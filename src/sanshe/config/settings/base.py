"""What every installation shares."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from sanshe.config import env

# What this program writes is for its own account alone.
os.umask(0o077)

HOME = env.home()
PACKAGE = Path(__file__).resolve().parents[2]

DEBUG = False
SECRET_KEY = env.secret("SANSHE_SECRET_KEY")
# Encrypts the words of residents that were masked; lose it and they are lost.
FIELD_KEY = env.secret("SANSHE_FIELD_KEY")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    # Before allauth: their templates replace its own.
    "sanshe.core",
    "sanshe.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
    "sanshe.places",
    "sanshe.taxonomy",
    "sanshe.organizations",
    "sanshe.talent",
    "sanshe.needs",
    "sanshe.matching",
    "sanshe.projects",
    "sanshe.desk",
]

MIDDLEWARE = [
    "sanshe.core.middleware.BodyLimitMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    # Before anybody asks the database who this is.
    "sanshe.core.middleware.NulMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "sanshe.organizations.middleware.ScopeMiddleware",
    "sanshe.accounts.middleware.AccountMiddleware",
    "sanshe.core.middleware.MaskingMiddleware",
    "sanshe.core.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "sanshe.config.urls"
WSGI_APPLICATION = "sanshe.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sanshe.desk.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "sanshe.core.templatetags.ui",
            ],
        },
    }
]

_database = env.database()
DATABASES = {
    "default": {
        "ENGINE": _database.engine,
        "NAME": _database.name,
        "USER": _database.user,
        "PASSWORD": _database.password,
        "HOST": _database.host,
        "PORT": _database.port,
        "ATOMIC_REQUESTS": False,
    }
}
if _database.engine.endswith("sqlite3"):
    # select_for_update does nothing on SQLite: an immediate transaction takes the write lock
    # before it reads, so that two people cannot both pass the same check.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        # Sign-in attempts are counted here, so every process must see the same counts.
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "sanshe.accounts.validators.ThreeKindsOfCharacters"},
    {"NAME": "sanshe.accounts.validators.NotUsedLately"},
]
# After so many days a password is asked to be changed at the next sign-in; 0 for never.
PASSWORD_DAYS = env.count("SANSHE_PASSWORD_DAYS", default=0)

# So long another administrator may confirm what is to be done to one of them (双人复核), and so
# long the one who asked may carry it out.
DUAL_REVIEW_DAYS = 7

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "sanshe.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "sanshe.accounts.forms.SignInForm",
    "change_password": "sanshe.accounts.forms.OwnPasswordForm",
    "reauthenticate": "sanshe.accounts.forms.AgainForm",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
# Five wrong passwords for one name: a quarter of an hour of rest.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/900s/key",
    "lock_out_line": "1/900s/key",
    "reauthenticate": "10/m/user",
    "change_password": "10/m/user",
}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_ADAPTER = "sanshe.accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "sanshe.accounts.forms.SecondFactorForm",
    "reauthenticate": "sanshe.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "sanshe.accounts.forms.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "三社 Sanshe"

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
# Pages carry the token themselves; no script has to read the cookie.
CSRF_COOKIE_HTTPONLY = True
SESSION_IDLE_MINUTES = 30
SESSION_IDLE_MINUTES_ADMIN = 15

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [
    PACKAGE / "static",
    ("vendor", HOME / "vendor"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
UPLOAD_MAX_BYTES = 30 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
# How many proxies of our own stand before the site; only their word on addresses is taken.
TRUSTED_PROXIES = 0
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
