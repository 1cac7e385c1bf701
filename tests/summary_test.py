#!/usr/bin/env python3
"""Tests of script/summary. Called by ctest; takes a second."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

SUMMARY = pathlib.Path(__file__).resolve().parent.parent / "script" / "summary"


def case(name, status="run", inside="", output=""):
    return f'<testcase name="{name}" classname="{name}" status="{status}">{inside}<system-out>{output}</system-out></testcase>'


class Summary(unittest.TestCase):
    def summary(self, cases, results=None):
        """The lines for a run of ctest with these cases and these results of programs."""
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "ctest.xml").write_text(f"<testsuite>{''.join(cases)}</testsuite>")
            for name, tests in (results or {}).items():
                (folder / f"{name}.xml").write_text(tests)
            return subprocess.run([sys.executable, "-B", SUMMARY, folder / "ctest.xml", folder], check=True,
                                  capture_output=True, text=True).stdout.splitlines()

    def test_the_single_tests_of_a_program_are_counted(self):
        tests = """<testsuites><testsuite>
          <testcase name="Passes" status="run" classname="S"/>
          <testcase name="Fails" status="run" classname="S"><failure message="1 is not 2"/></testcase>
          <testcase name="Skips" status="run" result="skipped" classname="S">
            <skipped message="a.cpp:3&#x0A;no network&#x0A;"/></testcase>
          <testcase name="Off" status="notrun" classname="S"/></testsuite></testsuites>"""
        self.assertEqual(self.summary([case("s_test", "fail")], {"s_test": tests}),
                         ["1 passed, 1 failed, 1 skipped", "failed S.Fails", "skipped S.Skips: no network"])

    def test_a_program_that_crashed_is_one_failure_named_with_its_test(self):
        output = "[ RUN      ] S.Fine\n[       OK ] S.Fine (0 ms)\n[ RUN      ] S.Crashes\n"
        for results in (None, {"s_test": "<testsuites>"}):
            self.assertEqual(self.summary([case("s_test", "fail", "", output)], results),
                             ["0 passed, 1 failed, 0 skipped", "failed s_test (in S.Crashes)"])

    def test_a_program_that_fails_after_its_tests_is_a_failure(self):
        tests = '<testsuites><testsuite><testcase name="A" status="run" classname="S"/></testsuite></testsuites>'
        self.assertEqual(self.summary([case("s_test", "fail")], {"s_test": tests}),
                         ["1 passed, 1 failed, 0 skipped", "failed s_test"])

    def test_a_program_without_single_tests_is_one(self):
        cases = [case("Example"), case("Interop", "notrun", "<skipped/>", "x.py: Skipped\nonnx is not here\n"),
                 case("NotBuilt", "notrun", "<failure/>")]
        self.assertEqual(self.summary(cases), ["1 passed, 1 failed, 1 skipped", "skipped Interop: onnx is not here",
                                               "failed NotBuilt"])


if __name__ == "__main__":
    unittest.main()
