#!/usr/bin/env python3
"""Tests of the harness: what counts as a change, the content of files, and how programs run. Called by ctest; takes a second."""
import contextlib
import importlib.machinery
import importlib.util
import io
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import process
import tables
from results import Comparison, Figure, Results, quartiles


def program(name):
    """A program without the ending .py, as a module."""
    loader = importlib.machinery.SourceFileLoader(name, str(HERE / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


compare, report = program("compare"), program("report")


def figure(values, better="more", name="train"):
    return Figure("training", name, "hourglass", "images/s", values, better)


class Quartiles(unittest.TestCase):
    def test_few_values_have_their_extremes(self):
        self.assertEqual(quartiles([3, 1, 2]), (1, 2, 3))

    def test_an_outlier_among_many_does_not_widen_them(self):
        self.assertEqual(quartiles([10, 10, 11, 11, 12, 12, 900]), (10.5, 11, 12))


class Verdict(unittest.TestCase):
    def word(self, old, new, better="more"):
        return compare.verdict(figure(old, better), figure(new, better))[0]

    def test_a_clear_rise_is_better_or_worse_by_the_figure(self):
        self.assertEqual(self.word([100, 101, 102], [120, 121, 122]), "better")
        self.assertEqual(self.word([100, 101, 102], [120, 121, 122], "less"), "worse")

    def test_a_fall_is_the_opposite(self):
        self.assertEqual(self.word([120, 121, 122], [100, 101, 102]), "worse")
        self.assertEqual(self.word([120, 121, 122], [100, 101, 102], "less"), "better")

    def test_three_percent_are_noise_however_narrow_the_spread(self):
        self.assertEqual(self.word([100, 100, 100], [103, 103, 103]), "same")
        self.assertEqual(self.word([100, 100, 100], [103.1, 103.1, 103.1]), "better")

    def test_overlapping_spreads_are_noise_however_far_the_medians(self):
        self.assertEqual(self.word([80, 100, 130], [129, 150, 170]), "same")
        self.assertEqual(self.word([80, 100, 130], [131, 150, 170]), "better")

    def test_a_single_measurement_needs_ten_percent(self):
        self.assertEqual(self.word([100], [109]), "same")
        self.assertEqual(self.word([100], [111]), "better")

    def test_from_zero_anything_is_a_change(self):
        self.assertEqual(self.word([0, 0], [0, 0]), "same")
        self.assertEqual(self.word([0, 0], [1, 1]), "better")


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def saved(self, name, *figures):
        results = Results({"processor": "P", "cores": 2, "kernels": "avx2", "hourglass": "1", "commit": "c", "date": "d"},
                          {"dataset": "mnist"})
        results.figures = list(figures)
        results.compare("training", "2 threads over 1", [1.9], 1.85)
        results.miss("a peer", "it is not there")
        path = pathlib.Path(self.folder.name) / name
        results.save(path)
        return str(path)

    def call(self, module, *words):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = module.main(list(words))
        return status, out.getvalue(), err.getvalue()

    def test_a_file_read_again_is_the_same(self):
        path = self.saved("a.json", figure([1.5, 2]))
        again = Results.load(path)
        self.assertEqual(again.figures, [figure([1.5, 2])])
        self.assertEqual(again.comparisons, [Comparison("training", "2 threads over 1", [1.9], 1.85)])
        self.assertEqual(again.missing, [{"what": "a peer", "why": "it is not there"}])

    def test_compare_ends_with_1_where_something_got_worse(self):
        old, new = self.saved("old.json", figure([100, 101])), self.saved("new.json", figure([50, 51]))
        status, out, _ = self.call(compare, old, new)
        self.assertEqual(status, 1)
        self.assertIn("worse   -49.8%", out)
        self.assertEqual(self.call(compare, new, old)[0], 0)
        self.assertEqual(self.call(compare, old, old)[0], 0)

    def test_compare_ends_with_2_for_files_without_a_figure_in_common_or_of_another_kind(self):
        old, new = self.saved("old.json", figure([1])), self.saved("new.json", figure([1], name="other"))
        self.assertEqual(self.call(compare, old, new)[0], 2)
        for content in ("", "{}", "[1]", '{"format": 99}', '{"format": 1}', "\x00"):
            bad = pathlib.Path(self.folder.name) / "bad.json"
            bad.write_text(content)
            status, out, err = self.call(compare, old, str(bad))
            self.assertEqual((status, out, err.count("\n")), (2, "", 1), content)
        self.assertEqual(self.call(compare, old, "/nowhere.json")[0], 2)

    def test_the_table_shows_aims_and_what_is_missing(self):
        path = self.saved("a.json", figure([1000, 1200, 1300]))
        status, out, _ = self.call(report, path)
        self.assertEqual(status, 0)
        self.assertIn("| train | images/s | 1,200 (1,000 to 1,300) |  |  |", out)
        self.assertIn("| 2 threads over 1 | times | 1.90 | at least 1.85 | yes |", out)
        self.assertIn("Not measured: a peer: it is not there.", out)

    def test_every_row_of_a_table_has_as_many_cells(self):
        peer = figure([7.0])
        peer.facts["origin"] = "newest"
        path = self.saved("a.json", figure([1000, 1200]), peer, figure([1], name="alone"))
        rows = [line for line in self.call(report, path)[1].splitlines() if line.startswith("|")]
        self.assertEqual({row.count("|") for row in rows}, {rows[0].count("|")}, rows)


    def test_documents_get_their_tables_between_the_marks_and_keep_the_rest(self):
        path = self.saved("a.json", figure([1000, 1200, 1300]))
        document = pathlib.Path(self.folder.name) / "d.md"
        document.write_text("before\n<!-- bench/report headline -->\nold\n<!-- end -->\nbetween <!-- end -->\n")
        for _ in range(2):  # the second time changes nothing
            self.assertEqual(self.call(report, path, "--into", str(document))[0], 0)
            lines = document.read_text().splitlines()
            self.assertEqual((lines[0], lines[1], lines[-2], lines[-1]),
                             ("before", "<!-- bench/report headline -->", "<!-- end -->", "between <!-- end -->"))
            self.assertIn("| 2 threads over 1 | 1.90 times | at least 1.85 |", lines)
            self.assertNotIn("old", lines)
        document.write_text("no marks")
        self.assertEqual(self.call(report, path, "--into", str(document))[0], 2)
        self.assertEqual(document.read_text(), "no marks")


class Numbers(unittest.TestCase):
    def test_numbers_have_three_significant_digits(self):
        for x, text in ((6234.5, "6,230"), (70123, "70,100"), (123.4, "123"), (12.34, "12.3"), (1.234, "1.23"),
                        (0.1234, "0.123"), (0.00123, "0.0012"), (0, "0"), (-0.0031, "-0.0031"), (1e-7, "1.0e-07")):
            self.assertEqual(tables.number(x), text)


class Processes(unittest.TestCase):
    def test_a_run_returns_its_time_memory_and_output(self):
        run = process.run([sys.executable, "-c", "x = bytearray(90_000_000); print('said')"])
        self.assertEqual(run["output"], "said\n")
        self.assertGreater(run["peak_bytes"], 90_000_000)
        self.assertGreater(run["seconds"], 0)

    def test_a_failure_is_one_line_with_the_last_error(self):
        with self.assertRaisesRegex(process.Failed, "status 3: the reason$"):
            process.run([sys.executable, "-c", "import sys; sys.stderr.write('first\\nthe reason\\n'); sys.exit(3)"])

    def test_a_sign_on_the_terminal_ends_the_wait_at_once(self):
        code = "import sys, time; sys.stderr.write('one step' * sys.stderr.isatty()); sys.stderr.flush(); time.sleep(30)"
        self.assertLess(process.seconds_until([sys.executable, "-c", code], b"step"), 20)

    def test_a_program_that_ends_without_the_sign_is_a_failure(self):
        with self.assertRaises(process.Failed):
            process.seconds_until([sys.executable, "-c", "print()"], b"step")

    def test_a_worker_answers_line_by_line_and_its_end_is_a_failure(self):
        code = "import sys\nprint('{\"what\": \"w\"}', flush=True)\nfor l in sys.stdin:\n" \
               "  if l == 'go 2\\n': print('{\"n\": 2}', flush=True)\n  else: sys.exit('no such task')\n"
        with process.Worker([sys.executable, "-c", code]) as worker:
            self.assertEqual(worker.answer(), {"what": "w"})
            self.assertEqual(worker.ask("go", 2), {"n": 2})
            with self.assertRaisesRegex(process.Failed, "no such task"):
                worker.ask("stop")


if __name__ == "__main__":
    unittest.main()
