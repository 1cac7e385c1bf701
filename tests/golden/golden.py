"""Shared by the record_*.py: the inputs that golden.h also makes, and the file format."""
import pathlib

import numpy as np


def noise(seed, *shape):
    """Numbers in [0, 1), as golden.h makes them."""
    out = np.empty(int(np.prod(shape)))
    x = seed
    for i in range(out.size):
        x = (x * 1103515245 + 12345) % 2**31
        out[i] = (x >> 8) / 2**23
    return out.reshape(shape).astype(np.float32)


def write(name, numbers):
    """Lines "name value..." in a file beside this one."""
    path = pathlib.Path(__file__).with_name(name)
    with open(path, "w") as out:
        for key, values in numbers.items():
            values = np.asarray(values, dtype=np.float64).ravel()
            out.write(" ".join([key] + [f"{v:.9g}" for v in values]) + "\n")
    print(path)
