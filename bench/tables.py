"""Results as Markdown: the final table of script/bench, and the roofline of the layers."""
import re

ORIGINS = {"hourglass": "hourglass", "Debian": "Debian's peer", "newest": "newest peer"}


def number(x):
    """Three significant digits, without an exponent."""
    size = abs(x)
    if size >= 1000:
        return f"{float(f'{x:.3g}') if size < 1e4 else round(x, -2):,.0f}"
    for bound, digits in ((100, 0), (10, 1), (1, 2), (0.1, 3)):
        if size >= bound:
            return f"{x:.{digits}f}"
    return f"{x:.2g}" if size >= 1e-4 or x == 0 else f"{x:.1e}"


def cell(values, exact=False):
    """The median, and the quartiles if there are several measurements."""
    from results import quartiles
    show = (lambda x: f"{x:.4f}") if exact else number
    low, middle, high = quartiles(values)
    return show(middle) if len(values) == 1 else f"{show(middle)} ({show(low)} to {show(high)})"


def rows_of(figures):
    """One row for each measured quantity, with a cell for each origin."""
    rows = {}
    for f in figures:
        # umap-learn's cold and warm runs have separate rows.
        rows.setdefault((f.part, f.name, f.unit), {})[f.facts.get("origin", "hourglass")] = f
    return rows


def aim(comparison):
    if comparison.aim is None:
        return "", ""
    bound = "at least" if comparison.better == "more" else "at most"
    return f"{bound} {comparison.aim:g}", "yes" if comparison.reached else "**no**"


def machine_line(results):
    m = results.machine
    versions = sorted({f.who for f in results.figures if f.who != "hourglass"})
    line = (f"hourglass {m['hourglass']} ({m['commit']}) on {m['cores']} cores of {m['processor']}, {m['kernels']}, {m['date']}; "
            f"data: {results.options['dataset']}")
    return line + (f"; compared with {', '.join(versions)}" if versions else "")


def summary(results, parts=None):
    """Figures, comparisons and what is missing, of some parts or all. The times of operations are in roofline()."""
    figures = [f for f in results.figures if (f.part != "kernels" or f.unit != "us") and (not parts or f.part in parts)]
    origins = [o for o in ORIGINS if any(f.facts.get("origin", "hourglass") == o for f in figures)] or ["hourglass"]
    lines = [machine_line(results), "", "Medians, and quartiles where measured several times.", ""]
    lines.append(f"| measured | unit | {' | '.join(ORIGINS[o] for o in origins)} | aim | reached |")
    lines.append("|---" * (len(origins) + 4) + "|")
    aims = {(c.part, c.name): c for c in results.comparisons if not parts or c.part in parts}
    for (part, name, unit), by_origin in rows_of(figures).items():
        bound, reached = aim(aims.pop((part, name))) if (part, name) in aims else ("", "")
        cells = []
        for o in origins:
            f = by_origin.get(o)
            note = f", {f.note}" if f and f.note else ""
            cells.append(cell(f.values, not unit) + note if f else "")
        lines.append(f"| {name} | {unit} | {' | '.join(cells)} | {bound} | {reached} |")
    for c in aims.values():
        bound, reached = aim(c)
        blank = " |" * (len(origins) - 1)
        lines.append(f"| {c.name} | {c.unit} | {cell(c.values, not c.unit)} |{blank} {bound} | {reached} |")
    for what in results.missing:
        lines.append("")
        lines.append(f"Not measured: {what['what']}: {what['why']}.")
    return "\n".join(lines)


def headline(results):
    """Training compared with peers, and all aims with their results: the table of the README."""
    lines = [machine_line(results), "", "| | measured | aim |", "|---|---|---|"]
    for (_, name, unit), by_origin in rows_of(results.of_part("training")).items():
        if name.startswith("train,"):
            each = "; ".join(f"{f.who} {cell(f.values)}" for f in by_origin.values())
            lines.append(f"| {name}, {unit} | {each} | |")
    for c in results.comparisons:
        if c.aim is not None and c.unit and c.part != "pca":
            bound, reached = aim(c)
            lines.append(f"| {c.name} | {cell(c.values)} {c.unit} | {bound}{'' if reached == 'yes' else ': **missed**'} |")
    return "\n".join(lines)


def roofline(results):
    """Each operation of the network for a chunk of 8 images on one thread: its work, lower bound and time."""
    lines = [machine_line(results), "",
             "| operation | Mop | KiB | floor, us | bound by | time, us | floor / time | of the peak |",
             "|---|---|---|---|---|---|---|---|"]
    for f in results.of_part("kernels"):
        if "floor_us" not in f.facts:
            continue
        k = f.facts
        lines.append(f"| {f.name} | {number(k['operations'] / 1e6)} | {number(k['bytes'] / 1024)} | {number(k['floor_us'])} | "
                     f"{k['bound']} | {cell(f.values)} | {k['floor_us'] / f.median:.0%} | {k['of_peak']:.0%} |")
    return "\n".join(lines)


# The tables in documents, by the name in their marks.
PARTS_OF = {"training": ("settings", "training", "program"), "maps": ("pca", "layout", "transform", "maps", "large", "million"),
            "roofline": ("kernels",)}
SECTIONS = {
    "headline": headline,
    "training": lambda results: summary(results, PARTS_OF["training"]),
    "maps": lambda results: summary(results, PARTS_OF["maps"]),
    "roofline": roofline,
}


def pasted(document, results):
    """The document with new tables between `<!-- bench/report NAME -->` and `<!-- end -->`, and the names found.
    Tables of parts that were not run stay as they are."""
    names = []
    parts = {f.part for f in results.figures}

    def replaced(match):
        names.append(match[2])
        if not parts & set(PARTS_OF.get(match[2], parts)):
            return match[0]
        return f"{match[1]}\n{SECTIONS[match[2]](results)}\n{match[3]}"
    choice = "|".join(SECTIONS)
    return re.sub(rf"(<!-- bench/report ({choice}) -->).*?(<!-- end -->)", replaced, document, flags=re.DOTALL), names
