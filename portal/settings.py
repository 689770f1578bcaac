"""Settings, by environment only: `.env.example` explains each."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from portal import languages
from portal.embedded import var_dir

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = var_dir()
env = environ.Env()

SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
HTTPS = env.bool("HTTPS", True)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
# Full origins, scheme and port included: who may open the socket and post forms.
ORIGINS = env.list("ORIGINS", default=["http://127.0.0.1:8000", "http://localhost:8000"])
CSRF_TRUSTED_ORIGINS = ORIGINS
PUBLIC_ORIGIN = ORIGINS[0]  # links in e-mails, feeds and to search engines
SECURITY_CONTACT = env.list("SECURITY_CONTACT", default=[])  # of /.well-known/security.txt
LANGUAGE_CODES = env.list("LANGUAGES", default=["ar", "en", "fr"])
_NETWORK = {
    "en": "Global Public Diplomacy Network",
    "ar": "الشبكة الدبلوماسية الدولية العامة",
    "fr": "Réseau mondial de diplomatie publique",
}
NETWORK_NAME: dict[str, str] = {  # which network this deployment serves
    code: name
    for code in LANGUAGE_CODES
    if (name := env.str(f"NETWORK_NAME_{code.upper().replace('-', '_')}", _NETWORK.get(code, "")))
}

# Signs transcripts and the nightly heads: 32 bytes in hex or base64, or the path of a file of them.
SIGNING_KEY = env.str("SIGNING_KEY", "")
TRANSLATION_URL = env.str("TRANSLATION_URL", "")  # of a LibreTranslate-compatible service; "": none
TRANSLATION_KEY = env.str("TRANSLATION_KEY", "")
TRANSLATION_NAME = env.str("TRANSLATION_NAME", "LibreTranslate")  # as its label names it
SIGNING_KEY_SINCE = env.str("SIGNING_KEY_SINCE", "")  # the day from which it is used
OLD_SIGNING_KEYS = env.list("OLD_SIGNING_KEYS", default=[])  # PUBLIC/FROM/TO, still published
NETWORK_TIME_ZONE = env.str("NETWORK_TIME_ZONE", "UTC")  # beside UTC, in transcripts

INSTALLED_APPS = [
    "daphne",
    "portal",
    "programmes",
    "assembly",
    "messaging",
    "members",
    "records",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "channels",
    "procrastinate.contrib.django",
    "django_countries",
    "lucide",
    "django.contrib.admin.apps.SimpleAdminConfig",  # what others register is not shown
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.middleware.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "portal.middleware.PersonMiddleware",
    "portal.middleware.LanguageMiddleware",
    "portal.middleware.SecondFactorMiddleware",
]
ROOT_URLCONF = "portal.urls"
ASGI_APPLICATION = "portal.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.portal",
            ],
            "builtins": [
                "portal.templatetags.icons",
                "portal.templatetags.portal",
                "portal.templatetags.components",
                "portal.templatetags.reading",
                "members.templatetags.members_words",
            ],
            "libraries": {"i18n": "portal.templatetags.translating"},  # Django's, and numbers
        },
    }
]

SILENCED_SYSTEM_CHECKS = ["templates.W003"]  # that `i18n` is taken from Django is meant

# --- Data -----------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {"default": env.db("DATABASE_URL")}
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", 16), "timeout": 10},
}
DATABASES["default"]["CONN_MAX_AGE"] = 0  # the pool keeps the connections
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL")
CACHES = {"default": {"BACKEND": "portal.cache.TolerantRedisCache", "LOCATION": REDIS_URL}}
# Channels' own layer is not used: the hub speaks to Valkey itself (docs/realtime.md).
MEDIA_ROOT = VAR_DIR / "files"
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
MAX_FILE_SIZE = 10 * 1024 * 1024  # bytes, one stored file
MAX_BODY_SIZE = MAX_FILE_SIZE + 512 * 1024  # bytes, any request; held by `portal.serve`
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024

# --- Rooms ------------------------------------------------------------------------------------
MESSAGE_BURST = env.int("MESSAGE_BURST", 40)  # messages that one person may send at once
MESSAGES_PER_SECOND = env.float("MESSAGES_PER_SECOND", 5.0)  # and how fast they may go on
# Signs web pushes: 32 bytes in hex or base64, or the path of a file of them. Empty: no pushes.
VAPID_KEY = env.str("VAPID_KEY", "")
# The hosts that pushes are handed to; ".x" is all that is under x.
PUSH_SERVICES = env.list(
    "PUSH_SERVICES",
    default=[
        "fcm.googleapis.com",
        "jmt17.google.com",
        ".push.services.mozilla.com",
        ".push.apple.com",
        ".notify.windows.com",
    ],
)

MESSAGE_FILES = 10  # files of one message
MESSAGE_FILES_SIZE = env.int("MESSAGE_FILES_SIZE", 50 * 1024 * 1024)  # bytes, all of one message
ROOM_FILES_SIZE = env.int("ROOM_FILES_SIZE", 5 * 1024**3)  # bytes, all of a room
FILES_PER_HOUR = env.int("FILES_PER_HOUR", 120)  # that one person may attach

# --- People and sign-in ---------------------------------------------------------------------
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "members.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True  # one address; the new one counts once it is proved
ACCOUNT_EMAIL_NOTIFICATIONS = True  # "your password was changed"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Wrong passwords, and wrong codes, from one address of origin. `members/guessing.py` counts them:
# allauth's own count would be wiped by whoever gives a right code of their own. Argon2, twelve
# characters and the second factor guard the account.
GUESSES_A_MINUTE, GUESSES_AN_HOUR = 10, 60
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": None}
MFA_ADAPTER = "members.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "members.forms.codes.SignInWithCodeForm",
    "reauthenticate": "members.forms.codes.ConfirmWithCodeForm",
    "add_webauthn": "members.forms.second_factor.AddPasskeyForm",
    "edit_webauthn": "members.forms.second_factor.EditPasskeyForm",
    "login_webauthn": "members.forms.second_factor.SignInWithPasskeyForm",
    "authenticate_webauthn": "members.forms.second_factor.ProvePasskeyForm",
    "reauthenticate_webauthn": "members.forms.second_factor.ConfirmWithPasskeyForm",
}
# allauth else forbids an address to be changed where there is a second factor, and the other way
# round. It fears whoever registers with an address of another's; here nobody registers unasked.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Majlis"
# Of heads of delegation and the secretariat. The accounts of a demonstration are everybody's.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", not DEMO)
SOCIALACCOUNT_ADAPTER = "members.identity.SocialAccountAdapter"  # institutions' own sign-in
USERSESSIONS_TRACK_ACTIVITY = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
INVITATION_DAYS = 14

# --- Languages ------------------------------------------------------------------------------
# A language more is its code here and a catalogue under LOCALE_DIR (docs/languages.md).
LANGUAGES = languages.spoken(LANGUAGE_CODES)
LANGUAGES_BIDI = [code for code in LANGUAGE_CODES if languages.is_right_to_left(code)]
LANGUAGE_CODE = "en" if "en" in LANGUAGE_CODES else LANGUAGE_CODES[0]
LOCALE_DIR = Path(env.str("LOCALE_DIR", "") or VAR_DIR / "locale")
FORMAT_MODULE_PATH = ["portal.formats"]
LOCALE_PATHS = [LOCALE_DIR, BASE_DIR / "portal" / "locale"]  # the first wins
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- Files that everyone may see --------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [VAR_DIR / "build"]  # made by `manage.py prepare`: fonts, icons, map, styles
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.storage.StaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = True

# --- E-mail -----------------------------------------------------------------------------------
EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL:
    vars().update(env.email("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", "Majlis <no-reply@majlis.example>")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "")  # on the contact page; empty: the form alone

# --- The browser ------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF, *[o.replace("http", "ws", 1) for o in ORIGINS]],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
if HTTPS:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "portal.logs.DiscreetFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "daphne.server": {"level": "WARNING"},
        # Warns of an app in the main module, and takes `django.setup()` in one for that.
        "procrastinate.blueprints": {"level": "ERROR"},
        "procrastinate.periodic": {"level": "WARNING"},  # greets every process
    },
}
