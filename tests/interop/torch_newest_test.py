"""PyPI's newest PyTorch, where script/bench --peers newest has installed it: see torch_cases.py."""
import counterpart

counterpart.need("torch", "numpy", python=counterpart.environment("peers"), remedy="run script/bench --peers newest")

from torch_cases import Torch  # noqa: E402, F401

counterpart.main()
