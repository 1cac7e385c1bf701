"""The pages that the tests open, made once by the program under test and kept in HOURGLASS_PAGES (build/.../pages):

  strokes   a run of two epochs on digits, latent dimension 8, all epochs' decoders
  colour    a run of one epoch on 32 x 32 colour images whose names and classes are HTML
  matrix    a matrix [300, 6] and nothing else
  given     a matrix with its map, labels and images

Each is FOLDER/NAME.html; the run of the first two is FOLDER/NAME. Made again when the program or this file has changed.
"""
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess

import numpy as np
from PIL import Image

HOSTILE_CLASSES = ["<img src=x onerror=\"document.title='broken'\">", "a & b <b>bold</b>", "\"quoted\" ' </script>"]
HOSTILE_NAME = "</script><script>document.title='broken'</script>{:03}<!--.png"


def folder():
    given = os.environ.get("HOURGLASS_PAGES")
    return pathlib.Path(given) if given else pathlib.Path(os.environ["HOURGLASS_PROGRAM"]).parent / "tests/browser/pages"


def program(*arguments, cwd):
    """Runs hourglass and returns its standard output."""
    done = subprocess.run([os.environ["HOURGLASS_PROGRAM"], *map(str, arguments)], cwd=cwd, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"hourglass {' '.join(map(str, arguments))}: {done.returncode} {done.stderr}")
    return done.stdout


def colour_images(count=180, side=32):
    """[count, side, side, 3] of uint8: a disc, a bar or a ring in a hue of its class, and their labels [count]."""
    rng = np.random.default_rng(13)
    y, x = np.mgrid[0:side, 0:side]
    labels = np.arange(count) % 3
    images = np.zeros((count, side, side, 3), np.uint8)
    for i, label in enumerate(labels):
        cx, cy, r = rng.uniform(0.35, 0.65) * side, rng.uniform(0.35, 0.65) * side, rng.uniform(0.2, 0.35) * side
        far = np.hypot(x - cx, y - cy)
        inside = (far < r, abs(x - cx) < r / 2, (far < r) & (far > r / 2))[label]
        colour = rng.integers(60, 110, 3)
        colour[label] = rng.integers(190, 255)
        images[i][inside] = colour
    return images, labels


def clusters(count=300, columns=6):
    """A matrix [count, columns] of float32 with five groups, and the group of each row."""
    rng = np.random.default_rng(7)
    labels = rng.integers(0, 5, count)
    centres = 4 * rng.standard_normal((5, columns))
    return (centres[labels] + rng.standard_normal((count, columns))).astype(np.float32), labels.astype(np.int64)


def make_strokes(where):
    run = where / "strokes"
    run.mkdir()
    program("train", "--dataset", "strokes", "--latent_dim", 8, "--epochs", 2, "--recipe", "fast", "--visualize", "--quiet",
            cwd=run)
    program("explore", "strokes_8", "-o", where / "strokes.html", "--epochs", "all", cwd=run)


def make_colour(where):
    run = where / "colour"
    run.mkdir()
    images, labels = colour_images()
    np.savez(run / "shapes.npz", images=images, labels=np.array(HOSTILE_CLASSES)[labels],
             names=np.array([HOSTILE_NAME.format(i) for i in range(len(images))]))
    program("train", "--dataset", "shapes.npz", "--latent_dim", 4, "--epochs", 2, "--quiet", cwd=run)
    program("explore", "shapes_4", "--split", "train,test", "-o", where / "colour.html", cwd=run)


def make_matrices(where):
    run = where / "matrix"
    run.mkdir()
    matrix, labels = clusters()
    np.save(run / "X.npy", matrix)
    np.save(run / "MAP.npy", np.ascontiguousarray(matrix[:, :2]))
    np.save(run / "L.npy", labels)
    pictures = run / "pictures"
    pictures.mkdir()
    images, _ = colour_images(len(matrix), 16)
    for i, image in enumerate(images):
        Image.fromarray(image).save(pictures / f"{i:03}.png")
    program("explore", "X.npy", "-o", where / "matrix.html", cwd=run)
    program("explore", "X.npy", "--map", "MAP.npy", "--labels", "L.npy", "--images", "pictures", "-o", where / "given.html",
            cwd=run)


def stamp():
    """Changes with the program and with what is made here."""
    built = os.stat(os.environ["HOURGLASS_PROGRAM"])
    own = hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()
    return f"{built.st_mtime_ns} {built.st_size} {own}"


def made():
    """The folder of the pages. Several processes may ask at once: one makes them, the others wait."""
    where = folder()
    where.parent.mkdir(parents=True, exist_ok=True)
    with open(where.parent / f"{where.name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = where / "stamp"
        if not done.exists() or done.read_text() != stamp():
            shutil.rmtree(where, ignore_errors=True)
            where.mkdir()
            make_strokes(where)
            make_colour(where)
            make_matrices(where)
            done.write_text(stamp())
    return where
