"""Debian's PyTorch (1.13 in Debian 12): see torch_cases.py."""
import counterpart

counterpart.need("torch", "numpy", python=counterpart.DEBIAN, remedy="run script/setup --peers")

from torch_cases import Torch  # noqa: E402, F401

counterpart.main()
