"""One process of the embedded start: its output, its log, its signals."""

import ctypes
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, Final

LOG_FILE_BYTES: Final = 5_000_000

_PR_SET_PDEATHSIG: Final = 1
# Loaded here, because between fork and exec nothing may be loaded any more.
_LIBC: Final = ctypes.CDLL(None) if sys.platform == "linux" else None

_NEW_RECORD: Final = re.compile(r"^\[?(\d{4}-\d\d-\d\d|\d\d/[A-Z][a-z]{2}/\d{4})")
_ERROR: Final = re.compile(r"\b(ERROR|CRITICAL)\b|^(Traceback|Error|Usage)\b")

Tell = Callable[[str], None]


def signal_when_parent_dies(signum: signal.Signals) -> None:
    """Ask the kernel to send us `signum` when our parent ends, however it ends (Linux only)."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(signum), 0, 0, 0)


@dataclass(frozen=True)
class ChildSpec:
    """One process to keep running.

    `stop_signals`: each is sent in turn when the one before had no effect within its seconds;
    after the last one the process group is killed. When the supervisor is killed, it gets TERM.
    """

    name: str
    argv: Sequence[str]
    stop_signals: Sequence[tuple[signal.Signals, float]] = ((signal.SIGTERM, 10.0),)
    environment: Mapping[str, str] = field(default_factory=dict)


class Child:
    """A running process, its output and its misfortunes."""

    def __init__(self, spec: ChildSpec, log_folder: Path, tell: Tell) -> None:
        """Open its log; nothing runs yet."""
        self.spec = spec
        self.tell = tell
        self.log_path = log_folder / f"{spec.name}.log"
        self._log = RotatingFileHandler(
            self.log_path, maxBytes=LOG_FILE_BYTES, backupCount=2, encoding="utf-8"
        )
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths = 0
        self.started_at = 0.0
        self.restart_at = 0.0
        self._rest = b""
        self._in_error = False
        self._latest: list[str] = []

    def start(self, pass_fds: Sequence[int]) -> IO[bytes]:
        """Start it in a process group of its own; return its output, non-blocking."""
        supervisor = os.getpid()

        def bind_to_supervisor() -> None:
            signal_when_parent_dies(signal.SIGTERM)
            if os.getppid() != supervisor:  # it was killed before the line above
                os._exit(1)

        self.process = subprocess.Popen(  # noqa: S603 (our own commands)
            self.spec.argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=pass_fds,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.spec.environment},
            preexec_fn=bind_to_supervisor,  # safe: the supervisor has one thread
        )
        self.started_at = time.monotonic()
        self._rest, self._in_error = b"", False
        output = self.process.stdout
        assert output is not None  # noqa: S101 (for the type checker: stdout is a pipe)
        os.set_blocking(output.fileno(), False)
        return output

    @property
    def is_alive(self) -> bool:
        """Tell whether its main process runs."""
        return self.process is not None and self.process.poll() is None

    def take(self, chunk: bytes) -> None:
        """Put what it printed in its log, and errors on the console."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for raw in lines:
            self._line(raw.decode("utf-8", "replace").rstrip())

    def close_output(self) -> None:
        """Take the last, unfinished line and close the pipe."""
        if self._rest:
            self.take(b"\n")
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()

    def _line(self, line: str) -> None:
        self._log.emit(logging.makeLogRecord({"msg": line}))
        self._latest = [*self._latest[-9:], line]
        # A traceback has no date of its own: it goes where the record before it went.
        if _NEW_RECORD.match(line) or _ERROR.match(line):
            self._in_error = bool(_ERROR.search(line))
        if self._in_error:
            self.tell(f"[{self.spec.name}] {line}")

    def latest_lines(self) -> str:
        """Return the last lines that it printed, for a message about its end."""
        return "\n".join(f"    {line}" for line in self._latest)

    def send(self, signum: signal.Signals) -> None:
        """Send a signal to its main process."""
        if self.process is not None and self.is_alive:
            self.process.send_signal(signum)

    def kill_group(self) -> None:
        """Kill whatever is left of it and of the processes that it started."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
