import type { LineParser } from '../../parsers/tracer-format.ts';
import type { LineHandler } from '../scan/lines.ts';
import { hasPasteMarks, type PasteMarks, withoutPasteMarks } from '../scan/paste-marks.ts';

/** Gives the parser those lines that may matter, without the marks of a paste. */
export function linesFor(parser: LineParser, marks: PasteMarks): LineHandler {
  const give: LineHandler = (buffer, start, end, line) => {
    if (parser.mayMatter(buffer, start, end)) parser.push(buffer.toString('latin1', start, end), line);
  };
  if (!hasPasteMarks(marks)) return give;
  // Nobody pastes a log so large that a copy of each line would take long.
  return (buffer, start, end, line) => {
    const bytes = Buffer.from(withoutPasteMarks(buffer.toString('latin1', start, end), marks), 'latin1');
    give(bytes, 0, bytes.length, line);
  };
}
