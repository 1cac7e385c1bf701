"""UMAP of a million rows: runs only if it is named."""
from parts.large import tiled_map


def measure(bench):
    tiled_map(bench, 4_000 if bench.quick else 1_000_000)
