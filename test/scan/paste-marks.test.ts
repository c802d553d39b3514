import { describe, expect, it } from 'vitest';
import { hasPasteMarks, NO_PASTE_MARKS, pasteMarksOf, withoutPasteMarks } from '../../src/scan/paste-marks.ts';

const LINE = '[pid 7] close(3)   = 0';

describe('withoutPasteMarks', () => {
  it('leaves a line as it is where there are none', () => {
    expect(withoutPasteMarks(`> \x1b[1m${LINE}  `, NO_PASTE_MARKS)).toBe(`> \x1b[1m${LINE}  `);
    expect(hasPasteMarks(NO_PASTE_MARKS)).toBe(false);
  });

  it.each([
    [`> ${LINE}`],
    [`>> > ${LINE}`],
    [`  >${LINE}`],
    [`\x1b[0;31m> ${LINE}\x1b[0m\x1b[K`],
    [`>     ${LINE}  \r`],
    [`\t${LINE}`],
    ['[pid\xc2\xa07] close(3) \xc2\xa0 = 0'],
  ])('gives back the line of %j', (pasted) => {
    expect(withoutPasteMarks(pasted, pasteMarksOf(pasted))).toBe(LINE);
  });

  it('takes no more of an indent than is there', () => {
    const marks = { ...NO_PASTE_MARKS, indent: '    ' };
    expect(withoutPasteMarks('      data', marks)).toBe('  data');
    expect(withoutPasteMarks('  data', marks)).toBe('data');
    expect(withoutPasteMarks('  ', { ...marks, padding: true })).toBe('');
  });
});
