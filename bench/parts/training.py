"""Images per second in training and encoding, hourglass and PyTorch in turn, and the multiply-add peak in the same rounds."""
import itertools
import json
import statistics

import process

ROUNDS, SECONDS = 7, 1.2  # turns of each, and about how long a turn is
LATENT_DIMS = (32, 128)
AIM_OVER = {"Debian": 6.0, "newest": 3.0}


class Contender:
    """A worker with one latent dimension and number of threads."""

    def __init__(self, origin, latent_dim, threads, command):
        self.origin, self.latent_dim, self.threads = origin, latent_dim, threads
        self.worker = process.Worker(command)
        self.facts = self.worker.answer()
        self.who = self.facts["what"]
        self.settings = " ".join(self.facts.get("settings", []))
        self.steps = self.images = 1
        self.trained, self.encoded = [], []

    def train(self):
        return self.worker.ask("train", self.steps)["images_per_second"]

    def encode(self):
        return self.worker.ask("encode", self.images)["images_per_second"]

    def calibrate(self, seconds):
        """Warms up, and chooses the work of a turn of about `seconds`."""
        self.train()
        self.steps = max(2, round(self.train() * seconds / 128))
        self.images = 128
        self.images = max(128, round(self.encode() * seconds / 2))

    def take_turn(self):
        self.trained.append(self.train())
        self.encoded.append(self.encode())


def own(bench, latent_dim, threads):
    return Contender("hourglass", latent_dim, threads, [bench.tool("bench_training"), latent_dim, threads, bench.dataset])


def pytorch(bench, peer, latent_dim, threads, settings, pixels):
    script = bench.script("pytorch.py")
    return Contender(peer.origin, latent_dim, threads, [peer.python, script, latent_dim, threads, pixels, *settings])


def fastest_settings(bench, peer, threads, pixels):
    """Tries several settings of PyTorch, reports each, and returns the fastest."""
    tried = []
    choices = [(), ("channels_last",)]
    if peer.origin == "newest" and not bench.quick:
        choices += [("compile",), ("channels_last", "compile")]
    for settings in choices:
        try:
            contender = pytorch(bench, peer, LATENT_DIMS[0], threads, settings, pixels)
        except process.Failed as error:
            bench.results.miss(f"{peer.origin}'s PyTorch with {' '.join(settings)}", str(error))
            continue
        with contender.worker:
            contender.calibrate(0.1 if bench.quick else SECONDS)
            values = [contender.train() for _ in range(1 if bench.quick else 3)]
        words = " ".join(settings) or "as it comes"
        bench.results.add("settings", f"train, latent {LATENT_DIMS[0]}, {plural(threads)}, {words}", contender.who,
                          "images/s", values, facts={"origin": peer.origin})
        tried.append((max(values), settings))
    return max(tried)[1] if tried else None


def plural(threads):
    return f"{threads} thread{'' if threads == 1 else 's'}"


def contenders(bench, pixels):
    """hourglass, and every PyTorch at its fastest settings, at each number of threads."""
    all_threads = sorted({1, bench.threads})
    found = [own(bench, d, t) for d, t in itertools.product(LATENT_DIMS, all_threads)]
    for peer in bench.peers:
        if "torch" not in peer.modules:
            continue
        for threads in all_threads:
            settings = fastest_settings(bench, peer, threads, pixels)
            if settings is None:
                continue
            for latent_dim in LATENT_DIMS if threads == bench.threads else LATENT_DIMS[:1]:
                found.append(pytorch(bench, peer, latent_dim, threads, settings, pixels))
    return found


def same_network(bench, everyone):
    """With a checkpoint's parameters, PyTorch must compute the same error as hourglass."""
    checkpoint, _ = bench.model(bench.dataset)
    told = json.loads(process.run([bench.program, "eval", checkpoint, "--json", "--quiet"])["output"])
    for origin in dict.fromkeys(c.origin for c in everyone if c.origin != "hourglass"):
        contender = next(c for c in everyone if c.origin == origin)
        if bench.quick:  # the images are the first few, not the test set
            mse = None
        else:
            mse = contender.worker.ask("check", checkpoint, told["images"])["mse"]
            if abs(mse - told["mse"]) > 1e-4 * told["mse"]:
                raise process.Failed(f"{contender.who} has an error of {mse}, hourglass {told['mse']}: not the same network")
        ours = next(c for c in everyone if c.origin == "hourglass" and c.latent_dim == contender.latent_dim)
        if contender.facts["parameters"] != ours.facts["parameters"]:
            raise process.Failed(f"{contender.who} has {contender.facts['parameters']} parameters, hourglass "
                                 f"{ours.facts['parameters']}: not the same network")


def measure(bench):
    pixels, _ = bench.pixels(bench.dataset)
    everyone = contenders(bench, pixels)
    try:
        same_network(bench, everyone)
        for contender in everyone:
            contender.calibrate(0.05 if bench.quick else SECONDS)
        ours = {(c.latent_dim, c.threads): c for c in everyone if c.origin == "hourglass"}
        peaks = {c.threads: [] for c in ours.values()}
        for _ in range(2 if bench.quick else ROUNDS):
            for threads, values in peaks.items():
                values.append(ours[LATENT_DIMS[0], threads].worker.ask("peak", 0.3)["operations_per_second"])
            for contender in everyone:
                contender.take_turn()
        report(bench, everyone, ours, peaks)
    finally:
        for contender in everyone:
            contender.worker.close()


def report(bench, everyone, ours, peaks):
    results = bench.results
    for c in everyone:
        where = f"latent {c.latent_dim}, {plural(c.threads)}"
        facts = {"origin": c.origin, "parameters": c.facts["parameters"]}
        results.add("training", f"train, {where}", c.who, "images/s", c.trained, note=c.settings, facts=facts)
        results.add("training", f"encode, {where}", c.who, "images/s", c.encoded, note=c.settings, facts=facts)
    for threads, values in peaks.items():
        results.add("training", f"multiply-add peak, {plural(threads)}", "hourglass", "GFLOP/s", [v / 1e9 for v in values])

    for (latent_dim, threads), c in ours.items():
        share = [t * c.facts["operations_per_image"] / p for t, p in zip(c.trained, peaks[threads])]
        aim = 0.5 if (latent_dim, threads) == (LATENT_DIMS[0], bench.threads) else None
        results.compare("training", f"share of the peak, latent {latent_dim}, {plural(threads)}", share, aim, unit="of it")
    for latent_dim in LATENT_DIMS:
        most = ours[latent_dim, bench.threads]
        aims = latent_dim == LATENT_DIMS[0]  # the others are shown without one
        if bench.threads > 1:
            single = ours[latent_dim, 1]
            results.compare("training", f"{plural(bench.threads)} over 1, latent {latent_dim}",
                            [a / b for a, b in zip(most.trained, single.trained)],
                            1.85 if aims and bench.threads == 2 else None)
        for origin in AIM_OVER:
            peers = [c for c in everyone if c.origin == origin and c.latent_dim == latent_dim]
            for task, aim in (("trained", AIM_OVER[origin] if aims else None), ("encoded", None)):
                if peers:
                    best = max(peers, key=lambda c: statistics.median(getattr(c, task)))
                    results.compare("training", f"latent {latent_dim}, images {task}: hourglass over {best.who} at its fastest",
                                    [a / b for a, b in zip(getattr(most, task), getattr(best, task))], aim)
