"""UMAP's layout alone, on the latents, in turn with one thread and with all."""
import process
from parts.training import plural

ROUNDS = 3


def measure(bench):
    latents, _ = bench.latents(bench.dataset)
    times = {threads: [] for threads in sorted({1, bench.threads})}
    with process.Worker([bench.tool("bench_maps"), "layout", latents]) as worker:
        for _ in range(1 if bench.quick else ROUNDS):
            for threads, seconds in times.items():
                seconds.append(worker.ask(threads)["seconds"])
    for threads, seconds in times.items():
        bench.results.add("layout", f"layout of the latents, {plural(threads)}", "hourglass", "s", seconds, "less")
    if bench.threads > 1:
        bench.results.compare("layout", f"layout: {plural(bench.threads)} over 1",
                              [a / b for a, b in zip(times[1], times[bench.threads])], 1.6)
