"""Runs the processes of the embedded start, and stops them without leaving one behind.

One thread: a selector over what the children print, with signals counted by their handlers. Three
nets catch a process that would outlive the product: a stop waits for each child and then kills
its process group; the kernel signals the children when the supervisor itself is killed, and a
worker that goes on all the same kills itself (`orphans`); and the lock on the data folder is held
by every child, so a next start waits until all of them are gone.
"""

import fcntl
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final

from ibzplan.core.supervised_process import Child, ChildSpec, Tell

TICK_SECONDS: Final = 0.2
ASK_EVERY_SECONDS: Final = 0.25
FIRST_BACK_OFF_SECONDS: Final = 0.5
LONGEST_BACK_OFF_SECONDS: Final = 30.0
HEALTHY_AFTER_SECONDS: Final = 60.0
DEATHS_BEFORE_GIVING_UP: Final = 3
LOCK_WAIT_SECONDS: Final = 20.0
# A TERM to a whole process group reaches us twice: from its sender and through make. Only a
# second Ctrl-C, by someone who has had time to read, means "now".
IMPATIENT_AFTER_SECONDS: Final = 1.0


class AlreadyRunning(Exception):
    """Another instance holds the data folder; the message is for the user."""


class PortTaken(Exception):
    """Another program listens there; the message is for the user."""


class DidNotStart(Exception):
    """The processes died or did not answer in time; the message is for the user."""


def require_free_port(host: str, port: int) -> None:
    """Raise PortTaken when nothing can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise PortTaken(
                f"Cannot listen on {host} port {port}: {getattr(error, 'strerror', error)}. "
                f"Choose another one, for example: make run PORT={port % 65535 + 1}"
            ) from error


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


@contextmanager
def data_folder_lock(folder: Path, wait_seconds: float = LOCK_WAIT_SECONDS) -> Iterator[int]:
    """Hold the data folder for one instance; yields the descriptor to hand to the children.

    When the former supervisor was killed, its children may still be ending: waits for them.
    Raises AlreadyRunning when another instance is alive, or when they do not end in time.
    """
    descriptor = os.open(folder / "serve.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        give_up_at = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                holder = os.pread(descriptor, 20, 0).decode().strip()
                if holder.isdigit() and not _is_alive(int(holder)):
                    if time.monotonic() < give_up_at:
                        time.sleep(TICK_SECONDS)
                        continue
                    raise AlreadyRunning(
                        f"Processes of an earlier start still use {folder}."
                    ) from None
                raise AlreadyRunning(
                    f"Already running on {folder} (process {holder or 'unknown'}). "
                    "Stop that one first, or choose another folder with IBZPLAN_DATA_DIR."
                ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


class Supervisor:
    """Starts the children, restarts one that dies, stops them all."""

    def __init__(
        self,
        specs: Sequence[ChildSpec],
        *,
        log_folder: Path,
        tell: Tell,
        pass_fds: Sequence[int] = (),
    ) -> None:
        """Prepare; nothing runs yet. `tell` shows one text to the user."""
        log_folder.mkdir(parents=True, exist_ok=True)
        self._tell = tell
        self._pass_fds = pass_fds
        self._children = [Child(spec, log_folder, self.tell) for spec in specs]
        self._selector = selectors.DefaultSelector()
        self._asked_to_stop_at: float | None = None
        self._is_urgent = False

    def tell(self, text: str) -> None:
        """Show a text; a console that is gone must not keep us from stopping the children."""
        with suppress(OSError, ValueError):
            self._tell(text)

    def ask_to_stop(self, signum: int = signal.SIGTERM, _frame: FrameType | None = None) -> None:
        """Signal handler: stop; a second Ctrl-C stops at once."""
        now = time.monotonic()
        if self._asked_to_stop_at is None:
            self._asked_to_stop_at = now
        elif signum == signal.SIGINT and now - self._asked_to_stop_at > IMPATIENT_AFTER_SECONDS:
            self._is_urgent = True

    def run(
        self,
        *,
        is_up: Callable[[], bool],
        when_up: Callable[[], None],
        up_within_seconds: float,
    ) -> None:
        """Keep the children running until a signal asks to stop, then stop them.

        `is_up` is asked until it is true, then `when_up` is called once. Raises DidNotStart.
        """
        with self._signals():
            try:
                for child in self._children:
                    self._start(child)
                self._until_up(is_up, up_within_seconds)
                if self._asked_to_stop_at is None:
                    when_up()
                while self._asked_to_stop_at is None:
                    self._tick()
                    self._restart_the_dead()
            finally:
                self._stop()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        caught = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup asked to ignore it
            caught.append(signal.SIGHUP)
        former = {signum: signal.signal(signum, self.ask_to_stop) for signum in caught}
        try:
            yield
        finally:
            for signum, handler in former.items():
                signal.signal(signum, handler)

    def _start(self, child: Child) -> None:
        self._selector.register(child.start(self._pass_fds), selectors.EVENT_READ, child)

    def _tick(self) -> None:
        """Move what the children printed, for at most one tick."""
        if not self._selector.get_map():
            time.sleep(TICK_SECONDS)
            return
        for key, _events in self._selector.select(TICK_SECONDS):
            child: Child = key.data
            try:
                chunk = os.read(key.fd, 65536)
            except BlockingIOError:
                continue
            if chunk:
                child.take(chunk)
            else:
                self._selector.unregister(key.fileobj)
                child.close_output()

    def _until_up(self, is_up: Callable[[], bool], within_seconds: float) -> None:
        give_up_at = time.monotonic() + within_seconds
        ask_at = 0.0
        while self._asked_to_stop_at is None:
            self._tick()
            self._restart_the_dead()
            for child in self._children:
                if child.deaths >= DEATHS_BEFORE_GIVING_UP:
                    raise DidNotStart(
                        f"{child.spec.name} does not start; see {child.log_path}. It said:\n"
                        f"{child.latest_lines()}"
                    )
            now = time.monotonic()
            if now >= ask_at and all(child.is_alive for child in self._children):
                if is_up():
                    return
                ask_at = now + ASK_EVERY_SECONDS
            if now > give_up_at:
                raise DidNotStart(f"No answer within {within_seconds:.0f} seconds.")

    def _restart_the_dead(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if child.is_alive:
                if now - child.started_at > HEALTHY_AFTER_SECONDS:
                    child.deaths = 0
            elif not child.restart_at:
                self._mourn(child, now)
            elif now >= child.restart_at:
                child.restart_at = 0.0
                self._start(child)

    def _mourn(self, child: Child, now: float) -> None:
        """Clear away what a dead child left behind and plan its next start."""
        self._drain(child)
        child.kill_group()
        back_off = min(FIRST_BACK_OFF_SECONDS * 2**child.deaths, LONGEST_BACK_OFF_SECONDS)
        child.deaths += 1
        child.restart_at = now + back_off
        status = child.process.returncode if child.process else "?"
        self.tell(
            f"{child.spec.name} ended by itself (status {status}); starting it again in "
            f"{back_off:g} s. Its log: {child.log_path}"
        )

    def _drain(self, child: Child) -> None:
        """Take the rest of a dead child's output, which its own children may keep open."""
        for key in list(self._selector.get_map().values()):
            if key.data is child:
                with suppress(BlockingIOError):
                    while chunk := os.read(key.fd, 65536):
                        child.take(chunk)
                self._selector.unregister(key.fileobj)
                child.close_output()

    def _stop(self) -> None:
        """Stop every child: ask, wait, ask harder, kill; nothing is left when it returns."""
        began = time.monotonic()
        said = False
        steps = {id(child): 0 for child in self._children}
        deadlines = dict.fromkeys(steps, began)
        while running := [child for child in self._children if child.is_alive]:
            now = time.monotonic()
            if self._is_urgent:
                break
            if not said and now - began > 2 * IMPATIENT_AFTER_SECONDS:
                said = True
                names = ", ".join(child.spec.name for child in running)
                self.tell(f"Waiting for {names} to finish; Ctrl-C again stops at once.")
            for child in running:
                if now < deadlines[id(child)]:
                    continue
                step = steps[id(child)]
                if step < len(child.spec.stop_signals):
                    signum, seconds = child.spec.stop_signals[step]
                    child.send(signum)
                    steps[id(child)], deadlines[id(child)] = step + 1, now + seconds
                else:
                    self.tell(f"{child.spec.name} does not stop; killing it.")
                    child.kill_group()
            self._tick()
        for child in self._children:
            child.kill_group()
            self._drain(child)
        self._selector.close()
