"""Settings, from the environment alone (design.md section 11).

Without DATABASE_URL and REDIS_URL the product runs embedded: SQLite in WAL mode and Celery over
kombu's filesystem broker. The same code runs on PostgreSQL and Redis when both are given.
"""

from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# Everything the product writes itself lives here: database, broker, reports, collected assets.
DATA_DIR = Path(env.str("IBZPLAN_DATA_DIR", default=str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="insecure-debug-key" if DEBUG else environ.Env.NOTSET)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BEHIND_HTTPS = env.bool("BEHIND_HTTPS", default=False)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "corsheaders",
    "django_filters",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "ibzplan.core",
    "personnel",
    "budget",
    "objectives.strategy",
    "objectives.indicators",
    "objectives.security",
    "objectives.planning",
    "objectives.allocation",
    "reporting",
]

MIDDLEWARE = [
    "ibzplan.core.middleware.TraceIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "ibzplan.core.api.in_debug.ProblemsInDebugMiddleware",
    "ibzplan.core.middleware.CompressionMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "ibzplan.core.steady.ReadingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ibzplan.core.middleware.ReadableAddressMiddleware",
]

ROOT_URLCONF = "ibzplan.urls"
WSGI_APPLICATION = "ibzplan.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "ibzplan" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ibzplan.core.context_processors.shell",
            ],
        },
    },
]


def database_settings(url: str) -> dict[str, Any]:
    """Return the settings of one database from its URL, with what each engine needs here.

    SQLite: WAL so that readers never wait for the writer, 20 s of patience, and IMMEDIATE
    transactions so that two writers queue at the start instead of failing in the middle.
    """
    database: dict[str, Any] = environ.Env.db_url_config(url)
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        database["CONN_MAX_AGE"] = 60
        database["CONN_HEALTH_CHECKS"] = True
    return database


def mail_settings(url: str) -> dict[str, Any]:
    """Return Django's mail settings from one URL; what it does not say keeps Django's default.

    smtp+tls://user:password@host:587, smtp://host:25, consolemail://, filemail:///a/folder
    """
    given: dict[str, Any] = environ.Env.email_url_config(url)
    return {name: value for name, value in given.items() if value is not None}


DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'ibzplan.sqlite3'}")
DATABASES = {"default": database_settings(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "personnel.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("fr", _("French")), ("en", _("English"))]
CONTENT_LANGUAGES = ("nl", "fr", "en", "de")
LOCALE_PATHS = [BASE_DIR / "ibzplan" / "locale"]
TIME_ZONE = "Europe/Brussels"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "ibzplan.formats"

# Where mails and calendars point to. Without EMAIL_URL mails are written to files.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
vars().update(mail_settings(env.str("EMAIL_URL", default=f"filemail:///{DATA_DIR / 'mail'}")))
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="ibzplan@localhost")
# Days before the due date, and after it, on which who must act is told; the day itself always.
REMINDER_DAYS_BEFORE = (7, 1)
REMINDER_DAYS_LATE = 3
ESCALATION_DAYS_LATE = 7
# A reminder that could not be made on its day is made later, but not longer than this.
REMINDER_CATCH_UP_DAYS = 14

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "ibzplan" / "static"]
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "ibzplan.core.storage.WholeFileStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's form controls draw their ticks as data images
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
if BEHIND_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "ibzplan.core.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["ibzplan.core.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "ibzplan.core.api.problems.problem_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    # How many proxies stand before the product: which address of X-Forwarded-For is the caller's.
    "NUM_PROXIES": env.int("PROXIES", default=1 if BEHIND_HTTPS else 0),
}
# How many requests a caller may send in how many seconds; 0: as many as it likes.
API_LIMITS = {
    "read": (env.int("API_READS_A_MINUTE", default=1200), 60),
    "write": (env.int("API_WRITES_A_MINUTE", default=120), 60),
    "bulk": (env.int("API_BULK_READS_AN_HOUR", default=240), 3600),
    "anonymous": (env.int("API_ANONYMOUS_A_MINUTE", default=60), 60),
}
LIMITS_DIR = DATA_DIR / "limits"
# A file holds a connection to the database while it is sent: for how long a reader may take
# nothing of it, and how long the whole may last.
API_FILE_IDLE_SECONDS = env.float("API_FILE_IDLE_SECONDS", default=120.0)
API_FILE_MOST_SECONDS = env.float("API_FILE_MOST_SECONDS", default=3600.0)

# Pages of other sites whose scripts may call the API, with a token: none unless they are named.
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/(api|doc)/.*$"
CORS_ALLOW_CREDENTIALS = False
CORS_ALLOW_METHODS = ("GET", "HEAD", "POST", "PATCH", "OPTIONS")
CORS_ALLOW_HEADERS = (
    "accept",
    "accept-language",
    "authorization",
    "belgov-trace-id",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
)
CORS_EXPOSE_HEADERS = (
    "BelGov-Trace-Id",
    "Content-Disposition",
    "Content-Language",
    "Deprecation",
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "RateLimit-Limit",
    "RateLimit-Policy",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Retry-After",
    "Sunset",
)

REDIS_URL = env.str("REDIS_URL", default="")
BROKER_DIR = DATA_DIR / "broker"
# Above the longest task: Redis gives a task back, and so runs it twice, when it is not
# acknowledged by then.
VISIBILITY_TIMEOUT_SECONDS = 3600
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
    }
else:
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
# More than all of a credit or staffing line, or the same money twice: refuse, or warn of it.
ALLOCATION_OVER = env.str("ALLOCATION_OVER", default="refuse")
# A job whose worker gave no sign for so long counts as lost, and is given to another one.
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=60)
# The embedded start says so of its worker, which has a process group of its own.
WORKER_ENDS_WITH_PARENT = env.bool("WORKER_ENDS_WITH_PARENT", default=False)
CELERY_TASK_IGNORE_RESULT = True  # the Job row is the result
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    # Early in the morning, in Brussels; the later runs of the day do only what the first could not.
    "send-reminders": {
        "task": "reporting.send_reminders",
        "schedule": crontab(minute="30", hour="6-18"),
        "options": {"expires": 1800},
    },
    "tell-of-ending-keys": {
        "task": "personnel.tell_of_ending_keys",
        "schedule": crontab(minute="20", hour="6-18"),
        "options": {"expires": 1800},
    },
    # Before the day's mail; the later runs of the day do only what the first could not.
    "tell-followers": {
        "task": "reporting.tell_followers",
        "schedule": crontab(minute="10", hour="6-18"),
        "options": {"expires": 1800},
    },
    # Daily; the later runs ask only for what the first could not, as when the product stood still.
    "make-due-reports": {
        "task": "reporting.make_due_reports",
        "schedule": crontab(minute="50", hour="5-18"),
        "options": {"expires": 1800},
    },
    "fail-lost-reports": {
        "task": "reporting.fail_lost_reports",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "sweep-report-files": {
        "task": "reporting.sweep_report_files",
        "schedule": 86_400.0,
        "options": {"expires": 3600},
    },
    "expire-drafts": {
        "task": "core.expire_drafts",
        "schedule": 86_400.0,
        "options": {"expires": 3600},
    },
    "expire-idempotent-requests": {
        "task": "core.expire_idempotent_requests",
        "schedule": 86_400.0,
        "options": {"expires": 3600},
    },
    "requeue-lost-jobs": {
        "task": "core.requeue_lost_jobs",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"trace": {"()": "ibzplan.core.middleware.TraceIdFilter"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(trace_id)s] %(message)s"}
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["trace"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
