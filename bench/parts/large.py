"""UMAP of many rows: the latents repeated with small noise; time, and whether memory grows linearly."""
import process
from parts.maps import own_map


def tiled_map(bench, rows):
    latents, _ = bench.latents(bench.dataset)
    points, _ = bench.made(f"tiled-{rows}.npy", lambda out: process.run(
        [bench.tool("bench_maps"), "tile", latents, rows, out]))
    run = own_map(bench, points, bench.work / "tiled-map.npy", 0)
    points.unlink()
    bench.results.add("large", f"UMAP of {rows:,} x 32, from file to file", "hourglass", "s", [run["seconds"]], "less")
    bench.results.add("large", f"UMAP of {rows:,} x 32, memory", "hourglass", "MiB", [run["peak_bytes"] / 2**20], "less")
    return run["peak_bytes"]


def measure(bench):
    few, many = (1_500, 3_000) if bench.quick else (70_000, 300_000)
    base, most = tiled_map(bench, few), tiled_map(bench, many)
    bench.results.compare("large", f"UMAP of {many:,} x 32, memory", [most / 2**20], 4096, "MiB", "less")
    bench.results.compare("large", f"memory of {many:,} rows over {few:,}, by their ratio", [most / base * few / many], 1.1,
                          "times", "less")
