// Between the map's units and CSS pixels. The map's y grows upwards, the screen's downwards.

import type { Camera } from "../view";

export interface Size {
  width: number; // CSS pixels
  height: number;
}

export interface Room {
  left: number; // CSS pixels at the edges that other things cover
  top: number;
  right: number;
  bottom: number;
}

export interface Box {
  left: number; // units of the map
  bottom: number;
  right: number;
  top: number;
}

export function toScreen(camera: Camera, size: Size, x: number, y: number): [number, number] {
  return [size.width / 2 + (x - camera.x) * camera.scale, size.height / 2 - (y - camera.y) * camera.scale];
}

export function toMap(camera: Camera, size: Size, left: number, top: number): [number, number] {
  return [camera.x + (left - size.width / 2) / camera.scale, camera.y - (top - size.height / 2) / camera.scale];
}

/** Zooms by a factor; what is at a position of the screen stays there. */
export function zoomAt(camera: Camera, size: Size, left: number, top: number, factor: number, limits: [number, number]): Camera {
  const scale = Math.min(limits[1], Math.max(limits[0], camera.scale * factor));
  const [x, y] = toMap(camera, size, left, top);
  const share = camera.scale / scale;
  return { x: x + (camera.x - x) * share, y: y + (camera.y - y) * share, scale };
}

export function moveBy(camera: Camera, left: number, top: number): Camera {
  return { x: camera.x - left / camera.scale, y: camera.y + top / camera.scale, scale: camera.scale };
}

/** Shows a box with `room` free at the edges. A box without extent is shown at `scale`, if given. */
export function fitBox(box: Box, size: Size, room: Room, largest: number): Camera {
  const width = Math.max(1, size.width - room.left - room.right);
  const height = Math.max(1, size.height - room.top - room.bottom);
  const wanted = Math.min(width / (box.right - box.left), height / (box.top - box.bottom));
  const scale = Math.min(largest, wanted);
  return {
    x: (box.left + box.right) / 2 + (room.right - room.left) / 2 / scale,
    y: (box.bottom + box.top) / 2 + (room.top - room.bottom) / 2 / scale,
    scale,
  };
}

/** The smallest box around positions [n, 2], or around some of them; null if none is finite. */
export function boxOf(positions: Float32Array, points?: ArrayLike<number>): Box | null {
  const box = { left: Infinity, bottom: Infinity, right: -Infinity, top: -Infinity };
  const n = points ? points.length : positions.length / 2;
  for (let i = 0; i < n; ++i) {
    const point = points ? points[i] : i;
    const x = positions[2 * point];
    const y = positions[2 * point + 1];
    if (!Number.isFinite(x + y)) continue;
    if (x < box.left) box.left = x;
    if (x > box.right) box.right = x;
    if (y < box.bottom) box.bottom = y;
    if (y > box.top) box.top = y;
  }
  return box.left <= box.right ? box : null;
}
