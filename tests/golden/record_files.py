"""Records files of every format of this version, and the results from them, for tests/cli/older_files_test.cpp.

    python3 tests/golden/record_files.py build/release/hourglass tests/golden/files_1

To be run once for each version that changes a format, into a new folder; older folders stay as they are. They hold
small data (8x8 pixels), the files of a run of two epochs, two saved projections, and expected/: the results that encode, eval,
project apply and a third epoch gave. Recorded with --kernels avx2.
"""
import os
import shutil
import struct
import subprocess
import sys

program, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
state = 7


def noise():
    global state
    state = (state * 1103515245 + 12345) % 2**31
    return state >> 8


def write(path, data):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def images(part, count):
    pixels, labels = bytearray(), bytearray()
    for i in range(count):
        label = i % 10
        labels.append(label)
        for y in range(8):
            for x in range(8):  # a bar for each class, on a dark background
                on = x == label if label < 5 else y == label - 3
                pixels.append(noise() % 64 + (190 if on else 0))
    write(f"data/mnist/{part}-images-idx3-ubyte", struct.pack(">4i", 0x803, count, 8, 8) + pixels)
    write(f"data/mnist/{part}-labels-idx1-ubyte", struct.pack(">2i", 0x801, count) + labels)


def hourglass(*words):
    print("hourglass", *words)
    return subprocess.run([program, *words], check=True, stdout=subprocess.PIPE).stdout


def train(epochs, out, *more):
    hourglass("train", "--dataset", "mnist", "--latent_dim", "1", "--batch_size", "16", "--epochs", epochs, "--validation",
              "4", "--seed", "3", "--kernels", "avx2", "--out", out, "--quiet", *more)


os.makedirs(folder)
os.chdir(folder)
images("train", 40)
images("t10k", 16)
rows = struct.pack("<90f", *(noise() / 2**23 for _ in range(90)))
header = "{'descr': '<f4', 'fortran_order': False, 'shape': (30, 3), }"
write("rows.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", 118) + header.ljust(117).encode() + b"\n" + rows)

train("2", "run")
models = "run/models/AE/"
for name in "mnist_1.safetensors", "mnist_1.resume.safetensors", "mnist_1.metrics.jsonl":
    shutil.copy(models + name, name)
write("expected/eval.json", hourglass("eval", "mnist_1.safetensors", "--json", "--kernels", "avx2"))
hourglass("encode", "mnist_1.safetensors", "-o", "expected/codes.npy", "--kernels", "avx2", "--quiet")
train("3", "run", "--resume")
shutil.copy(models + "mnist_1.metrics.jsonl", "expected/resumed.metrics.jsonl")
shutil.rmtree("run")
# expected/umap.npy is of a later program, which maps new rows by another rule.
for kind in "pca", "umap":
    hourglass("project", kind, "rows.npy", "-o", "map.npy", "--save", kind + ".safetensors", "--quiet")
    hourglass("project", "apply", kind + ".safetensors", "rows.npy", "-o", f"expected/{kind}.npy", "--quiet")
os.remove("map.npy")
