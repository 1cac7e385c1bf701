// The page's engine computes the bits of the native kernel set `portable`.
//   node tests/web/run.mjs bits PAGE_FOLDER PAGE_TRUTH WORK_FOLDER

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Space } from "../../web/src/engine";
import type { Tensors } from "../../web/src/safetensors";
import type { WasmEngine } from "../../web/src/wasm_engine";
import { bytesOf, startEngine, tensorsOf } from "./node_engine";

const [page, truth, work] = process.argv.slice(2);
let wrong = 0;

/** Counts the numbers whose bits differ. */
function compare(what: string, found: Float32Array, wanted: Float32Array): void {
  const a = new Uint32Array(found.buffer, found.byteOffset, found.length);
  const b = new Uint32Array(wanted.buffer, wanted.byteOffset, wanted.length);
  let differing = Math.abs(a.length - b.length);
  for (let i = 0; i < Math.min(a.length, b.length); ++i) if (a[i] !== b[i]) differing++;
  console.log(`${what}: ${differing} of ${wanted.length} differ`);
  if (differing > 0 || wanted.length === 0) wrong++;
}

function joined(parts: ArrayLike<number>[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function compareBlends(name: string, engine: WasmEngine, results: Tensors, prefix: string): void {
  const positions = results.f32(`${prefix}at.positions`)!;
  const blends = [];
  for (let i = 0; i < positions.length; i += 2) blends.push(engine.at(positions[i], positions[i + 1]));
  const wanted = (what: string) => results.f32(`${prefix}at.${what}`)!;
  compare(`${name} ${prefix}at, latents`, joined(blends.map((b) => b.latent)), wanted("latents"));
  compare(`${name} ${prefix}at, images`, joined(blends.map((b) => b.image!)), wanted("images"));
  compare(`${name} ${prefix}at, weights`, joined(blends.map((b) => b.weights)), wanted("weights"));
  compare(`${name} ${prefix}at, points`, joined(blends.map((b) => b.points)), wanted("points"));
  compare(`${name} ${prefix}at, distance and far`, joined(blends.map((b) => [b.distance, b.far ? 1 : 0])), wanted("numbers"));
}

function compareNeighbours(name: string, engine: WasmEngine, results: Tensors, prefix: string): void {
  const kNear = 10;
  for (const space of ["latent", "pixel", "map"] as Space[]) {
    const rows = results.f32(`${prefix}${space}.rows`)!;
    const [asked, columns] = results.shape(`${prefix}${space}.rows`)!;
    const near = [];
    for (let i = 0; i < asked; ++i) {
      near.push(engine.near(space, i, kNear), engine.near(space, rows.slice(i * columns, (i + 1) * columns), kNear));
    }
    compare(`${name} ${prefix}${space} neighbours`, joined(near.map((n) => n.points)), results.f32(`${prefix}${space}.points`)!);
    compare(`${name} ${prefix}${space} distances`, joined(near.map((n) => n.distances)), results.f32(`${prefix}${space}.distances`)!);
  }
}

async function compareCase(name: string): Promise<void> {
  const file = (what: string) => join(work, `${name}_${what}.safetensors`);
  const pack = tensorsOf(file("pack"));
  const results = tensorsOf(file("results"));
  const engine = await startEngine(page, bytesOf(file("pack")), bytesOf(file("model")));
  const latents = pack.f32("latents")!;
  compare(`${name} encode`, engine.encode(Float32Array.from(pack.u8("images")!, (byte) => byte / 255)), results.f32("encode")!);
  compare(`${name} decode`, engine.decode(latents), results.f32("decode")!);
  compare(`${name} place`, engine.place(results.f32("place.latents")!), results.f32("place")!);
  compareBlends(name, engine, results, "");
  compareNeighbours(name, engine, results, "");
  if (!engine.show(0, bytesOf(file("early")))) throw new Error("the model of the epoch is not used");
  compareBlends(name, engine, results, "early.");
  compareNeighbours(name, engine, results, "early.");
}

async function main(): Promise<void> {
  const made = spawnSync(truth, [work], { stdio: "inherit" });
  if (made.status !== 0) throw new Error(`${truth} failed`);
  for (const name of ["grey", "colour", "linear"]) await compareCase(name);
  if (wrong > 0) throw new Error(`${wrong} results differ from native code`);
}

main().catch((why: Error) => {
  console.error(why.message);
  process.exit(1);
});
