"""Finds the peers: Debian's packages, and on request PyPI's newest in a virtual environment.

A missing peer is always reported with the reason.
"""
import dataclasses
import os
import pathlib
import shutil
import subprocess

import process

MODULES = {"torch": "PyTorch", "umap": "umap-learn", "sklearn": "scikit-learn"}
PACKAGES = {"torch": "python3-torch", "umap": "umap-learn", "sklearn": "python3-sklearn"}
DEBIAN_PYTHON = pathlib.Path("/usr/bin/python3")
NEEDED_BYTES = 8 << 30  # PyTorch's wheel includes GPU libraries


@dataclasses.dataclass
class Peer:
    origin: str            # "Debian" or "newest"
    python: pathlib.Path
    modules: list          # the importable ones of MODULES


def venv_folder():
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(cache) / "hourglass" / "peers"


def importable(python, module):
    """None, or the reason why it cannot be imported."""
    if not python.exists():
        return f"{python} does not exist"
    done = subprocess.run([python, "-c", f"import {module}"], capture_output=True, text=True)
    return None if done.returncode == 0 else process.last_line(done.stderr)


def install_newest(say):
    """Creates the virtual environment unless it exists. Raises Failed with the reason if that fails."""
    folder = venv_folder()
    python = folder / "bin" / "python"
    if python.exists() and not importable(python, "torch") and not importable(python, "umap"):
        return python
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < NEEDED_BYTES:
        raise process.Failed(f"{folder} has {free / 2**30:.1f} GiB free, the newest PyTorch needs "
                             f"{NEEDED_BYTES >> 30}: free some, or set XDG_CACHE_HOME to another disk")
    say(f"installing PyPI's newest PyTorch and umap-learn into {folder} (gigabytes)")
    base = DEBIAN_PYTHON if DEBIAN_PYTHON.exists() else "python3"
    for command in ([base, "-m", "venv", folder], [python, "-m", "pip", "install", "-q", "torch", "umap-learn"]):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise process.Failed(f"{command[1]} {command[2]}: {process.last_line(done.stderr or done.stdout)}")
    return python


def find(which, results, say):
    """The peers to measure: `which` is "none", "debian" or "newest" (which includes Debian's)."""
    if which == "none":
        results.miss("all peers", "not asked for: --peers none")
        return []
    pythons = [("Debian", DEBIAN_PYTHON)]
    if which == "newest":
        try:
            pythons.append(("newest", install_newest(say)))
        except process.Failed as error:
            results.miss("PyPI's newest PyTorch and umap-learn", str(error))
    else:
        results.miss("PyPI's newest PyTorch and umap-learn", "not asked for: --peers newest")
    peers = []
    for origin, python in pythons:
        peer = Peer(origin, python, [])
        for module, name in MODULES.items():
            why = importable(python, module)
            if why is None:
                peer.modules.append(module)
            else:
                remedy = f"; apt-get install {PACKAGES[module]}" if origin == "Debian" else ""
                results.miss(f"{origin}'s {name}" if origin == "Debian" else f"the newest {name}", why + remedy)
        peers.append(peer)
    return peers
