// Calls of which only the newest matters: while one is answered, of those that come in only the last
// is made, and all that waited get its result. Not for calls whose every result is needed.

interface Waiting<Args, Result> {
  args: Args;
  result: Promise<Result>;
  settle: (result: Promise<Result>) => void;
}

export class Latest<Args extends unknown[], Result> {
  private busy = false;
  private waiting: Waiting<Args, Result> | null = null;

  constructor(private readonly make: (...args: Args) => Promise<Result>) {}

  call(...args: Args): Promise<Result> {
    if (!this.busy) return this.begin(args);
    if (this.waiting) {
      this.waiting.args = args;
    } else {
      let settle!: (result: Promise<Result>) => void;
      const result = new Promise<Result>((done) => (settle = done));
      this.waiting = { args, result, settle };
    }
    return this.waiting.result;
  }

  private begin(args: Args): Promise<Result> {
    this.busy = true;
    const result = this.make(...args);
    const next = () => {
      this.busy = false;
      const waiting = this.waiting;
      this.waiting = null;
      if (waiting) waiting.settle(this.begin(waiting.args));
    };
    result.then(next, next);
    return result;
  }
}
