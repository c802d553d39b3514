/** What a terminal sent, in keys. */
export interface TypedKeys {
  /** Each in whole, as Ink knows it: a character, or an escape sequence. */
  readonly keys: readonly string[];
  /** A beginning of an escape sequence, of which more may come; or somebody pressed Escape. */
  readonly rest: string;
}

const ESCAPE = '\x1b';
/** Escape as terminals send it that leave no doubt (CSI u): Ink takes `ESCAPE` for a beginning until something follows. */
const LONE_ESCAPE = '\x1b[27u';
/** Longer is no key. */
const MOST_PARAMETERS = 16;
const SEQUENCE = new RegExp(`^\x1b(?:\\[\\[?[\\x20-\\x3f]{0,${MOST_PARAMETERS}}[\\x40-\\x7e]|O[\\x40-\\x7e])`);
const BEGINNING = new RegExp(`^\x1b(?:\\[\\[?[\\x20-\\x3f]{0,${MOST_PARAMETERS}}|O)?$`);
/** Arrows, Home and End, PgUp and PgDn, Delete, Shift-Tab. Of others, as Ctrl-F1, Ink makes text, or falls over them. */
const KNOWN = /^\x1b(?:O[A-DFH]|\[(?:1;\d+)?[A-DFH]|\[[1345678](?:;\d+)?~|\[Z)$/;

const segmenter = new Intl.Segmenter();

/** Cuts what came from a terminal into keys: what is typed fast, or pasted, comes at once. */
export function typedKeys(text: string): TypedKeys {
  const keys: string[] = [];
  let rest = text;
  for (let at = rest.indexOf(ESCAPE); at >= 0; at = rest.indexOf(ESCAPE)) {
    keys.push(...charactersOf(rest.slice(0, at)));
    rest = rest.slice(at);
    if (BEGINNING.test(rest)) return { keys, rest };
    const sequence = SEQUENCE.exec(rest)?.[0] ?? ESCAPE;
    if (sequence === ESCAPE) keys.push(LONE_ESCAPE);
    else if (KNOWN.test(sequence)) keys.push(sequence);
    rest = rest.slice(sequence.length);
  }
  return { keys: [...keys, ...charactersOf(rest)], rest: '' };
}

/** The keys of a beginning of which no more has come. */
export function keysOfRest(rest: string): readonly string[] {
  return rest === '' ? [] : [LONE_ESCAPE, ...charactersOf(rest.slice(ESCAPE.length))];
}

function charactersOf(text: string): string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}
