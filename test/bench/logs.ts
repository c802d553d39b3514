import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';

/** A log to be measured. */
export interface BenchLog {
  readonly path: string;
  readonly bytes: number;
  readonly lines: number;
}

const FIRST_PID = 100_000;
const OTHER_PID = 5_000_000;
const BLOCK_BYTES = 4_194_304;

/** Text in which every id of a process can be another. */
class Template {
  /** What stands between the ids. */
  readonly #pieces: string[] = [];
  /** Which id stands behind each piece, among those of the text. */
  readonly #ids: number[] = [];
  readonly count: number;
  readonly lines: number;

  /** `text`: a log with a pid column. */
  constructor(text: string) {
    const known = new Map<string, number>();
    for (const [, pid = ''] of text.matchAll(/^(\d+)[:/ ]/gm)) if (!known.has(pid)) known.set(pid, known.size);
    let from = 0;
    for (const { 0: word, index } of text.matchAll(/\b\d{3,7}\b/g)) {
      const id = known.get(word);
      if (id === undefined) continue;
      this.#pieces.push(text.slice(from, index));
      this.#ids.push(id);
      from = index + word.length;
    }
    this.#pieces.push(text.slice(from));
    this.count = known.size;
    this.lines = text.split('\n').length - 1;
  }

  /** The text with ids from this one on. */
  with(first: number): string {
    let text = '';
    for (const [index, piece] of this.#pieces.entries()) {
      const id = this.#ids[index];
      text += id === undefined ? piece : piece + (first + id);
    }
    return text;
  }
}

async function write(path: string, texts: Iterable<string>): Promise<BenchLog> {
  const out = createWriteStream(path);
  let [bytes, lines] = [0, 0];
  let block = '';
  const flush = async (): Promise<void> => {
    const buffer = Buffer.from(block, 'latin1');
    block = '';
    bytes += buffer.length;
    for (let at = buffer.indexOf(10); at >= 0; at = buffer.indexOf(10, at + 1)) lines++;
    if (!out.write(buffer)) await once(out, 'drain');
  };
  for (const text of texts) {
    block += text;
    if (block.length >= BLOCK_BYTES) await flush();
  }
  await flush();
  out.end();
  await finished(out);
  return { path, bytes, lines };
}

/** A followed build again and again, with a crash in the middle. */
function* repeated(build: Template, crash: Template, bytes: number, first = FIRST_PID): Generator<string> {
  let [pid, written, crashed] = [first, 0, false];
  while (written < bytes) {
    const next = !crashed && written > bytes / 2 ? crash : build;
    crashed ||= next === crash;
    const text = next.with(pid);
    pid += next.count;
    written += text.length;
    yield text;
  }
}

function recordedBuild(): string {
  return gunzipSync(readFileSync(new URL('make.strace.gz', import.meta.url))).toString('latin1');
}

function sample(name: string): string {
  return readFileSync(new URL(`../../samples/${name}`, import.meta.url), 'latin1');
}

/** `make` compiling and linking a program, recorded with `strace -f -tt`, over and over; rustc crashes once. */
export function straceBuild(path: string, bytes: number): Promise<BenchLog> {
  return write(path, repeated(new Template(recordedBuild()), new Template(sample('strace/rustc-stack.strace')), bytes));
}

/** The same without the crash, under other process ids. */
export function quietBuild(path: string, bytes: number): Promise<BenchLog> {
  const build = new Template(recordedBuild());
  return write(path, repeated(build, build, bytes, OTHER_PID));
}

/** The same of illumos: `make`, `sh`, `cc` and a `cc1` that dies of SIGBUS, in each repetition. */
export function trussBuild(path: string, bytes: number): Promise<BenchLog> {
  const build = new Template(sample('truss-illumos/follow-fork.truss'));
  return write(path, repeated(build, build, bytes));
}

const LIFE = `P execve("/usr/bin/cc", ["cc", "-c", "a.c"], 0x7ffe /* 3 vars */) = 0
P openat(AT_FDCWD, "a.c", O_RDONLY) = 3
P read(3, "int a;"..., 4096) = 6
P close(3) = 0
P exit_group(0) = ?
P +++ exited with 0 +++
`;

/** Children of one process, each begun when `alive` are alive already. */
function* children(total: number, alive: number): Generator<string> {
  const parent = FIRST_PID;
  yield `${parent} execve("/usr/bin/make", ["make"], 0x7ffe /* 3 vars */) = 0\n`;
  const lines = LIFE.trimEnd().split('\n');
  const queue: { pid: string; at: number }[] = [];
  for (let born = 0; born < total || queue.length > 0; ) {
    if (born < total && queue.length < alive) {
      const pid = String(parent + ++born);
      yield `${parent} clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = ${pid}\n`;
      queue.push({ pid, at: 0 });
      continue;
    }
    const first = queue.shift();
    if (first === undefined) break;
    yield `${(lines[first.at] ?? '').replace('P', first.pid)}\n`;
    if (++first.at < lines.length) queue.push(first);
    else yield `${parent} wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = ${first.pid}\n`;
  }
}

/** Ten thousand processes alive at a time. */
export const forest = (path: string): Promise<BenchLog> => write(path, children(100_000, 10_000));

/** A million processes, one after another. */
export const shortLives = (path: string): Promise<BenchLog> => write(path, children(1_000_000, 1));

/** Each call of 64 threads is interrupted by the others' calls. */
function* threads(rounds: number): Generator<string> {
  const first = FIRST_PID;
  yield `${first} execve("/usr/bin/app", ["app"], 0x7ffe /* 3 vars */) = 0\n`;
  const ids = Array.from({ length: 63 }, (_, index) => first + index + 1);
  for (const id of ids) yield `${first} clone3({flags=CLONE_VM|CLONE_THREAD|CLONE_SIGHAND}, 88) = ${id}\n`;
  for (let round = 0; round < rounds; round++) {
    const name = round % 8 === 0 ? 'openat(AT_FDCWD, "data", O_RDONLY' : 'futex(0x7f00, FUTEX_WAIT_PRIVATE, 2, NULL';
    const [call = ''] = name.split('(');
    for (const id of ids) yield `${id} ${name} <unfinished ...>\n`;
    for (const id of ids) yield `${id} <... ${call} resumed>) = ${round % 8 === 0 ? 3 : 0}\n`;
  }
}

export const threaded = (path: string): Promise<BenchLog> => write(path, threads(8_000));

/** A few lines of 50 MB. */
export const longLines = (path: string): Promise<BenchLog> =>
  write(
    path,
    Array.from({ length: 4 }, (_, at) => `${FIRST_PID} write(1, "${'x'.repeat(50_000_000)}", 50000000) = ${at}\n`),
  );
