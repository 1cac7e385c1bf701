// What the page's engine takes for a call, under Node.
//   node tests/web/run.mjs measure PAGE_FOLDER PACK [MODEL]

import { bytesOf, startEngine, tensorsOf } from "./node_engine";

const [page, packPath, modelPath] = process.argv.slice(2);

/** Prints the median and the 95th percentile of many calls. */
function measure(what: string, times: number, call: (i: number) => unknown): void {
  for (let i = 0; i < Math.min(20, times); ++i) call(i);
  const took: number[] = [];
  for (let i = 0; i < times; ++i) {
    const begin = performance.now();
    call(i);
    took.push(performance.now() - begin);
  }
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.floor(share * (times - 1))].toFixed(3);
  console.log(`${what}: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms, ${times} calls`);
}

async function main(): Promise<void> {
  const pack = tensorsOf(packPath);
  const opening = performance.now();
  const engine = await startEngine(page, bytesOf(packPath), modelPath ? bytesOf(modelPath) : null);
  console.log(`opened in ${(performance.now() - opening).toFixed(0)} ms`);
  const maps = pack.f32("maps")!;
  const count = pack.shape("rows")?.[0] ?? pack.shape("maps")![1];
  const shown = maps.subarray(maps.length - 2 * count);
  const latents = pack.f32("latents")!;
  const images = pack.u8("images");
  const d = latents.length / count;
  const point = (i: number) => (i * 7919) % count;
  const latent = (i: number) => latents.slice(point(i) * d, (point(i) + 1) * d);
  // A little off the data: a row of the pack itself would be found at once.
  const near = (i: number) => latent(i).map((x, j) => x + 0.01 * Math.sin(i + j));
  const first = performance.now();
  engine.place(near(0));
  console.log(`first place, with its index: ${(performance.now() - first).toFixed(0)} ms`);
  console.log(`${count} points of ${d}, images of ${images ? images.length / count : 0} values`);
  if (modelPath) {
    measure("decode", 500, (i) => engine.decode(latent(i)));
    measure("position of the map to image", 500, (i) => engine.at(shown[2 * point(i)] + 0.01, shown[2 * point(i) + 1]));
  }
  if (images && modelPath) {
    const values = images.length / count;
    const image = (i: number) => Float32Array.from(images.subarray(point(i) * values, (point(i) + 1) * values), (b) => b / 255);
    const some = Array.from({ length: 50 }, (_, i) => image(i));
    measure("encode", 500, (i) => engine.encode(some[i % 50]));
  }
  measure("place", 300, (i) => engine.place(near(i)));
  measure("10 latent neighbours", 100, (i) => engine.near("latent", near(i), 10));
  measure("10 map neighbours", 100, (i) => engine.near("map", point(i), 10));
  if (images) measure("10 pixel neighbours", 50, (i) => engine.near("pixel", point(i), 10));
  const memory = process.memoryUsage();
  console.log(`memory of the process ${(memory.rss / 1e6).toFixed(0)} MB`);
}

main().catch((why: Error) => {
  console.error(why.message);
  process.exit(1);
});
