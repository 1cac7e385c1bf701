import type { App } from "../view";

export function mountPresent(_app: App, _host: HTMLElement): void {}
