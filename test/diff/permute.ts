import type { Dialect } from '../../src/model/dialect.ts';

// Another recording of the same run, made of the text of one: other process ids, addresses, times and temporary names,
// and the processes' lines in another order. It knows of a log what the tracers promise, not what forklore reads.

/** Where a dialect's log shows what has to hold. */
interface Layout {
  /** Process or task, and its thread where the column has both. */
  readonly owner: RegExp;
  /** A call that makes a process, or the second half of one; its result is the child. */
  readonly birth: RegExp;
  /** The parent does nothing more until the child has a program of its own. */
  readonly lends: RegExp;
  /** Told of a death. */
  readonly told: RegExp;
  /** Belongs to the line before it. */
  readonly follows: RegExp | null;
  readonly address: RegExp;
}

const LAYOUTS: Readonly<Partial<Record<Dialect, Layout>>> = {
  strace: {
    owner: /^(\d+) +/,
    birth: /\b(?:v?fork|clone3?)(?:\(| resumed>).* = (\d+)(?: <[\d.]+>)?$/,
    lends: /\bvfork\(|CLONE_VFORK/,
    told: /\bwait(?:4|id)(?:\(| resumed>)|--- SIGCHLD/,
    follows: null,
    address: /\b0x[0-9a-f]{9,16}\b/g,
  },
  'truss-illumos': {
    owner: /^(\d+)(?:\/(\d+))?:/,
    birth: /^(?!.*returning as child).*\bv?forkx?\(.*\)\s+= (\d+)$/,
    lends: /\bvforkx?\(/,
    told: /\bwaitid\(|SIGCLD/,
    follows: /siginfo:/,
    address: /\b0x[0-9A-F]{8,16}\b/g,
  },
  'truss-freebsd': {
    owner: /^ *(\d+)(?: +(\d+))?: /,
    birth: /\b[vr]?fork\(.*\)\s+= (\d+) /,
    lends: /\bvfork\(|RFSPAWN/,
    told: /\bwait[46]\(|SIGCHLD/,
    follows: null,
    address: /\b0x[0-9a-f]{9,16}\b/g,
  },
  dtruss: {
    owner: /^ *(\d+)\/0x([0-9a-f]+):/,
    birth: /\bv?fork\(\)\s+= ([1-9]\d*) |\bposix_spawn\(/,
    lends: /\bvfork\(/,
    told: /\bwait4(?:_nocancel)?\(/,
    follows: null,
    address: /\b0x[0-9A-F]{9,16}\b/g,
  },
};

/** Lines that stay together, of one process. */
interface Piece {
  readonly owner: string;
  text: string;
  /** Pieces that come before it, whatever the order. */
  readonly after: Set<Piece>;
}

/** The log as it would be of another run; `random` gives numbers from 0 to 1. */
export function permute(text: string, dialect: Dialect, random: () => number): string {
  const layout = LAYOUTS[dialect];
  if (layout === undefined) throw new Error(`no layout of ${dialect}`);
  const lines = body(text);
  const header = text.slice(0, text.length - lines.map((line) => `${line}\n`).join('').length);
  const pieces = interrupt(piecesOf(lines, layout), dialect, random);
  let permuted: readonly string[] = rejoin(shuffle(pieces, random)).flatMap((piece) => piece.split('\n'));
  for (const change of [readdress, renumber, rename, restamp]) permuted = change(permuted, layout, random);
  return header + permuted.map((line) => `${line}\n`).join('');
}

/** Numbers from 0 to 1 that a seed decides. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Without a header that names the columns. */
function body(text: string): string[] {
  const lines = text.split('\n').slice(0, -1);
  return lines[0]?.includes('SYSCALL(args)') ? lines.slice(1) : lines;
}

// ---- order

function piecesOf(lines: readonly string[], layout: Layout): Piece[] {
  const pieces: Piece[] = [];
  const threads = new Map<string, string>();
  const heads = new Map<string, string>();
  const latest = new Map<string, Piece>();
  const first = new Map<string, Piece>();
  for (const line of lines) {
    const id = layout.owner.exec(line)?.[1] ?? '';
    const owner = threads.get(id) ?? id;
    const before = latest.get(owner);
    if (before !== undefined && layout.follows?.test(line)) {
      before.text += `\n${line}`;
      continue;
    }
    const piece: Piece = { owner, text: line, after: new Set(before === undefined ? [] : [before]) };
    if (line.endsWith(' <unfinished ...>')) heads.set(id, line);
    const call = /<\.\.\. clone3? resumed>/.test(line) ? `${heads.get(id)}${line}` : line;
    const thread = /CLONE_THREAD.* = (\d+)(?: <[\d.]+>)?$/.exec(call)?.[1];
    if (thread !== undefined) threads.set(thread, owner);
    pieces.push(piece);
    latest.set(owner, piece);
    if (before === undefined) first.set(owner, piece);
  }
  tieBirths(pieces, first, layout);
  tieDeaths(pieces, latest, layout);
  return pieces;
}

/** A child comes after the call that made it began, its parent goes on after what it saw the child do. */
function tieBirths(pieces: readonly Piece[], first: ReadonlyMap<string, Piece>, layout: Layout): void {
  for (const [index, piece] of pieces.entries()) {
    const birth = layout.birth.exec(piece.text);
    if (birth === null) continue;
    const child =
      birth[1] === undefined
        ? pieces.slice(index).find(({ owner }) => owner !== piece.owner && isFirst(owner, index))
        : first.get(birth[1]);
    if (child === undefined || child.owner === piece.owner) continue;
    const head = piece.text.includes(' resumed>') ? pieces.slice(0, index).findLast(isOf(piece.owner)) : piece;
    const began = pieces.indexOf(child) > index ? piece : head;
    for (const earlier of began === undefined ? [] : [began]) if (earlier !== child) child.after.add(earlier);
    if (began === piece && head !== piece) child.after.add(piece);
    if (!layout.lends.test(`${head?.text}${piece.text}`)) continue;
    const next = head === piece ? pieces.slice(index + 1).find(isOf(piece.owner)) : piece;
    const until = next === undefined ? -1 : pieces.indexOf(next);
    const lent = pieces.slice(0, until).findLast(isOf(child.owner));
    if (lent !== undefined) next?.after.add(lent);
  }

  function isFirst(owner: string, index: number): boolean {
    const piece = first.get(owner);
    return piece !== undefined && pieces.indexOf(piece) > index;
  }
}

/** What tells of deaths comes after those it came after. */
function tieDeaths(pieces: readonly Piece[], last: ReadonlyMap<string, Piece>, layout: Layout): void {
  const ended: Piece[] = [];
  for (const piece of pieces) {
    if (layout.told.test(piece.text)) for (const end of ended) piece.after.add(end);
    if (last.get(piece.owner) === piece) ended.push(piece);
  }
}

function isOf(owner: string): (piece: Piece) => boolean {
  return (piece) => piece.owner === owner;
}

/** Some calls are cut in two, as strace does when another process shows up meanwhile. */
function interrupt(pieces: readonly Piece[], dialect: Dialect, random: () => number): readonly Piece[] {
  if (dialect !== 'strace') return pieces;
  const tails = new Map<Piece, Piece>();
  for (const piece of pieces) {
    const whole = /^(\d+ +(?:[\d:.]+ )?)(openat)(\(.*)\)(\s+= -?\d.*)$/.exec(piece.text);
    if (whole === null || random() < 0.5) continue;
    const [, prefix = '', name = '', args = '', result = ''] = whole;
    piece.text = `${prefix}${name}${args} <unfinished ...>`;
    tails.set(piece, { owner: piece.owner, text: `${prefix}<... ${name} resumed>)${result}`, after: new Set([piece]) });
  }
  for (const piece of pieces) {
    for (const earlier of [...piece.after]) {
      const tail = tails.get(earlier);
      if (tail !== undefined) piece.after.add(tail);
    }
  }
  return pieces.flatMap((piece) => [piece, ...(tails.has(piece) ? [tails.get(piece) ?? piece] : [])]);
}

/** Any order that is possible: one process after another goes on for a while. */
function shuffle(pieces: readonly Piece[], random: () => number): string[] {
  const lanes = [...new Set(pieces.map(({ owner }) => owner))].map((owner) => pieces.filter(isOf(owner)));
  const done = new Set<Piece>();
  const order: string[] = [];
  while (done.size < pieces.length) {
    const ready = lanes.filter(([next]) => next !== undefined && [...next.after].every((piece) => done.has(piece)));
    const lane = ready[Math.floor(random() * ready.length)];
    if (lane === undefined) throw new Error('the lines wait for each other');
    for (let more = true; more; more = random() < 0.7 && isReady(lane[0])) {
      const piece = lane.shift();
      if (piece === undefined) break;
      done.add(piece);
      order.push(piece.text);
    }
  }
  return order;

  function isReady(piece: Piece | undefined): boolean {
    return piece !== undefined && [...piece.after].every((earlier) => done.has(earlier));
  }
}

/** A call that nothing came between is on one line. */
function rejoin(texts: readonly string[]): string[] {
  const out: string[] = [];
  for (const text of texts) {
    const head = /^(\d+) .* <unfinished \.\.\.>$/.exec(out.at(-1) ?? '');
    const tail = /^(\d+) .*?<\.\.\. \w+ resumed>(.*)$/.exec(text);
    if (head === null || tail === null || head[1] !== tail[1]) out.push(text);
    else out.push(`${out.pop()?.slice(0, -' <unfinished ...>'.length)}${tail[2]}`);
  }
  return out;
}

// ---- numbers and names

type Change = (lines: readonly string[], layout: Layout, random: () => number) => readonly string[];

/** Where each process's memory is, is moved by some pages. */
const readdress: Change = (lines, { owner, address }, random) => {
  const moves = new Map<string, bigint>();
  return lines.map((line) => {
    const id = owner.exec(line)?.[1] ?? '';
    const move = moves.get(id) ?? BigInt(Math.floor(random() * 0xfff)) * 0x1000n;
    moves.set(id, move);
    const moved = outsideQuotes(line, (text) =>
      text.replace(address, (printed) => {
        const value = BigInt(printed);
        // A number below 0.
        if (value >= 0xffff_ffff_ffff_0000n) return printed;
        const digits = (value + move).toString(16).padStart(printed.length - 2, '0');
        return `0x${/[A-F]/.test(address.source) ? digits.toUpperCase() : digits}`;
      }),
    );
    return moved.replace(/ = \d+ \((0x[0-9a-f]{9,16})\)$/, (_, hex: string) => ` = ${BigInt(hex)} (${hex})`);
  });
};

/** Process and task ids, wherever they are named. */
const renumber: Change = (lines, { owner }, random) => {
  const ids = new Map<string, string>();
  const taken = new Set(lines.flatMap((line) => line.match(/\d+/g) ?? []));
  for (const line of lines) {
    const id = owner.exec(line)?.[1];
    if (id === undefined || ids.has(id)) continue;
    let other = id;
    while (taken.has(other)) other = `${1 + Math.floor(random() * 9)}${digits(id.length - 1, random)}`;
    taken.add(other);
    ids.set(id, other);
  }
  const other = (id: string) => ids.get(id) ?? id;
  const hex = (id: string) => Number(id).toString(16);
  return lines.map((line) =>
    outsideQuotes(line, (text) => text.replace(/(?<=^ *|[ =([,])\d+(?=[\s,:/)\]]|$)/g, other))
      .replace(/"\/proc\/(\d+)/, (_, id: string) => `"/proc/${other(id)}`)
      // FreeBSD: = 2311 (0x907)
      .replace(/ = (\d+) \(0x[0-9a-f]+\)$/, (_, id: string) => ` = ${id} (0x${BigInt(id).toString(16)})`)
      // macOS: wait4(0x101B, 0x16D26EB38, 0x0)
      .replace(/(?<=wait4\w*\(0x)[0-9A-F]{1,8}(?=,)/, (id) => hex(other(`${Number.parseInt(id, 16)}`)).toUpperCase()),
  );
};

function digits(count: number, random: () => number): string {
  return Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** What compilers call their temporary files. */
const rename: Change = (lines, _, random) => {
  const names = new Map<string, string>();
  const letters = () => Array.from({ length: 6 }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join('');
  return lines.map((line) =>
    line.replace(/(\/(?:cc|rustc|rmeta|\.tmp))([A-Za-z0-9]{6})(?=[./"])/g, (_whole, stem: string, old: string) => {
      const name = names.get(old) ?? letters();
      names.set(old, name);
      return stem + name;
    }),
  );
};

/** Other times, in order. */
const restamp: Change = (lines, _, random) => {
  let micros = Math.floor(random() * 80_000_000_000);
  return lines.map((line) =>
    line.replace(/^(\d+ +)\d\d:\d\d:\d\d\.\d{6} /, (_whole, owner: string) => {
      micros += Math.floor(random() * 3000);
      const clock = new Date(Math.floor(micros / 1000)).toISOString().slice('1970-01-01T'.length, -1);
      return `${owner}${clock}${String(micros % 1000).padStart(3, '0')} `;
    }),
  );
};

function outsideQuotes(line: string, change: (text: string) => string): string {
  return line
    .split(/("(?:[^"\\]|\\.)*"(?:\.\.+)?)/)
    .map((part, index) => (index % 2 === 1 ? part : change(part)))
    .join('');
}
