"""The Celery application: `celery -A ibzplan.celery worker`, and `beat` for the scheduler."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ibzplan.settings")
app = Celery("ibzplan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
