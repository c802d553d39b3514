import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
} from '../scan/cursor.ts';

/**
 * Arguments of truss on FreeBSD, which prints names raw: no quote, comma or backslash in one says where it ends. But
 * what a call prints around its strings is known: most calls have one string, which goes from the first quote to the
 * last, and the others have something between two strings that is hardly ever in a name.
 *
 *   openat(AT_FDCWD,"say "hello", twice",O_RDONLY,00)
 *   renameat(AT_FDCWD,"a",4,"b")
 *   execve("/bin/sh",[ "sh", "-c", "echo "hi"" ],[ "HOME=/" ])
 */

const ADJACENT = /","/g;
const AROUND_DESCRIPTOR = /",(?:AT_FDCWD|-?\d+),"/g;
const AROUND_NAMESPACE = /",[\w|]+,"/g;
const AROUND_MODE = /",[\w|]+,0[0-7]*,[\w|]+,"/g;
const BEFORE_ADDRESS = /"(?:\.\.\.)?,-?\d+,[\w|]+,\{ AF_UNIX "/g;

/** What stands between the two strings of the calls that have two, with the quotes of both. */
const JOINTS: ReadonlyMap<string, RegExp> = new Map([
  ...calls('link rename symlink readlink readlinkat mount shm_rename __realpathat', ADJACENT),
  ...calls('linkat renameat symlinkat', AROUND_DESCRIPTOR),
  ...calls('extattr_get_file extattr_set_file extattr_delete_file', AROUND_NAMESPACE),
  ...calls('extattr_get_link extattr_set_link extattr_delete_link', AROUND_NAMESPACE),
  ...calls('shm_open2', AROUND_MODE),
  ...calls('sendto recvfrom', BEFORE_ADDRESS),
]);

const EXEC = 'execve';
/** Behind the path of an exec are arrays where -a and -e show them, and this where they do not. */
const UNSHOWN = /(?:0x[0-9a-f]+|<missing argument>)/.source;
const NO_ARRAYS = new RegExp(`",${UNSHOWN},${UNSHOWN}$`);
const BEFORE_ARRAY = new RegExp(`",(?=(?:${UNSHOWN},)?\\[ )`, 'g');
const BETWEEN_ARRAYS = / \],(?=\[ )/g;
const ARRAY_END = ' ]';
const BETWEEN_WORDS = '", "';
/** Where the memory that an array is in ends. */
const UNREADABLE = ', <inval>';

/** Marks of a call's 32-bit and Linux versions; those of retired ones end with a dot. */
const ABI_MARKS = ['freebsd32_', 'linux32_', 'linux_'];
const RETIRED = 'compat';

function calls(names: string, joint: RegExp): [string, RegExp][] {
  return names.split(' ').map((name) => [name, joint]);
}

/** 'readlink' for 'linux_readlink', 'execve' for 'compat11.freebsd32_execve'. */
function plainName(name: string): string {
  const start = name.startsWith(RETIRED) ? name.indexOf('.') + 1 : 0;
  for (const mark of ABI_MARKS) {
    if (name.startsWith(mark, start)) return name.slice(start + mark.length);
  }
  return name.slice(start);
}

/** Whether the call has one string at most. */
export function hasOneString(name: string): boolean {
  const plain = plainName(name);
  return plain !== EXEC && !JOINTS.has(plain);
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** Which parts of the arguments commas and brackets mean nothing in, and how far the arguments can be told apart. */
interface Opaque {
  readonly places: readonly Place[];
  readonly known: number;
}

/**
 * The call's arguments as printed. Where it cannot be told where one ends, they end in front of it. Of a call that was
 * cut off, the last string goes to the end.
 */
export function splitRawArguments(name: string, args: string): string[] {
  const first = args.indexOf('"');
  const { places, known } = first < 0 ? { places: [], known: args.length } : opaqueParts(plainName(name), args, first);
  const pieces: string[] = [];
  let depth = 0;
  let start = 0;
  let next = 0;
  for (let at = 0; at < known; at++) {
    const place = places[next];
    if (place !== undefined && at === place.start) {
      at = place.end - 1;
      next++;
      continue;
    }
    const code = args.charCodeAt(at);
    if (code === OPEN_BRACE || code === OPEN_BRACKET || code === OPEN_PAREN) depth++;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET || code === CLOSE_PAREN) depth--;
    else if (code === COMMA && depth <= 0) {
      pieces.push(args.slice(start, at).trim());
      start = at + 1;
    }
  }
  if (known === args.length && args !== '') pieces.push(args.slice(start).trim());
  return pieces;
}

/** The strings, and the arrays of strings, of arguments whose first quote is at `first`. */
function opaqueParts(name: string, args: string, first: number): Opaque {
  const joint = name === EXEC ? beforeArrays(args) : JOINTS.get(name);
  const [place, another] = joint === undefined ? [] : occurrences(args, joint, first);
  if (another !== undefined) return { places: [], known: first };
  if (place === undefined) return { places: [{ start: first, end: stringEnd(args, first) }], known: args.length };
  const head = { start: first, end: place.start + 1 };
  if (name === EXEC) return withArrays(args, head);
  const second = place.end - 1;
  return { places: [head, { start: second, end: stringEnd(args, second) }], known: args.length };
}

function beforeArrays(args: string): RegExp | undefined {
  return NO_ARRAYS.test(args) ? undefined : BEFORE_ARRAY;
}

/** The first two places where the pattern matches; matches may overlap. */
function occurrences(text: string, pattern: RegExp, from: number): Place[] {
  const places: Place[] = [];
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    places.push({ start: match.index, end: pattern.lastIndex });
    if (places.length === 2) break;
    pattern.lastIndex = match.index + 1;
  }
  return places;
}

/** Index after the last quote, which ends the string that begins at `open`; of one that was cut off, the end. */
function stringEnd(args: string, open: number): number {
  const close = args.lastIndexOf('"');
  return close === open ? args.length : close + 1;
}

// "/bin/sh",[ "sh", "-c", "a" ],[ "HOME=/" ]    "/bin/sh",[ "sh" ],0x8010f3000    "/bin/sh",0x8010f2a40,[ "HOME=/" ]
/** The path of an exec and the arrays behind it. */
function withArrays(args: string, path: Place): Opaque {
  const known = args.length;
  const start = args.indexOf('[', path.end);
  if (!args.endsWith(ARRAY_END)) {
    const last = args.lastIndexOf(`${ARRAY_END},`);
    return { places: [path, { start, end: last < start ? known : last + ARRAY_END.length }], known };
  }
  if (start > path.end + 1) return { places: [path, { start, end: known }], known };
  const [between, another] = occurrences(args, BETWEEN_ARRAYS, start);
  if (another !== undefined) return { places: [path], known: path.end + 1 };
  if (between === undefined) return { places: [path, { start, end: known }], known };
  const first = { start, end: between.start + ARRAY_END.length };
  return { places: [path, first, { start: between.end, end: known }], known };
}

/** The words of an array, `[ "sh", "-c", "ls" ]`, each in its quotes; `...` for those that could not be read. */
export function rawWords(array: string): string[] {
  let inner = array.slice(2, array.endsWith(ARRAY_END) ? -ARRAY_END.length : undefined);
  const isCut = inner.endsWith(UNREADABLE);
  if (isCut) inner = inner.slice(0, -UNREADABLE.length);
  if (!inner.startsWith('"')) return [];
  const words = inner.slice(1, inner.length > 1 && inner.endsWith('"') ? -1 : undefined).split(BETWEEN_WORDS);
  return [...words.map((word) => `"${word}"`), ...(isCut ? ['...'] : [])];
}
