import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import { asIllumosTruss } from './illumos.ts';
import { Template } from './template.ts';

/** A log to be measured. */
export interface BenchLog {
  readonly path: string;
  readonly bytes: number;
  readonly lines: number;
}

const BUILD = 'build.strace.gz';
const CRASH = 'crash.strace.gz';
const FIRST_PID = 100_000;
const FIRST_SECOND = 1_700_000_000;
const OTHER_PID = 5_000_000;
const BLOCK_BYTES = 4_194_304;

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
  let [pid, second, written, crashed] = [first, FIRST_SECOND, 0, false];
  while (written < bytes) {
    const next = !crashed && written > bytes / 2 ? crash : build;
    crashed ||= next === crash;
    const text = next.with(pid, second);
    pid += next.ids;
    second += next.seconds;
    written += text.length;
    yield text;
  }
}

/** A recording beside this file. */
function recording(name: string): string {
  return gunzipSync(readFileSync(new URL(name, import.meta.url))).toString('latin1');
}

/** `make -j4` of a C program under `strace -f -ttt`, over and over; once the compiler crashes. */
export function straceBuild(path: string, bytes: number): Promise<BenchLog> {
  return write(path, repeated(new Template(recording(BUILD)), new Template(recording(CRASH)), bytes));
}

/** The same without the crash, under other process ids. */
export function quietBuild(path: string, bytes: number): Promise<BenchLog> {
  const build = new Template(recording(BUILD));
  return write(path, repeated(build, build, bytes, OTHER_PID));
}

/** The same as illumos truss would have printed it. */
export function trussBuild(path: string, bytes: number): Promise<BenchLog> {
  const template = (name: string) => new Template(asIllumosTruss(recording(name)));
  return write(path, repeated(template(BUILD), template(CRASH), bytes));
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

/** So many processes, of which so many are alive at a time. */
export const forest = (path: string, total: number, alive: number): Promise<BenchLog> =>
  write(path, children(total, alive));

/** So many processes, one after another. */
export const shortLives = (path: string, total: number): Promise<BenchLog> => write(path, children(total, 1));

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

/** So many calls of each thread. */
export const threaded = (path: string, rounds: number): Promise<BenchLog> => write(path, threads(rounds));

/** Four lines of so many bytes, behind one that shows what log it is. */
export const longLines = (path: string, bytes: number): Promise<BenchLog> => {
  const begin = `${FIRST_PID} execve("/usr/bin/app", ["app"], 0x7ffe /* 0 vars */) = 0\n`;
  const long = `${FIRST_PID} write(1, "${'x'.repeat(bytes)}", ${bytes}) = ${bytes}\n`;
  return write(path, [begin, long, long, long, long]);
};
