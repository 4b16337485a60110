"""`manage.py serve`: the whole product on this machine, until Ctrl-C or TERM."""

import signal
from argparse import ArgumentParser
from datetime import date
from io import StringIO
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ibzplan.core import embedded, supervisor
from ibzplan.core.supervised_process import signal_when_parent_dies

UP_WITHIN_SECONDS: Final = 120.0
DEMO_SEED: Final = 1
# The demo plays in 2026: around today while that year runs, else on its last day.
DEMO_FIRST_DAY: Final = date(2026, 10, 14)
DEMO_LAST_DAY: Final = date(2026, 12, 31)


class Command(BaseCommand):
    """Set up what is missing, then run web server, worker and scheduler."""

    help = "Set up the database, then run web server, worker and scheduler until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-demo", action="store_true", help="never make fictional plans")
        parser.add_argument(
            "--stop-with-parent",
            action="store_true",
            help="stop when the process that started this one ends (make run does)",
        )

    def handle(self, *_args: str, **options: Any) -> None:
        """Run; a message for the user instead of a traceback where the user can do something."""
        host, port = options["host"], options["port"]
        if options["stop_with_parent"]:
            signal_when_parent_dies(signal.SIGTERM)
        try:
            with supervisor.data_folder_lock(settings.DATA_DIR) as lock:
                supervisor.require_free_port(host, port)
                self._set_up(with_demo=not options["no_demo"])
                self._run(host, port, lock)
        except (
            supervisor.AlreadyRunning,
            supervisor.PortTaken,
            supervisor.DidNotStart,
        ) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("Stopped before the start was complete.")

    def _tell(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _set_up(self, *, with_demo: bool) -> None:
        self._tell("Preparing the database and the static files ...")
        call_command("migrate", interactive=False, verbosity=0)
        embedded.collect_static()
        if not settings.REDIS_URL:
            embedded.prepare_broker_folders(settings.BROKER_DIR)
            embedded.declare_queue()
        self._load_plans()
        if with_demo:
            self._make_demo_once()

    def _load_plans(self) -> None:
        """Load the plans; show the report unless it has neither changes nor kept edits."""
        report = StringIO()
        call_command("load_plans", stdout=report, stderr=self.stderr)
        text = report.getvalue().strip()
        if "\n\n" in text or not text.endswith("Nothing changed."):
            self._tell(text)

    def _make_demo_once(self) -> None:
        """Make the fictional plans at the first start on the embedded database only.

        The stamp keeps a demo that the user took out from coming back.
        """
        stamp = settings.DATA_DIR / "demo-made"
        is_embedded = settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
        plans = apps.get_model("planning", "OperationalPlan")._default_manager
        if not is_embedded or stamp.exists() or plans.exists():
            return
        self._tell("Making fictional plans and demo users (once) ...")
        today = min(max(timezone.localdate(), DEMO_FIRST_DAY), DEMO_LAST_DAY)
        call_command(
            "demo_data", seed=DEMO_SEED, today=today, stdout=self.stdout, stderr=self.stderr
        )
        stamp.touch()

    def _run(self, host: str, port: int, lock: int) -> None:
        shown = f"[{host}]" if ":" in host else host
        supervisor.Supervisor(
            embedded.child_specs(host=host, port=port),
            log_folder=settings.DATA_DIR / "log",
            tell=self._tell,
            pass_fds=[lock],
        ).run(
            is_up=lambda: embedded.answers(host=host, port=port),
            when_up=lambda: self._welcome(f"http://{shown}:{port}/"),
            up_within_seconds=UP_WITHIN_SECONDS,
        )
        self._tell("Stopped.")

    def _welcome(self, address: str) -> None:
        logins = settings.DATA_DIR / "demo-logins.txt"
        self._tell(f"\nibzplan runs at {address}")
        if logins.is_file():
            self._tell(f"\n{logins.read_text(encoding='utf-8').rstrip()}")
        self._tell(f"\nLogs: {settings.DATA_DIR / 'log'}. Ctrl-C stops.")
