/** What lies deeper stands on one line with its parent: indenting a chain of forks would take quadratic space. */
const INDENTED_LEVELS = 32;
const INDENTS = Array.from({ length: INDENTED_LEVELS + 1 }, (_, level) => `\n${'  '.repeat(level)}`);

/** An object or array that is being written. */
interface Open {
  readonly members: Iterator<readonly [key: string | null, value: unknown]>;
  readonly close: '}' | ']';
  empty: boolean;
}

/**
 * A document of plain objects and lists as JSON text, in pieces: as `JSON.stringify(document, null, 2)` and a line
 * feed, but neither limited by the call stack nor by the longest string.
 */
export function* jsonText(document: object): Generator<string> {
  const stack: Open[] = [begin(document)];
  yield opening(document);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const next = top.members.next();
    if (next.done) {
      stack.pop();
      yield (top.empty ? '' : lineBreak(stack.length)) + top.close;
      continue;
    }
    const [key, value] = next.value;
    if (value === undefined) continue;
    const comma = top.empty ? '' : ',';
    top.empty = false;
    const lead = comma + lineBreak(stack.length) + (key === null ? '' : `${JSON.stringify(key)}: `);
    if (typeof value === 'object' && value !== null) {
      stack.push(begin(value));
      yield lead + opening(value);
    } else {
      yield lead + JSON.stringify(value);
    }
  }
  yield '\n';
}

/** A list whose elements are made as they are written: all at once they would take more than what they are made of. */
export function each<From, To>(list: readonly From[], make: (from: From) => To): Iterable<To> {
  return {
    *[Symbol.iterator]() {
      for (const from of list) yield make(from);
    },
  };
}

function begin(value: object): Open {
  if (isList(value)) return { members: elements(value), close: ']', empty: true };
  return { members: Object.entries(value)[Symbol.iterator](), close: '}', empty: true };
}

/** An array, or a list whose elements are made as they are written. */
function isList(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value;
}

function* elements(list: Iterable<unknown>): Generator<readonly [null, unknown]> {
  for (const value of list) yield [null, value];
}

function opening(value: object): string {
  return isList(value) ? '[' : '{';
}

function lineBreak(level: number): string {
  return INDENTS[level] ?? '';
}
