// Builds the explorer's page: everything in one HTML file, without blobs, and the size of its parts.
//   node web/build.mjs BUILD [--no_check]
// BUILD has engine.js (the preset wasm); the page is written to BUILD/page.html. --no_check leaves
// the types unchecked.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const web = dirname(fileURLToPath(import.meta.url));
const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
if (words.length !== 1) fail("usage: node web/build.mjs BUILD [--no_check]");
const build = resolve(words[0]);
if (!process.argv.includes("--no_check")) run("tsc", "-p", web);

const worker = bundle("worker.ts", `--alias:hourglass-engine=${join(build, "engine.js")}`);
const page = withWorker(worker);
const style = minified(
  readdirSync(join(web, "src")).filter((name) => name.endsWith(".css")).sort()
    .map((name) => readFileSync(join(web, "src", name), "utf8")).join("\n"),
);

// No request leaves the page, and nothing but this script and this style runs in it.
const policy = [
  "default-src 'none'",
  `script-src '${hash(page)}' 'wasm-unsafe-eval'`,
  `style-src '${hash(style)}'`,
  "img-src data: blob:",
  "worker-src blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

let html = readFileSync(join(web, "page.html"), "utf8");
html = put(html, "policy", `<meta http-equiv="Content-Security-Policy" content="${policy}">`);
html = put(html, "style", `<style>${style}</style>`);
html = put(html, "script", `<script>${page}</script>`);
if (html.split("<!-- blobs -->").length !== 2) fail("page.html needs one place for blobs");
writeFileSync(join(build, "page.html"), html);

// For tests/web/sizes.mjs. The worker is mostly emscripten's glue of the engine, and counts by itself.
const zipped = (content) => gzipSync(content, { level: 9 }).length;
const sizes = {
  engine_gz: zipped(readFileSync(join(build, "engine.wasm"))),
  code_gz: zipped(withWorker("") + style),
  worker_gz: zipped(worker),
};
writeFileSync(join(build, "sizes.json"), JSON.stringify(sizes) + "\n");
console.log(`page.html: gzipped, script and style ${sizes.code_gz} bytes, worker ${sizes.worker_gz}, engine ${sizes.engine_gz}`);

/** The script of an entry and all that it imports, as one function. */
function bundle(entry, ...options) {
  const { stdout } = run(
    "esbuild", join(web, "src", entry), "--bundle", "--minify", "--format=iife", "--target=es2021",
    "--charset=utf8", "--legal-comments=none", "--log-level=warning", ...options,
  );
  // The end of a script element, within a string of a script.
  return stdout.trim().replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}

/** The page's script, in which the worker's is a text. */
function withWorker(source) {
  return bundle("main.ts", `--define:WORKER_SOURCE=${JSON.stringify(source)}`);
}

function minified(css) {
  return run("esbuild", "--loader=css", "--minify", "--charset=utf8", { input: css }).stdout.trim();
}

function hash(text) {
  return `sha256-${createHash("sha256").update(text, "utf8").digest("base64")}`;
}

function put(text, name, content) {
  const parts = text.split(`<!-- ${name} -->`);
  if (parts.length !== 2) fail(`page.html needs one <!-- ${name} -->`);
  return parts.join(content);
}

function run(program, ...args) {
  const { input } = typeof args.at(-1) === "object" ? args.pop() : {};
  const { error, status, stdout } = spawnSync(program, args, {
    input, encoding: "utf8", stdio: ["pipe", "pipe", "inherit"], maxBuffer: 1 << 28,
  });
  if (error) fail(`${program} does not run: ${error.message}`);
  if (status !== 0) {
    process.stderr.write(stdout); // where tsc says what is wrong
    fail(`${program} found mistakes`);
  }
  return { stdout };
}

function fail(why) {
  console.error(`web/build.mjs: ${why}`);
  process.exit(1);
}
