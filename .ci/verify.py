"""What `make test`, `make test-fast` and `make check` run; all of it, then says what failed.

    python .ci/verify.py {all,fast,check} [-- arguments for pytest]

It installs what only this machine lacks (a browser, Node.js) where it may, and gives every step
a data folder of its own, so that nothing touches the database of `make run`. With
IBZPLAN_REQUIRE_BOTH=1 a run without PostgreSQL and Redis is a failure (CI sets it).
"""

import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import psycopg2
from migrated_database import Migrated
from outcome import read_outcome

ROOT: Final = Path(__file__).resolve().parent.parent
BIN: Final = Path(sys.executable).parent
TYPED: Final = (
    *("ibzplan", "personnel", "budget", "objectives", "reporting", "tests"),
    *("manage.py", ".ci/verify.py", ".ci/migrated_database.py", ".ci/outcome.py"),
)
LOCK_FILES: Final = ("ibzplan/deploy/requirements.txt", "ibzplan/deploy/requirements-dev.txt")
TEST_PROCESSES: Final = 3
OLDEST_NODE: Final = 18
CONNECT_SECONDS: Final = 2
HEADLESS: Final = "chromium-headless-shell"
CHROMIUMS: Final = ("chromium", "chromium-browser", "google-chrome")
# Tried when DATABASE_URL and REDIS_URL name no server.
LOCAL_DATABASES: Final = (
    "postgres://ibzplan:ibzplan@127.0.0.1:5432/ibzplan",
    "postgres://postgres@127.0.0.1:5432/postgres",
    "postgres://postgres:postgres@127.0.0.1:5432/postgres",
)
LOCAL_REDIS: Final = "redis://127.0.0.1:6379/15"


def say(text: str = "") -> None:
    """Write a line to the console."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def fingerprint(folder: Path) -> str:
    """Return a hash over the names and contents of the files in a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def redis_answers(url: str) -> bool:
    """Tell whether a Redis server is at this address."""
    parts = urlsplit(url)
    address = (parts.hostname or "127.0.0.1", parts.port or 6379)
    try:
        with socket.create_connection(address, timeout=CONNECT_SECONDS) as link:
            link.sendall(b"PING\r\n")
            return link.recv(64).startswith((b"+PONG", b"-NOAUTH"))
    except OSError:
        return False


def may_create_databases(url: str) -> bool:
    """Tell whether a PostgreSQL server takes this login and lets it make test databases."""
    parts = urlsplit(url)
    try:
        connection = psycopg2.connect(
            host=parts.hostname or "127.0.0.1",
            port=parts.port or 5432,
            user=parts.username,
            password=parts.password or "",
            dbname="postgres",
            connect_timeout=CONNECT_SECONDS,
        )
    except psycopg2.OperationalError:
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            )
            row = cursor.fetchone()
            return bool(row and row[0])
    finally:
        connection.close()


def find_servers(environment: Mapping[str, str]) -> tuple[str, str, str]:
    """Return the addresses of PostgreSQL and Redis, and (when one is missing) what is missing."""
    given = environment.get("DATABASE_URL", "")
    databases = [given] if given.startswith(("postgres", "pgsql")) else LOCAL_DATABASES
    database = next((url for url in databases if may_create_databases(url)), "")
    redis = environment.get("REDIS_URL") or LOCAL_REDIS
    missing = []
    if not database:
        missing.append("no PostgreSQL server that lets us create databases answers")
    if not redis_answers(redis):
        missing.append("no Redis server answers")
    return database, redis, " and ".join(missing)


class Verification:
    """One run: its steps, and what failed."""

    def __init__(self, folder: Path, pytest_arguments: Sequence[str]) -> None:
        """Keep a scratch folder and the environment of every step."""
        self.folder = folder
        self.pytest_arguments = pytest_arguments
        self.failures: list[str] = []
        self.closing: list[str] = []
        self.servers = find_servers(os.environ)
        self.migrated: dict[str, Migrated] = {}
        # Where tests/browser/axe.py notes which looks of which pages it judged.
        self.judged = folder / "judged"
        self.judged.mkdir()
        self.types: subprocess.Popen[str] | None = None
        self._package_lists_are_fresh = False
        self.environment = {
            **os.environ,
            "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
            "SECRET_KEY": "only-for-tests-and-checks-never-for-a-server",
            "DEBUG": "false",
            "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1],testserver",
            "BEHIND_HTTPS": "false",
            "IBZPLAN_DATA_DIR": str(folder / "data"),
            "DATABASE_URL": f"sqlite:///{folder / 'data' / 'ibzplan.sqlite3'}",
            "REDIS_URL": "",
            # Every start of Python would compile all modules anew where no bytecode may be kept
            # in the working copy; here it is kept for this run.
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
            "IBZPLAN_JUDGED": str(self.judged),
        }

    def fail(self, name: str, reason: str = "") -> None:
        """Note a failure; the run goes on."""
        say(f"FAILED: {name}{f': {reason}' if reason else ''}")
        self.failures.append(name)

    def step(self, name: str, *command: str, **environment: str) -> bool:
        """Run one command; note its failure."""
        say(f"\n==> {name}")
        began = time.monotonic()
        status = subprocess.run(  # noqa: S603 (our own commands)
            command, cwd=ROOT, env={**self.environment, **environment}, check=False
        ).returncode
        say(f"    {time.monotonic() - began:.1f} s")
        if status:
            self.fail(name)
        return not status

    def install(self, *packages: str) -> bool:
        """Install Debian packages where we may; return whether that worked."""
        if os.geteuid() or not shutil.which("apt-get"):
            return False
        apt = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        say(f"    installing {' '.join(packages)}")
        if not self._package_lists_are_fresh:
            subprocess.run(["apt-get", "update", "-qq"], env=apt, check=False)  # noqa: S607
            self._package_lists_are_fresh = True
        done = subprocess.run(  # noqa: S603
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],  # noqa: S607
            env=apt,
            stdout=subprocess.DEVNULL,
            check=False,
        )
        return done.returncode == 0

    def begin_types(self) -> None:
        """Let mypy look, which takes longest, while the other checks run."""
        self.types = subprocess.Popen(  # noqa: S603 (our own command)
            [sys.executable, "-m", "mypy", *TYPED],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def end_types(self) -> None:
        """Say what mypy found."""
        if self.types is not None:
            found, _nothing = self.types.communicate()
            say(f"\n==> mypy\n{found.rstrip()}")
            if self.types.returncode:
                self.fail("mypy")

    def checks(self) -> None:
        """Everything but the types and the tests."""
        python = sys.executable
        self.step("ruff check", python, "-m", "ruff", "check", ".")
        self.step("ruff format", python, "-m", "ruff", "format", "--check", ".")
        self.step("import layers", str(BIN / "lint-imports"))
        self.step("system checks", python, "manage.py", "check")
        self.step("migrations", python, "manage.py", "makemigrations", "--check", "--dry-run")
        self.step("translations", python, "manage.py", "messages", "--check")
        self.lock_files()
        self.front_end()

    def lock_files(self) -> None:
        """A lock file names packages and hashes, never the server that they came from."""
        say("\n==> lock files")
        addresses = [
            f"{name}:{number}"
            for name in LOCK_FILES
            for number, line in enumerate((ROOT / name).read_text("utf-8").splitlines(), 1)
            if re.search(r"\w+://|^\s*(-i|-f|--index|--extra-index|--find-links)", line)
        ]
        npm = (ROOT / "package-lock.json").read_text("utf-8")
        addresses += ["package-lock.json"] if re.search(r'"resolved":\s*"\w+:', npm) else []
        if addresses:
            self.fail("lock files", f"a server is named in {', '.join(addresses)}")

    def front_end(self) -> None:
        """What is committed below ibzplan/static is what the sources build."""
        say("\n==> front end")
        if not self._has_node() and not (self.install("nodejs", "npm") and self._has_node()):
            self.fail("front end", f"Node.js {OLDEST_NODE} or newer and npm are needed to build it")
            return
        if not self._node_modules_are_current() and not self.step("npm ci", "npm", "ci"):
            return
        self._node_modules_stamp().write_text(self._npm_lock_hash(), encoding="ascii")
        built = ROOT / "ibzplan" / "static"
        before = fingerprint(built)
        if self.step("npm run build", "npm", "run", "build") and fingerprint(built) != before:
            self.fail("front end", "ibzplan/static was not up to date; commit what was built now")

    def _has_node(self) -> bool:
        node = shutil.which("node")
        if not node or not shutil.which("npm"):
            return False
        told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
        major = re.match(r"v(\d+)\.", told.stdout)
        return bool(major) and int(major.group(1)) >= OLDEST_NODE if major else False

    def _node_modules_stamp(self) -> Path:
        return ROOT / "node_modules" / ".ibzplan-lock"

    def _npm_lock_hash(self) -> str:
        return hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()

    def _node_modules_are_current(self) -> bool:
        stamp = self._node_modules_stamp()
        return stamp.is_file() and stamp.read_text(encoding="ascii") == self._npm_lock_hash()

    def browser(self) -> None:
        """Find Chromium for the tests: Debian's without a window, which takes a fifth less time,
        else what the system or Debian has, else Playwright's own.
        """
        say("\n==> browser")
        path = os.environ.get("CHROMIUM_PATH") or shutil.which(HEADLESS)
        if not path and self.install(HEADLESS, "fonts-liberation"):
            path = shutil.which(HEADLESS)
        path = path or next(filter(None, map(shutil.which, CHROMIUMS)), None)
        if not path and self.install("chromium", "fonts-liberation"):
            path = shutil.which("chromium")
        if path:
            say(f"    {path}")
            self.environment["CHROMIUM_PATH"] = path
            return
        if not self.step("playwright's Chromium", str(BIN / "playwright"), "install", "chromium"):
            say(
                "    No browser: install Chromium (Debian: apt-get install chromium) or name one "
                "with CHROMIUM_PATH; the tests that need it will fail."
            )

    def prepare(self, name: str, database: str) -> None:
        """Begin to make the migrated database of a pair of servers."""
        self.migrated[name] = Migrated(self.folder, database, self.environment)

    def tests(self, name: str, *arguments: str, **environment: str) -> int:
        """Run pytest; keep its counts for the closing lines, and return how many tests it ran."""
        if trouble := self.migrated[name].wait():
            self.fail(f"migrations on {name}", trouble)
            return 0
        data, report = self.folder / f"data-{name}", self.folder / f"{name}.xml"
        (data / "static").mkdir(parents=True)  # else WhiteNoise warns with every client
        self.step(
            f"tests on {name}",
            *(sys.executable, "-m", "pytest", f"--junitxml={report}"),
            # In the order of tests/conftest.py, long files first, so that no process waits long
            # for the other at the end.
            *("-n", str(TEST_PROCESSES), "--dist", "loadfile", "--no-loadscope-reorder"),
            *arguments,
            *self.pytest_arguments,
            **{
                "IBZPLAN_DATA_DIR": str(data),
                "IBZPLAN_MIGRATED": self.migrated[name].name,
                **environment,
            },
        )
        outcome = read_outcome(report)
        self.closing += outcome.lines(name)
        return outcome.passed + outcome.failed + outcome.skipped

    def tests_on_sqlite(self, *arguments: str) -> int:
        """The embedded pair: SQLite and the filesystem broker; return how many tests ran."""
        database = f"sqlite:///{self.folder / 'data-SQLite' / 'ibzplan.sqlite3'}"
        return self.tests("SQLite", *arguments, DATABASE_URL=database, REDIS_URL="")

    def tests_on_servers(self, ran: int) -> None:
        """The production pair, where there: all that has a database or a broker. What has neither
        is among the tests that `ran` already (tests/conftest.py).
        """
        database, redis, missing = self.servers
        if not missing:
            again = self.tests(
                "PostgreSQL", DATABASE_URL=database, REDIS_URL=redis, IBZPLAN_SERVERS_ONLY="1"
            )
            self.closing.append(
                f"Ran on both: SQLite, and PostgreSQL with Redis; {ran - again} tests that have "
                "no database and no broker ran once, with SQLite."
            )
            same = sum(bool(one.stat().st_size) for one in self.judged.iterdir())
            self.closing.append(
                f"{same} looks of pages were the very same on both, and axe judged them once."
            )
            return
        self.closing.append(f"Ran on SQLite only; not on PostgreSQL with Redis: {missing}.")
        if os.environ.get("IBZPLAN_REQUIRE_BOTH"):
            self.fail("tests on PostgreSQL", missing)

    def close(self) -> int:
        """Say what failed and return the exit status."""
        say()
        failed = ", ".join(self.failures)
        say(f"FAILED: {failed}" if failed else "Everything that ran is in order.")
        for line in self.closing:
            say(line)
        return 1 if failed else 0


def main(arguments: Sequence[str]) -> int:
    """Run what the first argument names."""
    what = arguments[0] if arguments else "all"
    extra = arguments[arguments.index("--") + 1 :] if "--" in arguments else ()
    if what not in ("all", "fast", "check"):
        say(str(__doc__))
        return 2
    # As an exception, so that the step that runs is ended too and the scratch folder goes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory(prefix="ibzplan-test-") as folder:
        run = Verification(Path(folder), extra)
        try:
            if what != "check":
                run.prepare("SQLite", "")
            if what == "all" and not run.servers[2]:
                run.prepare("PostgreSQL", run.servers[0])
            if what in ("all", "check"):
                run.begin_types()
                run.checks()
            if what == "all":
                run.browser()
            run.end_types()
            if what == "all":
                run.tests_on_servers(ran=run.tests_on_sqlite())
            if what == "fast":
                run.tests_on_sqlite("-m", "not browser and not slow")
                run.closing.append("Ran on SQLite only, without the browser and the slow tests.")
            return run.close()
        finally:
            if run.types is not None:
                run.types.kill()
            for database in run.migrated.values():
                database.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
