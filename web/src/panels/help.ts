import type { App } from "../view";

export function mountHelp(_app: App, _host: HTMLElement): void {}
