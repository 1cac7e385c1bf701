"""script/setup with an apt and a dpkg of the test's own: nothing is installed.
  python3 tests/setup_test.py"""

import os
import pathlib
import subprocess
import tempfile
import unittest

SETUP = pathlib.Path(__file__).resolve().parents[1] / "script" / "setup"
PAGE = ["emscripten", "esbuild", "node-typescript", "nodejs", "libboost-dev"]
BROWSER = ["chromium", "chromium-driver", "python3-selenium", "python3-numpy", "python3-pil"]

# Each call is logged; an installation fails if it names a package of FAILS. A package is there if HAVE names it.
APT_GET = """#!/bin/sh
echo "apt-get $*" >> "$LOG"
for package in $FAILS; do
  case " $* " in *" install "*" $package "*) exit 100 ;; esac
done
"""
DPKG_QUERY = """#!/bin/sh
for package; do :; done
case "$* " in
  *Version*) echo 20.20.2-1nodesource1 ;;
  *) case " $HAVE " in *" $package "*) echo installed ;; *) exit 1 ;; esac ;;
esac
"""
APT_CACHE = """#!/bin/sh
case "$1" in madison)
  echo "nodejs | 20.20.2-1nodesource1 | https://other.example nodistro/main amd64 Packages"
  echo "nodejs | 18.20.4 | http://deb.debian.org/debian bookworm/main amd64 Packages" ;;
esac
"""
SUDO = '#!/bin/sh\nexec "$@"\n'


class SetupTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.log = self.folder / "log"
        for name, text in [("apt-get", APT_GET), ("dpkg-query", DPKG_QUERY), ("apt-cache", APT_CACHE), ("sudo", SUDO)]:
            (self.folder / name).write_text(text)
            (self.folder / name).chmod(0o755)

    def setup_script(self, *options, have=(), fails=()):
        self.log.write_text("")
        environment = dict(os.environ, PATH=f"{self.folder}:{os.environ['PATH']}", LOG=str(self.log),
                           HAVE=" ".join(have), FAILS=" ".join(fails))
        return subprocess.run([SETUP, *options], env=environment, capture_output=True, text=True)

    def listed(self, *options):
        return self.setup_script(*options, "--list").stdout.split()

    def installed(self):
        """The packages of each installation."""
        lines = [line.split() for line in self.log.read_text().splitlines()]
        return [[word for word in line[2:] if not word.startswith("-")] for line in lines if line[1] == "install"]

    def test_the_page_is_built_unless_it_is_left_out(self):
        without = self.listed("--no_page")
        self.assertEqual(set(self.listed()) - set(without), set(PAGE))
        self.assertEqual(set(self.listed("--dev")) - set(self.listed("--dev", "--no_page")), set(PAGE + BROWSER))
        self.assertFalse(set(without) & set(PAGE + BROWSER))
        self.assertIn("g++", without)

    def test_other_sets_have_nothing_of_the_page(self):
        for option in ["--arm", "--peers"]:
            self.assertFalse(set(self.listed(option)) & set(PAGE + BROWSER), option)

    def test_only_what_is_missing_is_installed(self):
        done = self.setup_script(have=[name for name in self.listed() if name != "esbuild"])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.installed(), [["esbuild"]])
        self.setup_script("--no_page", have=self.listed("--no_page"))
        self.assertEqual(self.installed(), [])

    def test_a_page_that_cannot_be_installed_is_said_and_the_rest_is_there(self):
        done = self.setup_script(fails=["node-typescript"])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.installed()[0], self.listed("--no_page"))
        self.assertIn("could not be installed: emscripten", done.stderr)
        self.assertIn("(20.20.2-1nodesource1) is not Debian's", done.stderr)
        self.assertIn("nodejs=18.20.4\n", done.stderr)
        self.assertIn("--no_page leaves them out", done.stderr)

    def test_nothing_is_removed_for_the_page(self):
        self.setup_script()
        pages = [line for line in self.log.read_text().splitlines() if "emscripten" in line]
        self.assertTrue(pages and all("--no-remove" in line for line in pages), pages)

    def test_a_compiler_that_cannot_be_installed_is_an_error(self):
        self.assertNotEqual(self.setup_script(fails=["g++"]).returncode, 0)
        self.assertIn("apt-get update", self.log.read_text())

    def test_an_unknown_option_names_those_there_are(self):
        done = self.setup_script("--nopage")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--no_page", done.stderr)


if __name__ == "__main__":
    unittest.main()
