// Runs a script of this folder under Node with the page's engine, bundled as for the page.
//   node tests/web/run.mjs NAME PAGE_FOLDER [ARGUMENT...]

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [name, page, ...rest] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "hourglass-page-"));
const script = join(folder, `${name}.cjs`);

function run(program, ...args) {
  const { error, status } = spawnSync(program, args, { stdio: "inherit" });
  if (error) console.error(`${program} does not run: ${error.message}`);
  return error ? 1 : status ?? 1;
}

let status = run(
  "esbuild", join(here, `${name}.ts`), "--bundle", "--platform=node", "--format=cjs", "--log-level=warning",
  `--alias:hourglass-engine=${resolve(page, "engine.js")}`, `--outfile=${script}`,
);
if (status === 0) status = run(process.execPath, script, resolve(page), ...rest);
rmSync(folder, { recursive: true });
process.exit(status);
