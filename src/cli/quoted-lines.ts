import type { Place } from '../analyze/process.ts';
import type { PrintedLines } from '../read/printed-lines.ts';

/** Lines of one run that are quoted; whatever a log holds, they fit into memory. */
const MAX_LINES = 50_000;

/**
 * The lines that an answer quotes. The answer is made twice: at first every line that is asked for is only noted, and
 * null; then those are read, all in one go.
 */
export class QuotedLines {
  /** By input. */
  readonly #asked = new Map<number, Set<number>>();
  readonly #texts = new Map<number, ReadonlyMap<number, string>>();
  #count = 0;

  /** The line's text, latin1; null while it was not read, and where it is gone. */
  text({ input, line }: Place): string | null {
    const text = this.#texts.get(input)?.get(line) ?? null;
    if (text === null) this.#ask(input, line);
    return text;
  }

  /** Reads what was asked for. */
  async read(printed: PrintedLines): Promise<void> {
    for (const [input, lines] of this.#asked) {
      const numbers = [...lines].sort((a, b) => a - b);
      this.#texts.set(input, await printed.of(input, numbers));
    }
  }

  #ask(input: number, line: number): void {
    if (this.#count >= MAX_LINES) return;
    let lines = this.#asked.get(input);
    if (lines === undefined) {
      lines = new Set();
      this.#asked.set(input, lines);
    }
    if (lines.has(line)) return;
    lines.add(line);
    this.#count++;
  }
}
