// The language of the search field: `label:7 error>.01 row:4217 name:cat split:test column>3`. Terms
// are joined by "and", the values of one term, label:2,5, by "or". Everything else is a part of a name
// or a class.

import { className } from "./pack";
import type { Pack } from "./pack";

export interface Search {
  test(point: number): boolean;
  problem: string | null; // one sentence; the words that it is about are left out
}

type Test = (point: number) => boolean;

const kTerm = /^([^\s"<>=:]+|"[^"]*")(>=|<=|[<>=:])(.*)$/;

export function parseSearch(text: string, pack: Pack): Search {
  const tests: Test[] = [];
  let problem: string | null = null;
  for (const word of words(text)) {
    try {
      tests.push(termTest(word, pack));
    } catch (why) {
      problem ??= (why as Error).message;
    }
  }
  return { test: (point) => tests.every((test) => test(point)), problem };
}

/** Cut at blanks outside quotes; the quotes stay. */
function words(text: string): string[] {
  return text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
}

function plain(text: string): string {
  return text.replace(/"/g, "").toLowerCase();
}

function termTest(word: string, pack: Pack): Test {
  const [, rawField, operator, rawValue] = kTerm.exec(word) ?? [];
  if (operator === undefined) return textTest(plain(word), pack);
  const field = plain(rawField);
  const values = (rawValue.match(/(?:[^,"]|"[^"]*"?)+/g) ?? []).map(plain).filter((value) => value !== "");
  if (values.length === 0) throw new Error(`${word} lacks a value, as in ${example(field)}.`);
  switch (field) {
    case "label":
    case "class":
      if (operator === ":" || operator === "=") return labelTest(values, pack);
      throw new Error(`Classes have no order: write ${field}:${values[0]}.`);
    case "name":
      if (operator !== ":" && operator !== "=") throw new Error(`Names have no order: write name:${values[0]}.`);
      if (!pack.names) throw new Error("These rows have no names.");
      return nameTest(values, pack.names);
    case "split":
      return splitTest(values, pack);
    case "row":
      return numberTest(word, operator, values, (point) => pack.rows[point]);
  }
  const numbers = column(field, pack);
  if (numbers) return numberTest(word, operator, values, (point) => numbers[point]);
  throw new Error(`There is no ${field} here; there are ${fields(pack).join(", ")}.`);
}

function example(field: string): string {
  const values: { [field: string]: string } = { label: ":7", class: ":7", name: ":cat", split: ":test", row: ":4217" };
  return field + (values[field] ?? ">.01");
}

/** What can be searched in this pack. */
export function fields(pack: Pack): string[] {
  const all = ["row"];
  if (pack.labels) all.push("label");
  if (pack.names) all.push("name");
  if (pack.split && pack.facts.splits.length > 1) all.push("split");
  for (const name of ["error", "trustworthiness", "continuity", "overlap"] as const) if (pack[name]) all.push(name);
  for (const name of pack.columns.keys()) all.push(/[\s"<>=:]/.test(name) ? `"${name}"` : name);
  return all;
}

/** The numbers of the points under a name, or under the beginning of one: "trust". */
function column(field: string, pack: Pack): Float32Array | null {
  for (const [name, values] of pack.columns) if (name.toLowerCase() === field) return values;
  if (field.length < 3) return null;
  for (const name of ["error", "trustworthiness", "continuity", "overlap"] as const) {
    if (name.startsWith(field) && pack[name]) return pack[name];
  }
  return null;
}

function labelTest(values: string[], pack: Pack): Test {
  const { labels } = pack;
  if (!labels) throw new Error("These rows have no labels.");
  const names = pack.facts.class_names.map((name) => name.toLowerCase());
  const wanted = new Set<number>();
  for (const value of values) {
    const exact = names.indexOf(value);
    const number = Number(value);
    if (exact >= 0) wanted.add(exact);
    else if (Number.isInteger(number) && number >= 0 && (number < names.length || labels.includes(number))) wanted.add(number);
    else {
      const part = names.flatMap((name, i) => (name.includes(value) ? [i] : []));
      if (part.length === 0) throw new Error(`No class is called ${value}.`);
      for (const label of part) wanted.add(label);
    }
  }
  return (point) => wanted.has(labels[point]);
}

function nameTest(values: string[], names: string[]): Test {
  return (point) => {
    const name = names[point].toLowerCase();
    return values.some((value) => name.includes(value));
  };
}

function splitTest(values: string[], pack: Pack): Test {
  const { split } = pack;
  const { splits } = pack.facts;
  const wanted = new Set<number>();
  for (const value of values) {
    const at = splits.findIndex((name) => name.toLowerCase() === value);
    if (at < 0) throw new Error(`There is no split ${value} here; there is ${splits.join(" and ")}.`);
    wanted.add(at);
  }
  return (point) => wanted.has(split ? split[point] : 0);
}

function numberTest(word: string, operator: string, values: string[], of: (point: number) => number): Test {
  const tests = values.map((value): Test => {
    const range = /^(\S+?)\.\.(\S+)$/.exec(value);
    if (range && (operator === ":" || operator === "=")) {
      const [low, high] = [number(range[1], word), number(range[2], word)];
      return (point) => of(point) >= low && of(point) <= high;
    }
    // The pack's numbers are floats, so .1 means the float that is nearest to it.
    const limit = number(value, word);
    const near = Math.fround(limit);
    switch (operator) {
      case ">": return (point) => of(point) > near;
      case "<": return (point) => of(point) < near;
      case ">=": return (point) => of(point) >= near;
      case "<=": return (point) => of(point) <= near;
      default: return (point) => of(point) === limit || of(point) === near;
    }
  });
  return (point) => tests.some((test) => test(point));
}

function number(text: string, word: string): number {
  const value = Number(text.replace(/_/g, ""));
  if (text === "" || Number.isNaN(value)) throw new Error(`${word}: ${text || "nothing"} is not a number.`);
  return value;
}

function textTest(part: string, pack: Pack): Test {
  const { names, labels } = pack;
  const classes = pack.facts.class_names.map((name) => name.toLowerCase().includes(part));
  if (part === "") return () => true;
  if (!names && !classes.includes(true))
    throw new Error(labels ? `No class is called ${part}.` : `${part} is no term: write, for example, row:4217.`);
  return (point) =>
    (labels !== null && labels[point] >= 0 && (classes[labels[point]] ?? className(pack, point).includes(part))) ||
    (names !== null && names[point].toLowerCase().includes(part));
}
