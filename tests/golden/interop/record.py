"""Records the files beside it, with other people's writers. Run: python3 record.py, with numpy and
safetensors installed. The values are those that src/hourglass/interop/golden_test.cpp expects."""

import pathlib

import numpy as np
from safetensors.numpy import save_file

here = pathlib.Path(__file__).parent

# Element i of a real array is (i - 2) / 4, of one of whole numbers 3 i: exact in every type here.
def real(shape, dtype):
    return ((np.arange(np.prod(shape, dtype=int)) - 2) / 4).astype(dtype).reshape(shape)

def whole(shape, dtype):
    return (3 * np.arange(np.prod(shape, dtype=int))).astype(dtype).reshape(shape)

save_file(
    {
        "encoder.conv1.weight": real((2, 1, 3, 3), np.float32),
        "encoder.conv1.bias": real((2,), np.float32),
        "sums": real((3,), np.float64),
        "half": real((2, 2), np.float16),
        "step": whole((), np.int64),
        "order": whole((5,), np.int64),
        "image": whole((2, 3), np.uint8),
        "mask": np.array([True, False, True]),
        "empty": np.zeros((0, 4), np.float32),
    },
    here / "reference.safetensors",
    metadata={"format": "np", "text": 'quotes " and \u00fc and \n'},
)

np.save(here / "float32.npy", real((2, 3, 4), np.float32))
np.save(here / "float64_fortran.npy", np.asfortranarray(real((3, 4), np.float64)))
np.save(here / "float32_big_fortran.npy", np.asfortranarray(real((2, 3, 2, 5), ">f4")))
np.save(here / "int64_big.npy", whole((7,), ">i8"))
np.save(here / "uint8.npy", whole((4, 5), np.uint8))
np.save(here / "scalar.npy", real((), np.float32))
np.save(here / "empty.npy", np.zeros((0, 3), np.float32))

arrays = {
    "latents": real((6, 3), np.float32),
    "labels": whole((6,), np.int64),
    "zeros": np.zeros((40, 40), np.float64),
}
np.savez(here / "stored.npz", **arrays)
np.savez_compressed(here / "deflated.npz", **arrays)
