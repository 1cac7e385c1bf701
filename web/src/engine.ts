// The engine as the panels see it: hourglass itself, compiled to WebAssembly, in a worker
// (worker.ts). Every result has the bits of the native kernel set `portable`.

/** What is between the data at a position of the map. */
export interface Blend {
  latent: Float32Array; // [d], the weighted mean of the nearest points' latent vectors
  image: Float32Array | null; // [values] in [0, 1], decoded from it; null without a decoder
  points: Int32Array; // the nearest points, nearest first
  weights: Float32Array; // of each, summing to 1
  distance: number; // from the position to the nearest point, in units of the map
  far: boolean; // whether no data is near: the picture says little
}

export interface Near {
  points: Int32Array; // nearest first, never the point itself
  distances: Float32Array; // in the space's own unit
}

export type Space = "latent" | "pixel" | "map";

/** All throw (reject) with one sentence where the pack or the model lacks what they need. */
export interface Engine {
  readonly canDecode: boolean;
  readonly canEncode: boolean;
  readonly canPlace: boolean; // has latents and a map
  /** Images [n, values] of latent vectors [n, d]; labels [n] for models that take them. */
  decode(latents: Float32Array, labels?: Int32Array): Promise<Float32Array>;
  /** Latent vectors [n, d] of images [n, values] in [0, 1]. */
  encode(images: Float32Array, labels?: Int32Array): Promise<Float32Array>;
  /** The latent vector of a position of the map shown, decoded. `label` for models that take them. */
  at(x: number, y: number, label?: number): Promise<Blend>;
  /** Positions [n, 2] of latent vectors [n, d] on the map shown. */
  place(latents: Float32Array): Promise<Float32Array>;
  /** The k nearest points in a space, of a point of the pack or of a row: latent vectors [d], pixels
   * [values] in [0, 1], or a position [2]. Exact. */
  near(space: Space, of: number | Float32Array, k: number): Promise<Near>;
  /** Shows another map of the pack; its epoch's decoder is used where the page has it. Returns
   * whether it has. */
  show(map: number): Promise<boolean>;
}
