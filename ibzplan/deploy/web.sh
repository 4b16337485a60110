#!/bin/sh
# The web server of a production start: brings database and static files up to date first.
set -eu
python manage.py migrate --no-input
python manage.py collectstatic --no-input --clear --verbosity 0
python manage.py load_plans
exec gunicorn ibzplan.wsgi:application --bind 0.0.0.0:8000 \
    --workers "${WEB_WORKERS:-3}" --threads "${WEB_THREADS:-4}" \
    --graceful-timeout 20 --timeout 120 --worker-tmp-dir /dev/shm \
    --access-logfile - --no-control-socket
