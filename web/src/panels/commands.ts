// The commands of the program that make the figures that panels show.

import type { Pack } from "../pack";

/** The name of the split whose rows the program's figures take. */
const kTest = "test";

/** Whether the program's flags can name this point: they know rows of the test split alone. */
export function isTestRow(pack: Pack, point: number): boolean {
  const { splits } = pack.facts;
  return splits.length === 0 || splits[pack.split?.[point] ?? 0] === kTest;
}

/** hourglass visualize mnist_32 --only interp --interpolate "#17:#245"; null if no command draws it. */
export function interpCommand(pack: Pack, a: number, b: number): string | null {
  const begin = pack.facts.commands["interp"];
  if (begin === undefined || !isTestRow(pack, a) || !isTestRow(pack, b)) return null;
  return `${begin} --interpolate "#${pack.rows[a]}:#${pack.rows[b]}"`;
}

/** A latent vector with as many digits as tell float32 numbers apart. */
export function latentText(latent: Float32Array, format: "json" | "csv"): string {
  const numbers = Array.from(latent, (value) => String(Number(value.toPrecision(9))));
  return format === "json" ? `[${numbers.join(", ")}]` : numbers.join(",");
}
