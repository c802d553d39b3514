import type { Seen } from '../analyze/process.ts';
import type { Progress } from '../read/progress-meter.ts';
import { count, counted, duration } from '../render/text/style.ts';
import { Output } from './output.ts';

/** To the left margin, and nothing right of it. */
const ERASE = '\r\x1b[K';
/** A read that takes less than this shows nothing. */
const DELAY_MS = 500;

/** One line on a terminal's standard error that says how far reading is. */
export class ProgressLine {
  readonly #stderr = new Output(2);
  readonly #startedAt = performance.now();
  #shown = false;

  /** Shows the new state in place of the one before. */
  update(progress: Progress, seen: Seen | null): void {
    const elapsedMs = performance.now() - this.#startedAt;
    if (elapsedMs < DELAY_MS) return;
    this.#show(ERASE + progressText(progress, seen, elapsedMs));
    this.#shown = true;
  }

  /** Leaves nothing behind. */
  erase(): void {
    if (this.#shown) this.#show(ERASE);
    this.#shown = false;
  }

  #show(text: string): void {
    this.#stderr.write(text);
    this.#stderr.flush();
  }
}

/** '412 MB of 1,204 MB, 5,100,000 lines/s, 2.1 s left, 1,733 processes, 1 crash'. */
export function progressText({ bytesRead, bytesTotal, lines }: Progress, seen: Seen | null, elapsedMs: number): string {
  const total = bytesTotal === null ? '' : ` of ${megabytes(bytesTotal)}`;
  const rate = `${count(Math.round((lines / elapsedMs) * 1000))} lines/s`;
  const parts = [`${megabytes(bytesRead)}${total}`, rate];
  if (bytesTotal !== null && bytesRead > 0) {
    const leftMs = (Math.max(bytesTotal - bytesRead, 0) * elapsedMs) / bytesRead;
    parts.push(`${duration(leftMs * 1e6)} left`);
  }
  if (seen !== null) parts.push(counted(seen.processes, 'process', 'processes'));
  if (seen !== null && seen.crashes !== null) parts.push(counted(seen.crashes, 'crash', 'crashes'));
  return parts.join(', ');
}

function megabytes(bytes: number): string {
  return `${count(Math.round(bytes / 1e6))} MB`;
}
