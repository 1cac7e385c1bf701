/** Positions [n, 2] in [-1, 1], the same each time. */
export function scatter(n: number, seed = 1): Float32Array {
  let state = (seed * 7919) % 2147483647;
  return Float32Array.from({ length: 2 * n }, () => {
    state = (state * 48271) % 2147483647;
    return (2 * state) / 2147483647 - 1;
  });
}
