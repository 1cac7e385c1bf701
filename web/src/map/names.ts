// Where class names stand on the screen: at their densest member, moved aside where another name is.

export interface Name {
  text: string;
  x: number; // of the densest member, CSS pixels
  y: number;
  importance: number; // larger: placed first
}

export interface PlacedName extends Name {
  left: number; // the middle of the text
  top: number;
}

export const kFew = 20; // so many are always placed, with a line if need be
const kAway = [0, 20, 36, 54];
const kDirections = [[0, -1], [0, 1], [1, 0], [-1, 0], [0.7, -0.7], [-0.7, -0.7], [0.7, 0.7], [-0.7, 0.7]];

/** Names for which there is room; `width` measures a text. Few names are placed in any case. */
export function placeNames(names: Name[], height: number, width: (text: string) => number): PlacedName[] {
  const placed: { name: PlacedName; half: number }[] = [];
  const free = (x: number, y: number, half: number) =>
    placed.every(({ name, half: other }) => Math.abs(name.left - x) > half + other + 4 || Math.abs(name.top - y) > height + 2);
  for (const name of [...names].sort((a, b) => b.importance - a.importance)) {
    const half = width(name.text) / 2;
    let spot: [number, number] | null = null;
    for (const away of names.length > kFew ? kAway.slice(0, 2) : kAway) {
      for (const [dx, dy] of away === 0 ? [[0, 0]] : kDirections) {
        const at: [number, number] = [name.x + dx * (away + (dx ? half : 0)), name.y + dy * away];
        if (!spot && free(at[0], at[1], half)) spot = at;
      }
    }
    if (!spot && names.length > kFew) continue;
    const [left, top] = spot ?? [name.x, name.y];
    placed.push({ name: { ...name, left, top }, half });
  }
  return placed.map(({ name }) => name);
}

/** A long name with its middle left out. */
export function shorten(text: string, most = 24): string {
  if (text.length <= most) return text;
  const half = Math.floor((most - 1) / 2);
  return `${text.slice(0, half).trimEnd()}…${text.slice(-half).trimStart()}`;
}

/** What all names begin with, up to the end of a word: it says nothing. */
export function commonPrefix(names: string[]): string {
  if (names.length < 2) return "";
  let length = 0;
  while (names.every((name) => name[length] !== undefined && name[length] === names[0][length])) ++length;
  const words = /^.*[\s_\-/.]/.exec(names[0].slice(0, length));
  return words && names.every((name) => name.length > words[0].length) ? words[0] : "";
}
