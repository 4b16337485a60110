"""WSGI entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ibzplan.settings")
application = get_wsgi_application()

from ibzplan.core.steady import read_ahead  # noqa: E402 (needs the apps that the line above loads)

read_ahead()
