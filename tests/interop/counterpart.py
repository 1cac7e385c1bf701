"""Shared by the tests against other programs: a Python that has the counterpart, the program under test, small files.

A test is a file NAME_test.py that begins with

    import counterpart
    counterpart.need("tensorboard")        # continues in a Python that has it, or skips

and ends with `counterpart.main()`. ctest runs each and sets HOURGLASS_PROGRAM.
"""
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

DEBIAN = pathlib.Path("/usr/bin/python3")


def environment(name):
    """The Python of a virtual environment in the user's cache: `interop` (script/interop) or `peers` (script/bench)."""
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(cache) / "hourglass" / name / "bin" / "python"


def imports(python, modules):
    code = "import " + ", ".join(modules)
    return python.exists() and subprocess.run([python, "-c", code], capture_output=True).returncode == 0


def need(*modules, python=environment("interop"), remedy="run script/interop"):
    """Continues in that Python if it has the modules; otherwise skips the test and names the missing module."""
    if os.environ.get("HOURGLASS_INTEROP") == str(python):
        return
    if "HOURGLASS_PROGRAM" not in os.environ:
        skip("HOURGLASS_PROGRAM does not name the program: run it through ctest")
    if not imports(python, modules):
        missing = [module for module in modules if not imports(python, [module])]
        skip(f"{', '.join(missing)} cannot be imported by {python}: {remedy}")
    os.environ["HOURGLASS_INTEROP"] = str(python)
    os.execv(python, [python, "-B", *sys.argv])


def skip(reason):
    """In the form that script/summary reads."""
    print(f"{pathlib.Path(sys.argv[0]).name}: Skipped\n{reason}")
    sys.exit(0)


def main():
    unittest.main(verbosity=2)


class TestCase(unittest.TestCase):
    """Each test has an empty folder, in which the program runs."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="hourglass_interop_")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def run_program(self, *arguments):
        return subprocess.run([os.environ["HOURGLASS_PROGRAM"], *map(str, arguments)], cwd=self.folder,
                              capture_output=True, text=True)

    def hourglass(self, *arguments):
        """Runs the program and returns its standard output."""
        done = self.run_program(*arguments)
        self.assertEqual(done.returncode, 0, f"hourglass {' '.join(map(str, arguments))}: {done.stderr}")
        return done.stdout

    def refusal(self, *arguments):
        """Runs the program and returns its one line of refusal."""
        done = self.run_program(*arguments)
        self.assertIn(done.returncode, (1, 2), done.stdout + done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr

    def assert_near(self, found, expected, what, tolerance=1e-5):
        """Checks that no entry differs by more than the tolerance, as a share of the tensor's largest entry."""
        self.assertEqual(found.shape, expected.shape, what)
        error = abs(found - expected).max() / abs(expected).max()
        self.assertLessEqual(error, tolerance, what)


def write_idx(folder, images):
    """Images [n, h, w] of uint8 as the data set `mnist` of --data_dir, training and test images alike."""
    folder = pathlib.Path(folder) / "mnist"
    folder.mkdir(parents=True)
    number = lambda value: int(value).to_bytes(4, "big")
    labels = bytes(i % 10 for i in range(len(images)))
    for part in ("train", "t10k"):
        sizes = b"".join(map(number, images.shape))
        (folder / f"{part}-images-idx3-ubyte").write_bytes(number(0x803) + sizes + images.tobytes())
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(number(0x801) + number(len(images)) + labels)


def write_pngs(folder, images):
    """Images [n, h, w, 3] of uint8 as a folder of PNGs for --dataset, training and test images alike."""
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    for i, image in enumerate(images):
        rows = b"".join(b"\0" + row.tobytes() for row in image)  # 0: not filtered
        header = struct.pack(">IIBBBBB", image.shape[1], image.shape[0], 8, 2, 0, 0, 0)
        png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
        for part in ("train", "test"):
            path = pathlib.Path(folder) / part / "class" / f"{i:03}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(png)
