import type { App } from "../view";

export function mountEpochs(_app: App, _host: HTMLElement): void {}
