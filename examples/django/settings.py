"""A minimal project's settings. A project that you already have needs the first three."""

import os
from pathlib import Path

from agora_helpers import Credentials

AGORA = Credentials.from_env()  # Django starts with nothing else; the repr hides the certificate
CSRF_FAILURE_VIEW = "views.csrf_failure"  # JSON instead of a page
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = True  # browsers make an exception for localhost

SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
HERE = Path(__file__).parent
ALLOWED_HOSTS = os.environ.get("DJANGO_ALLOWED_HOSTS", "localhost,127.0.0.1").split(",")
ROOT_URLCONF = "urls"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [HERE / "templates"]}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": HERE / "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_REDIRECT_URL = "/"
