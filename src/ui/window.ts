/** What of a list is on the screen, and where its cursor is. Both are indexes from 0. */
export interface Window {
  readonly top: number;
  readonly cursor: number;
}

/** At the beginning of a list. */
export const START: Window = { top: 0, cursor: 0 };

/** Rows that stay visible beyond the cursor, where the window is high enough. */
const MARGIN = 2;

/** The window with its cursor moved there, as near as the list allows, and scrolled no further than it must be. */
export function movedTo(window: Window, cursor: number, length: number, height: number): Window {
  const to = clamp(cursor, 0, length - 1);
  const margin = Math.min(MARGIN, Math.floor((height - 1) / 2));
  const top = clamp(window.top, to + margin - height + 1, to - margin);
  return { cursor: to, top: clamp(top, 0, length - height) };
}

/** The window with its cursor at an index, a third from above: what led there is of more interest than what follows. */
export function centredOn(cursor: number, length: number, height: number): Window {
  return movedTo({ top: cursor - Math.floor((height * 2) / 3), cursor }, cursor, length, height);
}

/** The window after its list or its height has changed. */
export function fitted(window: Window, length: number, height: number): Window {
  return movedTo(window, window.cursor, length, height);
}

/** The number in the range; its beginning, where it is empty. */
export function clamp(value: number, from: number, to: number): number {
  return Math.max(from, Math.min(value, to));
}
