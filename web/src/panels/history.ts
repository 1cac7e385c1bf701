// The points that were picked, to go back and forward through them.

export class History {
  private readonly points: number[] = [];
  private at = -1;

  /** A point picked now drops what lay ahead; the point shown now changes nothing. */
  add(point: number): void {
    if (this.points[this.at] === point) return;
    this.points.splice(++this.at, Infinity, point);
    if (this.points.length > 500) {
      this.points.shift();
      --this.at;
    }
  }
  canMove(by: number): boolean {
    return this.at + by >= 0 && this.at + by < this.points.length;
  }
  /** The point `by` steps ahead (or back), now the one shown. */
  move(by: number): number {
    if (this.canMove(by)) this.at += by;
    return this.points[this.at] ?? -1;
  }
}
