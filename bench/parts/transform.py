"""Transform of one new point into a map of latents, with the model in memory: the latency for a cursor or a stream."""
import process

ROUNDS, AIM_MS = 3, 2.0


def measure(bench):
    latents, _ = bench.latents(bench.dataset)
    name = f"one new point among {bench.rows(70_000):,} x 32"
    with process.Worker([bench.tool("bench_maps"), "transform", latents]) as worker:
        told = [worker.ask(1) for _ in range(1 if bench.quick else ROUNDS)]
    bench.results.add("transform", f"{name}, median of {told[0]['points']}", "hourglass", "ms",
                      [t["seconds"] * 1e3 for t in told], "less")
    slowest = f"{name}, the slowest"
    bench.results.add("transform", slowest, "hourglass", "ms", [t["slowest"] * 1e3 for t in told], "less")
    bench.results.compare("transform", slowest, [max(t["slowest"] for t in told) * 1e3], AIM_MS, "ms", "less")
