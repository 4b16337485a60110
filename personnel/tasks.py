"""Celery tasks of personnel."""

from celery import shared_task
from django.utils import timezone

from personnel.services.api_keys import ending_keys_tell


@shared_task(name="personnel.tell_of_ending_keys")
def tell_of_ending_keys() -> int:
    """Tell the owners of keys that end soon; return how many keys."""
    return ending_keys_tell(now=timezone.now())
