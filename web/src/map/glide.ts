// How the camera goes to another place.

import type { Camera } from "../view";

/** The camera after a share t of the way, slower towards its end. */
export function alongGlide(from: Camera, to: Camera, t: number): Camera {
  if (t >= 1) return to;
  const eased = 1 - (1 - Math.max(0, t)) ** 3;
  // The scale changes evenly in steps of zoom, and the end's centre moves on a straight line on the screen.
  const scale = from.scale * (to.scale / from.scale) ** eased;
  const way = from.scale === to.scale ? eased : (1 / from.scale - 1 / scale) / (1 / from.scale - 1 / to.scale);
  return { x: from.x + way * (to.x - from.x), y: from.y + way * (to.y - from.y), scale };
}
