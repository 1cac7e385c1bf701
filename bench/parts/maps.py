"""UMAP from file to file, compared with umap-learn: time, memory and quality of maps of latents and of raw pixels."""
import json

import process

SEEDS = 3
AIM_COLD, AIM_WARM = {"latents": 10.0}, {"latents": 6.0, "pixels": 4.0}
QUALITIES = {"trustworthiness": "trustworthiness", "map_knn_accuracy": "10-NN accuracy in the map"}
MOST_BELOW = -0.005


def own_map(bench, points, out, seed):
    return process.run([bench.program, "project", "umap", points, "-o", out, "--seed", seed, "--quiet"])


def quality(bench, points, drawn, labels):
    """Trustworthiness and 10-NN accuracy of any map, by one scorer."""
    told = process.run([bench.program, "project", "quality", points, drawn, "--labels", labels, "--json", "--quiet"])
    return json.loads(told["output"])


def measure(bench):
    datasets = [bench.dataset]
    if bench.dataset == "mnist" and not bench.quick:
        try:
            process.run([bench.program, "data", "fetch", "fashion_mnist", "--quiet"])
            datasets.append("fashion_mnist")
        except process.Failed as error:
            bench.results.miss("maps of Fashion-MNIST", str(error))
    for dataset in datasets:
        for kind in ("latents", "pixels"):
            side_by_side(bench, dataset, kind, *(bench.latents if kind == "latents" else bench.pixels)(dataset))


def side_by_side(bench, dataset, kind, points, labels):
    """Three maps each, in turn. umap-learn's first includes start, imports and compilation; the others are warm."""
    bench.say(f"maps of {dataset}, {kind}")
    label = f"{dataset}, {kind}"
    peers = [p for p in bench.peers if "umap" in p.modules]
    own, learned = [], {p.origin: [] for p in peers}
    drawn = {}
    workers, who = {}, {}
    try:
        for seed in range(1 if bench.quick else SEEDS):
            drawn["hourglass", seed] = out = bench.work / f"map-{seed}.npy"
            own.append(own_map(bench, points, out, seed))
            for p in peers:
                if p.origin not in workers:
                    workers[p.origin] = process.Worker([p.python, bench.script("umap_learn.py"), points])
                worker = workers[p.origin]
                drawn[p.origin, seed] = out = bench.work / f"map-{p.origin}-{seed}.npy"
                if seed == 0:
                    who[p.origin] = worker.answer()["what"]
                told = worker.ask(out)
                if seed == 0:
                    told["seconds"] += worker.ready_seconds  # start and imports
                learned[p.origin].append(told)
    finally:
        peaks = {origin: worker.close() for origin, worker in workers.items()}

    results = bench.results
    seconds = [run["seconds"] for run in own]
    results.add("maps", f"UMAP of {label}, from file to file", "hourglass", "s", seconds, "less",
                facts={"peak_bytes": max(run["peak_bytes"] for run in own)})
    for p in peers:
        told, name = learned[p.origin], who[p.origin]
        facts = {"origin": p.origin, "peak_bytes": peaks[p.origin]}
        results.add("maps", f"UMAP of {label}, first run, from file to file", name, "s", [told[0]["seconds"]], "less", facts=facts)
        results.compare("maps", f"{label}: hourglass over {name}'s first run", [told[0]["seconds"] / s for s in seconds],
                        AIM_COLD.get(kind))
        if len(told) > 1:
            warm = [t["seconds"] for t in told[1:]]
            results.add("maps", f"UMAP of {label}, warm, from file to file", name, "s", warm, "less", facts=facts)
            results.add("maps", f"UMAP of {label}, warm, fit alone", name, "s", [t["fit_seconds"] for t in told[1:]], "less",
                        facts=facts)
            results.compare("maps", f"{label}: hourglass over {name}'s warm run", [w / s for w, s in zip(warm, seconds[1:])],
                            AIM_WARM[kind])
    compare_recall(bench, label, points, learned, who, 0.97 if kind == "pixels" else None)
    compare_quality(bench, label, points, labels, drawn, who)


def compare_recall(bench, label, points, learned, who, least):
    """The recall of the neighbours of each program, and the time of our search alone."""
    name = f"recall of the neighbours, {label}"
    with process.Worker([bench.tool("bench_maps"), "neighbours", points]) as worker:
        told = [worker.ask(bench.threads) for _ in range(1 if bench.quick else SEEDS)]
    bench.results.add("maps", f"neighbours of {label}, alone", "hourglass", "s", [t["seconds"] for t in told], "less",
                      note=told[0]["how"])
    bench.results.add("maps", name, "hourglass", "", [told[0]["recall"]])
    for origin, maps in learned.items():
        bench.results.add("maps", name, who[origin], "", [m["recall"] for m in maps], facts={"origin": origin})
    if least is not None:
        bench.results.compare("maps", name, [told[0]["recall"]], least, "")


def compare_quality(bench, label, points, labels, drawn, who):
    scores = {}
    for (origin, _), path in drawn.items():
        told = quality(bench, points, path, labels)
        for key in QUALITIES:
            scores.setdefault((origin, key), []).append(told[key])
    for (origin, key), values in scores.items():
        bench.results.add("maps", f"{QUALITIES[key]}, {label}", who.get(origin, "hourglass"), "", values,
                          facts={"origin": origin})
        if origin != "hourglass":
            ours = sum(scores["hourglass", key]) / len(values)
            bench.results.compare("maps", f"{QUALITIES[key]}, {label}: hourglass less {who[origin]}, mean of the maps",
                                  [ours - sum(values) / len(values)], MOST_BELOW, "")
