// The names of classes and where they stand.

import { classNames } from "../colour";
import type { Pack } from "../pack";
import { densestMembers } from "./medoid";
import { commonPrefix, shorten } from "./names";
import type { Name } from "./names";
import type { Size } from "./camera";

export class Groups {
  private readonly names: string[];
  private members = new Int32Array(0); // the densest of each class, -1 without any

  constructor(private readonly pack: Pack) {
    const names = pack.labels ? classNames(pack) : [];
    const prefix = commonPrefix(names).length;
    this.names = names.length > 1 ? names.map((name) => shorten(name.slice(prefix))) : [];
  }

  place(positions: Float32Array): void {
    if (this.names.length > 0) this.members = densestMembers(positions, this.pack.labels, this.names.length);
  }

  /** A well placed point: of the first class, or of all. */
  first(positions: Float32Array): number {
    return this.members.find((point) => point >= 0) ?? densestMembers(positions, null, 1)[0];
  }

  /** In sight and not hidden. */
  seen(hidden: ReadonlySet<number>, size: Size, at: (point: number) => [number, number]): Name[] {
    return this.names.flatMap((text, group) => {
      const point = this.members[group];
      if (!(point >= 0) || hidden.has(group)) return [];
      const [x, y] = at(point);
      const out = x < -40 || y < -20 || x > size.width + 40 || y > size.height + 20;
      return out ? [] : [{ text, x, y, importance: -group }];
    });
  }
}
