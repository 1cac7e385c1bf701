import type { App } from "../view";

export function mountLine(_app: App, _host: HTMLElement): void {}
