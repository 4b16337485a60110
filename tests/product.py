"""The product as its user starts and stops it, for tests that need the real thing."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings

START_SECONDS = 180.0
STOP_SECONDS = 60.0


class Product:
    """One start of the product on a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Choose a free port; nothing runs yet."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.folder = folder
        self.output = folder.parent / "output.txt"
        self.environment = {
            **os.environ,
            "SECRET_KEY": "only-for-this-test",
            "IBZPLAN_DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'ibzplan.sqlite3'}",
            "REDIS_URL": "",
        }
        self.process: subprocess.Popen[bytes] | None = None
        # What the browsers of those who signed in keep, by name.
        self.sessions: dict[str, Any] = {}

    def command(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a management command; what it says goes to the output file."""
        with self.output.open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "manage.py", *arguments],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def start(self, *options: str) -> str:
        """Start it with these options of `serve`; return what it says once it is up."""
        port = str(self.port)
        self.process = self.command("serve", "--port", port, "--stop-with-parent", *options)
        give_up_at = time.monotonic() + START_SECONDS
        while "Ctrl-C stops" not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < give_up_at, self.output.read_text()
            time.sleep(0.1)
        return self.output.read_text()

    def processes(self) -> list[int]:
        """Return every process that works on this data folder, by its environment."""
        mark = f"IBZPLAN_DATA_DIR={self.folder}".encode()
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark in path.read_bytes().split(b"\0"):
                    found.append(int(path.parent.name))
            except OSError:  # it ended, or is not ours to look at
                continue
        return found

    def wait_until_gone(self) -> bool:
        """Wait until no process is left; tell whether that happened."""
        give_up_at = time.monotonic() + STOP_SECONDS
        while self.processes() and time.monotonic() < give_up_at:
            time.sleep(0.1)
        return not self.processes()

    def stop(self, signum: signal.Signals) -> int:
        """Send a signal and return the exit status."""
        assert self.process is not None
        self.process.send_signal(signum)
        return self.process.wait(STOP_SECONDS)

    def close(self) -> None:
        """Leave nothing running, whatever happened in the test."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.wait_until_gone()
