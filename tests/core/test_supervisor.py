"""The embedded start's processes: kept running, stopped cleanly, none left behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ibzplan.core.supervised_process import ChildSpec
from ibzplan.core.supervisor import (
    AlreadyRunning,
    DidNotStart,
    PortTaken,
    Supervisor,
    data_folder_lock,
    require_free_port,
)

POLITE = """
    import signal, sys, time
    def leave(*_):
        print("2026-10-14 08:00:00 INFO leaving", flush=True)
        sys.exit(0)
    signal.signal(signal.SIGTERM, leave)
    print("2026-10-14 08:00:00 INFO ready", flush=True)
    time.sleep(60)
"""
# Ignores TERM, and so does the process that it starts in turn.
STUBBORN = """
    import os, signal, sys, time
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.fork() == 0:
        print(f"2026-10-14 08:00:00 INFO child {os.getpid()}", flush=True)
        time.sleep(60)
    print(f"2026-10-14 08:00:00 INFO ready {os.getpid()}", flush=True)
    time.sleep(60)
"""


def script(text: str) -> list[str]:
    """Return the command that runs these lines."""
    return [sys.executable, "-c", textwrap.dedent(text)]


def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Wait for a condition; tell whether it came true."""
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def is_running(pid: int) -> bool:
    """Tell whether the process exists and is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


class Run:
    """A supervisor in this process whose end is asked for by the test's own steps."""

    def __init__(self, folder: Path, *specs: ChildSpec) -> None:
        """Prepare it."""
        self.told: list[str] = []
        self.folder = folder
        self.supervisor = Supervisor(specs, log_folder=folder, tell=self.told.append)

    def log(self, name: str) -> str:
        """Return what a child printed so far."""
        path = self.folder / f"{name}.log"
        return path.read_text() if path.exists() else ""

    def until(self, condition: Callable[[], bool]) -> None:
        """Run; ask to stop as soon as the condition holds."""

        def watch() -> None:
            eventually(condition)
            self.supervisor.ask_to_stop()

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            self.supervisor.run(is_up=lambda: True, when_up=lambda: None, up_within_seconds=10.0)
        finally:
            watcher.join()


def test_children_are_asked_to_stop_and_their_last_words_are_kept(tmp_path: Path) -> None:
    run = Run(tmp_path, ChildSpec("one", script(POLITE)), ChildSpec("two", script(POLITE)))

    run.until(lambda: "ready" in run.log("one") and "ready" in run.log("two"))

    assert "leaving" in run.log("one")
    assert "leaving" in run.log("two")
    assert run.told == []  # nothing went wrong, so the console stays quiet


@pytest.mark.slow
def test_a_child_that_does_not_stop_is_killed_with_what_it_started(tmp_path: Path) -> None:
    run = Run(
        tmp_path,
        ChildSpec("mule", script(STUBBORN), stop_signals=[(signal.SIGTERM, 0.5)]),
    )

    run.until(lambda: "ready" in run.log("mule") and "child" in run.log("mule"))

    pids = [int(pid) for pid in re.findall(r"(?:ready|child) (\d+)", run.log("mule"))]
    assert len(pids) == 2
    assert eventually(lambda: not any(is_running(pid) for pid in pids))
    assert "mule does not stop; killing it." in run.told


def test_a_child_that_dies_is_started_again_and_the_user_is_told(tmp_path: Path) -> None:
    once = tmp_path / "died"
    run = Run(
        tmp_path,
        ChildSpec(
            "phoenix",
            script(f"""
                import pathlib, sys, time
                mark = pathlib.Path({str(once)!r})
                if not mark.exists():
                    mark.touch()
                    sys.exit(7)
                print("2026-10-14 08:00:00 INFO again", flush=True)
                time.sleep(60)
            """),
        ),
    )

    run.until(lambda: "again" in run.log("phoenix"))

    assert "again" in run.log("phoenix")
    assert any("phoenix ended by itself (status 7)" in text for text in run.told)


def test_a_child_that_never_starts_ends_the_start_with_its_own_words(tmp_path: Path) -> None:
    run = Run(tmp_path, ChildSpec("lame", script("raise SystemExit('no such setting')")))

    with pytest.raises(DidNotStart, match="no such setting"):
        run.supervisor.run(is_up=lambda: False, when_up=lambda: None, up_within_seconds=20.0)


def test_errors_reach_the_console_with_their_traceback_and_nothing_else_does(
    tmp_path: Path,
) -> None:
    run = Run(
        tmp_path,
        ChildSpec(
            "web",
            script("""
                import time
                print("2026-10-14 08:00:00 INFO all is well")
                print("2026-10-14 08:00:01 ERROR it broke")
                print("Traceback (most recent call last):")
                print("  File 'page.py'")
                print('[14/Oct/2026:08:00:02 +0200] "GET / HTTP/1.1" 200')
                print("end", flush=True)
                time.sleep(60)
            """),
        ),
    )

    run.until(lambda: "end" in run.log("web"))

    assert run.told[:3] == [
        "[web] 2026-10-14 08:00:01 ERROR it broke",
        "[web] Traceback (most recent call last):",
        "[web]   File 'page.py'",
    ]
    assert not any("all is well" in text or "GET /" in text for text in run.told)
    assert "all is well" in run.log("web")


@pytest.mark.slow
def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    driver = f"""
        import os, sys
        from pathlib import Path
        from ibzplan.core.supervised_process import ChildSpec
        from ibzplan.core.supervisor import Supervisor, data_folder_lock
        with data_folder_lock(Path({str(tmp_path)!r})) as lock:
            Supervisor(
                [ChildSpec("nap", [sys.executable, "-c", "import time; time.sleep(60)"])],
                log_folder=Path({str(tmp_path)!r}), tell=print, pass_fds=[lock],
            ).run(
                is_up=lambda: True,
                when_up=lambda: print("up", flush=True),
                up_within_seconds=20,
            )
    """
    process = subprocess.Popen(script(driver), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    [child] = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()

    with pytest.raises(AlreadyRunning, match=f"process {process.pid}"), data_folder_lock(tmp_path):
        pass
    process.kill()
    process.wait()

    assert eventually(lambda: not is_running(int(child)))
    with data_folder_lock(tmp_path):  # and the folder is free again
        pass
    process.stdout.close()


@pytest.mark.slow
def test_a_worker_that_does_not_end_with_its_supervisor_is_killed_with_its_children(
    tmp_path: Path,
) -> None:
    # Deaf to what the kernel sends it then, as one whose task takes long.
    worker = """
        import os, signal, time
        from ibzplan.core.orphans import end_with_parent
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        end_with_parent(os.getppid(), after_seconds=0.3, every_seconds=0.05)
        if os.fork() == 0:
            print(f"child {os.getpid()}", flush=True)
            time.sleep(60)
        print(f"ready {os.getpid()}", flush=True)
        time.sleep(60)
    """
    driver = f"""
        import time
        from pathlib import Path
        from ibzplan.core.supervised_process import Child, ChildSpec
        child = Child(
            ChildSpec("worker", {script(worker)!r}), Path({str(tmp_path)!r}), print
        )
        output = child.start([])
        while True:
            print((output.read() or b"").decode(), end="", flush=True)
            time.sleep(0.05)
    """
    process = subprocess.Popen(script(driver), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _line in range(2)]
    pids = [int(pid) for pid in re.findall(r"(?:ready|child) (\d+)", "".join(lines))]
    assert len(pids) == 2
    process.kill()
    process.wait()
    assert eventually(lambda: not any(is_running(pid) for pid in pids))
    process.stdout.close()


@pytest.mark.slow
def test_a_start_waits_for_what_a_killed_one_left_and_says_so_in_the_end(tmp_path: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    with data_folder_lock(tmp_path) as held:
        # As if a supervisor with this number were dead and its child held the lock.
        os.pwrite(held, str(gone.pid).encode().ljust(20), 0)
        began = time.monotonic()
        with (
            pytest.raises(AlreadyRunning, match="earlier start"),
            data_folder_lock(tmp_path, wait_seconds=1.0),
        ):
            pass
        assert time.monotonic() - began >= 1.0


def test_the_lock_is_free_again_after_use(tmp_path: Path) -> None:
    with data_folder_lock(tmp_path):
        pass
    with data_folder_lock(tmp_path):
        assert (tmp_path / "serve.lock").read_text().strip() == str(os.getpid())


def test_a_taken_port_is_refused_with_a_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(PortTaken, match=rf"port {port}.*make run PORT="):
            require_free_port("127.0.0.1", port)
    with pytest.raises(PortTaken, match="0-65535"):
        require_free_port("127.0.0.1", 99999)

    require_free_port("127.0.0.1", port)
    with pytest.raises(PortTaken, match="0-65535"):
        require_free_port("127.0.0.1", 99999)
