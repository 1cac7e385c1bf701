import type { App } from "./view";
export function mountPicture(_app: App, _host: HTMLElement): void {}
