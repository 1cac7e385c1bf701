import type { App } from "../view";

export function mountWorst(_app: App, _host: HTMLElement): void {}
