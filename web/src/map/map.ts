import type { App, MapControl } from "../view";

export function mountMap(_app: App, _host: HTMLElement): MapControl {
  return {
    fit() {}, reveal() {}, toScreen: () => [0, 0], toMap: () => [0, 0], nearest: () => -1, step: null, onHold: null,
  };
}
