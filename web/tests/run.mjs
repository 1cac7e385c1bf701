// Runs the page's tests under Node: bundles each *.test.ts with esbuild into a temporary folder.
//   node web/tests/run.mjs [WORD...]   only files whose names contain a word

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const words = process.argv.slice(2);
const files = readdirSync(here).filter(
  (name) => name.endsWith(".test.ts") && (words.length === 0 || words.some((word) => name.includes(word))),
);
if (files.length === 0) {
  console.error(`no test's name contains ${words.join(" or ")}`);
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), "hourglass-page-"));

function run(program, ...args) {
  const { error, status } = spawnSync(program, args, { stdio: "inherit" });
  if (error) console.error(`${program} does not run: ${error.message}`);
  return error ? 1 : status ?? 1;
}

let status = run(
  "esbuild", ...files.map((name) => join(here, name)),
  "--bundle", "--platform=node", "--format=cjs", "--log-level=warning", `--outdir=${folder}`, "--out-extension:.js=.cjs",
);
if (status === 0) status = run(process.execPath, "--test", ...files.map((name) => join(folder, name.replace(/ts$/, "cjs"))));
rmSync(folder, { recursive: true });
process.exit(status);
