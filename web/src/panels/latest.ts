// Work for an input that changes faster than the work is done.

/** Does `work` for one input at a time. Of the inputs that come meanwhile only the last is kept, so
 * what is shown is never older than one piece of work. */
export function latest<T>(work: (input: T) => Promise<void>, failed: (why: string) => void): (input: T) => void {
  let waiting: { input: T } | null = null;
  let busy = false;
  return async (input) => {
    waiting = { input };
    if (busy) return;
    busy = true;
    while (waiting) {
      const now: { input: T } = waiting;
      waiting = null;
      try {
        await work(now.input);
      } catch (error) {
        failed(error instanceof Error ? error.message : String(error));
      }
    }
    busy = false;
  };
}
