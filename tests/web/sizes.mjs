// What a visitor of the page loads besides data, gzipped: the bars of docs/design.md.
//   node tests/web/sizes.mjs PAGE_FOLDER

import { readFileSync } from "node:fs";
import { join } from "node:path";

const kKilobyte = 1000;
const sizes = JSON.parse(readFileSync(join(process.argv[2], "sizes.json"), "utf8"));
let status = 0;
for (const [what, bytes, most] of [
  ["engine.wasm", sizes.engine_gz, 280 * kKilobyte],
  ["script and style of the page", sizes.code_gz, 52 * kKilobyte],
  ["script of the worker", sizes.worker_gz, 12 * kKilobyte],
]) {
  const fits = bytes <= most;
  console.log(`${what}: ${bytes} bytes gzipped, at most ${most}${fits ? "" : ": TOO LARGE"}`);
  if (!fits) status = 1;
}
process.exit(status);
