import type { App } from "../view";

export function mountPicked(_app: App, _host: HTMLElement): void {}
