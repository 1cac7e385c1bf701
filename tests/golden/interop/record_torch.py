"""Records the .pth files beside it, with PyTorch. Run: python3 record_torch.py, with torch installed: Debian's 1.13, and a
newer one for another types_VERSION.pth. The values are those that src/hourglass/interop/torch_test.cpp expects."""

import pathlib
import sys
from collections import OrderedDict

import torch

here = pathlib.Path(__file__).parent
version = "_".join(torch.__version__.split(".")[:2])


def real(shape, dtype=torch.float32):
    """Element i is (i - 2) / 4, exact in every type here."""
    count = torch.Size(shape).numel()
    return ((torch.arange(count) - 2) / 4).to(dtype).reshape(shape)


torch.save(
    OrderedDict(
        [
            ("conv1.weight", real((2, 1, 3, 3))),
            ("turned", real((3, 4)).t().contiguous().t()),
            ("part", torch.cat([torch.ones(5), real((6,))])[5:]),
            ("half", real((2, 2), torch.float16)),
            ("brain", real((4,), torch.bfloat16)),
            ("double", real((3,), torch.float64)),
            ("step", torch.tensor(7)),
            ("empty", torch.zeros(0, 4)),
            ("parameter", torch.nn.Parameter(real((3,)))),
        ]
    ),
    here / f"types_{version}.pth",
)
if version != "1_13":
    sys.exit()  # the rest has the same form in all versions
torch.save(torch.nn.Linear(2, 1).state_dict(), here / "module_state.pth")
torch.save(
    {"epoch": 3, "model": {"encoder": torch.nn.Linear(2, 1).state_dict()}, "note": [1.5, None, True, "x"]},
    here / "nested.pth",
    pickle_protocol=4,
)
torch.save(torch.nn.Linear(2, 1), here / "whole_module.pth")
torch.save({"a": real((2,))}, here / "before_1_6.pth", _use_new_zipfile_serialization=False)
