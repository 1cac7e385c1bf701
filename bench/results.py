"""Measured figures with their spread, comparisons, and what could not be measured, as one JSON file.

Needs only Python's standard library.
"""
import dataclasses
import json
import pathlib
import statistics

FORMAT = 1


def quartiles(values):
    """(first quartile, median, third quartile); the extremes instead of quartiles for fewer than four values."""
    ordered = sorted(values)
    if len(ordered) < 4:
        return ordered[0], statistics.median(ordered), ordered[-1]
    low, middle, high = statistics.quantiles(ordered, n=4, method="inclusive")
    return low, middle, high


@dataclasses.dataclass
class Figure:
    """One measured quantity; `values` has one entry for each measurement."""
    part: str          # part of the run: "training"
    name: str          # what was measured: "train, latent 32, 2 threads"
    who: str           # "hourglass", "PyTorch 1.13.0"
    unit: str          # "images/s"
    values: list
    better: str = "more"   # or "less"
    note: str = ""         # such as the settings
    facts: dict = dataclasses.field(default_factory=dict)  # further values by name

    @property
    def key(self):
        return f"{self.part} / {self.name} / {self.who}"

    @property
    def median(self):
        return statistics.median(self.values)


@dataclasses.dataclass
class Comparison:
    """A figure compared with another of the same rounds: a ratio or a difference."""
    part: str
    name: str
    values: list           # one for each round
    aim: float = None      # at least this, or with better = "less" at most
    unit: str = "times"
    better: str = "more"

    @property
    def median(self):
        return statistics.median(self.values)

    @property
    def reached(self):
        if self.aim is None:
            return None
        return self.median >= self.aim if self.better == "more" else self.median <= self.aim


class Results:
    def __init__(self, machine=None, options=None):
        self.machine = machine or {}   # the machine, and versions
        self.options = options or {}   # command line options
        self.figures = []
        self.comparisons = []
        self.missing = []              # {"what": ..., "why": ...}

    def add(self, *args, **kwargs):
        figure = Figure(*args, **kwargs)
        self.figures.append(figure)
        return figure

    def compare(self, *args, **kwargs):
        comparison = Comparison(*args, **kwargs)
        self.comparisons.append(comparison)
        return comparison

    def miss(self, what, why):
        self.missing.append({"what": what, "why": why})

    def of_part(self, part):
        return [f for f in self.figures if f.part == part]

    def save(self, path):
        path = pathlib.Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(path.name + ".part")
        partial.write_text(json.dumps({
            "format": FORMAT, "machine": self.machine, "options": self.options,
            "figures": [dataclasses.asdict(f) for f in self.figures],
            "comparisons": [dataclasses.asdict(c) for c in self.comparisons],
            "missing": self.missing}, indent=1) + "\n")
        partial.replace(path)

    @classmethod
    def load(cls, path):
        """Raises ValueError, one line, if the file is not one of script/bench."""
        try:
            content = json.loads(pathlib.Path(path).read_text())
            if content["format"] != FORMAT:
                raise ValueError(f"{path}: format {content['format']}, this program reads {FORMAT}")
            results = cls(content["machine"], content["options"])
            results.figures = [Figure(**f) for f in content["figures"]]
            results.comparisons = [Comparison(**c) for c in content["comparisons"]]
            results.missing = content["missing"]
        except (OSError, KeyError, TypeError, json.JSONDecodeError) as error:
            raise ValueError(f"{path}: not a file of script/bench: {error}") from error
        if any(not f.values for f in results.figures):
            raise ValueError(f"{path}: not a file of script/bench: a figure without values")
        return results
