/** Begin and end of an update that the terminal shows at once, where it knows how. */
const BEGIN_UPDATE = '\x1b[?2026h';
const END_UPDATE = '\x1b[?2026l';
const ERASE_ROW = '\x1b[2K';
const ERASE_SCREEN = '\x1b[2J';

/**
 * What is on the screen. Of a frame the rows are written that have changed, each to its place.
 */
export class Screen {
  #rows: readonly string[] | null = null;

  /** What brings the frame to the screen; '' where it is there. Its rows must not be wider than the screen. */
  show(rows: readonly string[]): string {
    const before = this.#rows;
    this.#rows = rows;
    let text = before === null ? ERASE_SCREEN : '';
    for (const [index, row] of rows.entries()) {
      if (row !== before?.[index]) text += `\x1b[${index + 1};1H${ERASE_ROW}${row}`;
    }
    return text === '' ? '' : `${BEGIN_UPDATE}${text}${END_UPDATE}`;
  }

  /** Nothing is known of the screen any more: the next frame is written whole. */
  forget(): void {
    this.#rows = null;
  }
}
