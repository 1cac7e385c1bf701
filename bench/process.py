"""Runs and times programs, and workers that wait for tasks. Standard library only: a child is forked from this process, so
its peak memory is never reported below that of this process."""
import contextlib
import json
import os
import pty
import select
import signal
import subprocess
import tempfile
import threading
import time


class Failed(Exception):
    """A measured program failed; the message is one line."""


def last_line(text):
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it said nothing"


def run(command, env=None, timeout=3600):
    """Runs a program to its end: {"seconds": wall clock, "peak_bytes": peak resident memory, "output": its standard output}."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.monotonic()
        child = subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=env)
        timer = _alarm(child, timeout)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - started
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        output, errors = out.read().decode(errors="replace"), err.read().decode(errors="replace")
    if child.returncode != 0:
        raise Failed(f"{os.path.basename(str(command[0]))} {command[1] if len(command) > 1 else ''}: status "
                     f"{child.returncode}: {last_line(errors)}")
    return {"seconds": seconds, "peak_bytes": usage.ru_maxrss * 1024, "output": output}


def _alarm(child, timeout):
    timer = threading.Timer(timeout, child.kill)
    timer.daemon = True
    timer.start()
    return timer


def seconds_until(command, sign, timeout=60):
    """Starts the program with a terminal as its standard error, stops it as soon as it has written `sign` (bytes) there, and
    returns the seconds from the start."""
    master, slave = pty.openpty()
    try:
        started = time.monotonic()
        child = subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=slave, env=dict(os.environ, TERM="xterm"))
        seen = b""
        try:
            while sign not in seen:
                if not select.select([master], [], [], 0.05)[0]:
                    if child.poll() is not None or time.monotonic() - started > timeout:
                        raise Failed(f"{command[0]}: never said {sign!r}: {last_line(seen.decode(errors='replace'))}")
                    continue
                seen += os.read(master, 4096)
            return time.monotonic() - started
        finally:
            child.kill()
            child.wait()
    finally:
        os.close(slave)
        os.close(master)


class Worker:
    """A program that describes itself in a line of JSON, then answers each line on its standard input with one."""

    def __init__(self, command, env=None):
        self.command = [str(c) for c in command]
        self.errors = tempfile.TemporaryFile()
        self.ready_seconds = None  # from the start to the first line
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.errors, env=env, text=True, bufsize=1)

    def answer(self):
        """The next line. Raises Failed with the program's last line of errors if there is none."""
        while True:
            line = self.process.stdout.readline()
            if not line:
                self.process.wait()
                self.errors.seek(0)
                words = last_line(self.errors.read().decode(errors="replace"))
                raise Failed(f"{' '.join(self.command[:2])}: ended: {words}")
            if line.startswith("{"):
                if self.ready_seconds is None:
                    self.ready_seconds = time.monotonic() - self.started
                return json.loads(line)

    def ask(self, *words):
        try:
            self.process.stdin.write(" ".join(str(w) for w in words) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # answer() reports the reason
        return self.answer()

    def close(self):
        """Ends the program; returns its peak resident memory in bytes (0 if it had ended already)."""
        self.process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.errors.close()
        if self.process.returncode is not None:
            return 0
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return usage.ru_maxrss * 1024

    def __enter__(self):
        return self

    def __exit__(self, *what):
        if self.process.returncode is None and what[0] is not None:
            self.process.send_signal(signal.SIGKILL)
        self.close()
