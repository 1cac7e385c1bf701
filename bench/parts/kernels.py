"""Single operations of the network on one thread, from the op table: times, compared with their lower bounds."""
import json

import process


def measure(bench):
    best = bench.results.machine["kernels"]
    speed = ["--benchmark_min_time=0.001"] if bench.quick else ["--benchmark_min_time=0.05", "--benchmark_repetitions=7"]
    output = process.run([bench.tool("bench_kernels"), f"--benchmark_filter=/{best}/", "--benchmark_format=json",
                          "--benchmark_enable_random_interleaving=true", *speed])["output"]
    told = json.loads(output)
    peak, bandwidth = (float(told["context"][f"{what}_{best}"]) for what in ("peak", "bandwidth"))
    bench.results.add("kernels", "multiply-add peak, 1 thread", "hourglass", "GFLOP/s", [peak / 1e9])
    bench.results.add("kernels", "second cache's bandwidth, 1 thread", "hourglass", "GB/s", [bandwidth / 1e9])
    runs = {}
    for entry in sorted(told["benchmarks"], key=lambda e: e["family_index"]):  # as in the op table
        if entry["run_type"] == "iteration":
            runs.setdefault(entry["run_name"], []).append(entry)
    for name, entries in runs.items():
        layer, _, way = name.split("/")[:3]
        seconds = [e["cpu_time"] * 1e-9 for e in entries]  # the base of Google Benchmark's rates
        operations, all_bytes = (entries[0][what] * seconds[0] for what in ("operations", "bytes"))
        bench.results.add("kernels", f"{layer}, {way}", "hourglass", "us", [s * 1e6 for s in seconds], "less", facts={
            "operations": round(operations), "bytes": round(all_bytes),
            "floor_us": max(operations / peak, all_bytes / bandwidth) * 1e6,
            "bound": "arithmetic" if operations / peak > all_bytes / bandwidth else "memory",
            "of_peak": operations / peak / sorted(seconds)[len(seconds) // 2]})
