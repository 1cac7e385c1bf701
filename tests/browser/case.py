"""What the tests of the page share: a Python that can drive a browser, the form of their results, one browser a file.

A test is a file NAME_test.py that begins with

    import case
    case.need()                # continues in a Python that has Selenium, or skips

and ends with `case.main()`. ctest runs each and sets HOURGLASS_PROGRAM; by hand, that variable names the program too.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import time
import unittest
from xml.sax.saxutils import quoteattr

MODULES = ("selenium", "numpy", "PIL")
PYTHONS = (sys.executable, "/usr/bin/python3", "python3")
REMEDY = "script/setup --dev installs it"


def skip(reason):
    """In the form that script/summary reads."""
    print(f"{pathlib.Path(sys.argv[0]).name}: Skipped\n{reason}")
    sys.exit(0)


def imports(python, modules):
    code = "import " + ", ".join(modules)
    found = shutil.which(python)
    return found and subprocess.run([found, "-c", code], capture_output=True).returncode == 0


def need():
    """Continues in the first Python that has the modules; skips the test if none has, or Chromium or the page is missing."""
    if "HOURGLASS_PROGRAM" not in os.environ:
        skip("HOURGLASS_PROGRAM does not name the program: run it through ctest")
    for program in ("chromium", "chromedriver"):
        if not shutil.which(program):
            skip(f"{program} is not installed: {REMEDY}")
    if not imports(sys.executable, MODULES):
        python = next((python for python in PYTHONS[1:] if imports(python, MODULES)), None)
        if not python:
            skip(f"no Python can import {', '.join(MODULES)}: {REMEDY}")
        os.execv(shutil.which(python), [python, "-B", *sys.argv])
    if not has_page():
        skip("this hourglass was built without its page: script/setup installs what it is built with")


def has_page():
    """Whether the program was built with the page: without it, `explore` says so before it looks at what it is given."""
    done = subprocess.run([os.environ["HOURGLASS_PROGRAM"], "explore", "--help"], capture_output=True, text=True)
    return done.returncode == 0


class Result(unittest.TextTestResult):
    """Remembers what became of every test and how long it took."""

    def __init__(self, *arguments, **more):
        super().__init__(*arguments, **more)
        self.cases = []

    def startTest(self, test):
        super().startTest(test)
        self.begun = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        seconds = time.monotonic() - self.begun
        self.stream.writeln(f"    {seconds:.2f} s")
        failed = any(test is other or getattr(other, "test_case", None) is test for other, _ in self.failures + self.errors)
        reason = next((reason for other, reason in self.skipped if other is test), None)
        self.cases.append((test, failed, reason, seconds))

    def write(self, path):
        """As GoogleTest writes it: script/summary counts single tests."""
        lines = []
        for test, failed, reason, seconds in self.cases:
            name = "".join(word.capitalize() for word in test._testMethodName.removeprefix("test_").split("_"))
            inside = "<failure/>" if failed else f"<skipped message={quoteattr(reason)}/>" if reason else ""
            lines.append(f'<testcase classname="Browser" name="{name}" status="run" time="{seconds:.3f}">{inside}</testcase>')
        # Failures outside of tests, as in setUpClass.
        for test, _ in self.errors:
            if not any(test is other or getattr(test, "test_case", None) is other for other, *_ in self.cases):
                lines.append(f'<testcase classname="Browser" name={quoteattr(str(test))} status="run"><failure/></testcase>')
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<testsuites><testsuite>\n" + "\n".join(lines) + "\n</testsuite></testsuites>\n")


def main():
    results = os.environ.get("HOURGLASS_RESULTS")  # a path, set by ctest
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Result)
    program = unittest.main(module="__main__", testRunner=runner, exit=False)
    if results:
        program.result.write(pathlib.Path(results))
    sys.exit(not program.result.wasSuccessful())
