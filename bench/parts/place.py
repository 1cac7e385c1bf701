"""One new point placed in a map of the codes, its model in memory: what a cursor or a stream of points waits for."""
import process

ROUNDS, AIM_MS = 3, 2.0


def measure(bench):
    codes, _ = bench.codes(bench.dataset)
    name = f"one new point among {bench.rows(70_000):,} x 32"
    with process.Worker([bench.tool("bench_maps"), "place", codes]) as worker:
        told = [worker.ask(1) for _ in range(1 if bench.quick else ROUNDS)]
    bench.results.add("place", f"{name}, median of {told[0]['points']}", "hourglass", "ms",
                      [t["seconds"] * 1e3 for t in told], "less")
    slowest = f"{name}, the slowest"
    bench.results.add("place", slowest, "hourglass", "ms", [t["slowest"] * 1e3 for t in told], "less")
    bench.results.compare("place", slowest, [max(t["slowest"] for t in told) * 1e3], AIM_MS, "ms", "less")
