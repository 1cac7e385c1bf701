import type { App } from "../view";

export function mountAxes(_app: App, _host: HTMLElement): void {}
