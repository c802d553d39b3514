import { below, type PathRule, type RunFacts } from './path-rules.ts';

/** Symbols that rules put in place of directories. */
const PROGRAM_DIRECTORY = '<bin>';
const LIBRARY_DIRECTORY = '<lib>';
const COMPILER_DIRECTORY = '<gcc>';
const WORKING_DIRECTORY = '<cwd>';
const TEMPORARY = '<tmp>';

// Every pattern is anchored, or its parts cannot match in two ways: names may be hostile.

const HOME = /^(?:\/(?:usr\/|export\/|var\/)?home\/[^/]+|\/Users\/[^/]+|\/root|\/var\/root)(?=\/|$)/;
const TEMPORARY_DIRECTORY =
  /^(?:(?:\/private)?\/(?:var\/|usr\/)?tmp|(?:\/private)?\/var\/folders\/[^/]+\/[^/]+\/T|\/dev\/shm)(?=\/|$)/;
/** What programs put in front of a random part: gcc, mktemp, Python, rustc, git, sed, strip, bash, flock. */
const TEMPORARY_PREFIX =
  /^(\.?tmp[._-]?|\.?tmp_(?:obj|pack|idx|rev|mtimes)_|cc|rustc|rmeta|\.rmeta|lib\.rmeta|sed|st|sh-thd[.-]|go-build|clang-|lto-)([A-Za-z0-9_]{6,})(\.[A-Za-z0-9.]+)?$/;
/** Prefixes that nothing else begins with, wherever they are, with the six letters that follow. */
const SURE_PREFIX = /^(\.tmp|rmeta|rustc|lib\.rmeta)[A-Za-z0-9]{6}(?=$|\.)/;
/** The last run of letters and digits before the ending, as mkstemp(3) fills it. */
const RANDOM_PART = /^(.*\.tmp|.*?)([A-Za-z0-9_]{6,})((?:\.[A-Za-z0-9]{1,5}){0,2})$/;
const MKSTEMP_LETTERS = 6;
/** Lengths of random parts that are more than what mkstemp fills: Python's, and from mktemp's on any. */
const PYTHON_LETTERS = 8;
const MKTEMP_LETTERS = 10;
/** Letters that nobody chose: of at least two kinds. */
const LOOKS_RANDOM = /(?=.*[0-9])(?=.*[A-Za-z])|(?=.*[a-z])(?=.*[A-Z])/;
const INCREMENTAL_SESSION = /^s-[0-9a-z]{8,}-[0-9a-z]{5,}(?=-|\.|$)/;
const CODEGEN_UNIT = /\.[0-9a-z]{7}(?=\.rcgu\.)/;
const UUID = /[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}/g;
const HEXADECIMAL = /(?<![0-9A-Za-z])h?[0-9a-f]{16,}(?![0-9A-Za-z])/g;
const GIT_OBJECT = /\/objects\/[0-9a-f]{2}\/(?:[0-9a-f]{38}|[0-9a-f]{62})$/;
const NIX_HASH = /\/store\/[0-9a-z]{32}(?=-)/;
/** rustc's, of a crate's incremental state. */
const CRATE_HASH = /(\/incremental\/[^/]+)-[0-9a-z]{11,14}(?=\/|$)/;
const LONG_NUMBER = /(?<!\d)\d{9,}(?!\d)/g;
const NUMBER = /(?<!\d)\d{3,7}(?!\d)/g;
const PROCESS_DIRECTORY = /^\/proc\/\d+(?=\/|$)/;
const TERMINAL = /^\/dev\/(?:pts\/\d+|tty[a-z]*\d+|ttys\d+)$/;

/** What follows the name of a shared library: `.so.6`, `-2.36.so`, `.B.dylib`. */
const LIBRARY_ENDING = /(?:\.so(?:\.[^/]*)?|-[\d.]+\.so|(?:\.[\d.A-Z]+)?\.dylib)$/.source;
/** In a directory of libraries, or named as one; what is below the working directory is the program's own. */
const LIBRARY = new RegExp(`^/(?:.*/lib(?:32|64|x32)?/(?:.*/)?|(?:.*/)?(?=lib[^/]+$))([^/]+?)${LIBRARY_ENDING}`);
const LIBRARY_NAME = new RegExp(`/(lib[^/]+?)${LIBRARY_ENDING}`);
/** A machine and its system, as compilers name it. */
const MACHINE =
  /(?<=\/)(?:x86_64|amd64|aarch64|arm64|i[3-6]86|sparcv9|sparc64|powerpc64(?:le)?|riscv64\w*)-[a-z0-9_.-]+(?=\/|$)/g;
const COMPILER = /^\/.*\/(?:lib|lib64|libexec)\/(?:gcc[\d-]*\/){1,2}[^/]+\/\d[\d.]*(?=\/|$)/;
const PROGRAMS = /^\/(?:.*\/)?s?bin(?:\/(?:amd64|i86|sparcv9))?(?=\/[^/]+$)/;
const LOADER =
  /^\/$|^\/(?:etc\/ld[.-]|etc\/(?:libmap|malloc)\.conf|var\/ld\/|(?:var\/)?run\/ld-elf|libexec\/ld-|lib(?:32|64|x32)?\/(?:.*\/)?ld[-.]|usr\/lib\/(?:dyld|ld[.-]|system\/libsystem_)|System\/(?:Volumes\/Preboot\/)?Cryptexes|System\/Library\/dyld|private\/var\/db\/dyld|var\/db\/dyld|dev\/dtracehelper|AppleInternal)|\/glibc-hwcaps(?:\/|$)/;
const LOCALE =
  /\/locale(?:\/|s\/|\.alias$|-archive$)|\/LC_[A-Z]+(?:\/|$)|\.(?:mo|gmo|cat)$|\/gconv(?:\/|-modules)|\/nls\/|\/zoneinfo(?:\/|$)|^\/etc\/(?:localtime|TIMEZONE|default\/init)$/;
const KERNEL =
  /^\/(?:proc|sys|system\/contract)(?:\/|$)|^\/dev\/(?:u?random|autofs_nowait|crypto|full)$|^\/etc\/(?:selinux|crypto-policies)(?:\/|$)/;

/** The name of the shared library that the symbol is of, without its version; null where it is of none. */
export function libraryOf(symbol: string): string | null {
  if (symbol.startsWith(`${LIBRARY_DIRECTORY}/`)) return symbol.slice(LIBRARY_DIRECTORY.length + 1);
  return LIBRARY_NAME.exec(symbol)?.[1] ?? null;
}

/** Whether the symbol is of something that programs look for in one directory after the other. */
export function isSearched(symbol: string): boolean {
  return symbol.startsWith(`${PROGRAM_DIRECTORY}/`) || symbol.startsWith(`${COMPILER_DIRECTORY}/`);
}

/** Whether the symbol is of a library of the system's, which programs are linked with. */
export function isSystemLibrary(symbol: string): boolean {
  return symbol.startsWith(`${LIBRARY_DIRECTORY}/`);
}

/** Rules that every comparison begins with, in the order they are applied. */
export const pathRules: readonly PathRule[] = [
  {
    name: 'working-directory',
    scope: 'always',
    words: 'the directory that the first process of the run began in, and what is below it',
    example: ['/home/ana/proj/src/main.c', '<cwd>/src/main.c'],
    hides: false,
    apply: inWorkingDirectory,
  },
  rule('loader', 'across', 'what the loader reads before a program runs', LOADER, '<loader>', '/etc/ld.so.cache'),
  rule(
    'locale',
    'across',
    'locales, message catalogues and time zones',
    LOCALE,
    '<locale>',
    '/usr/lib/locale/locale-archive',
  ),
  rule('kernel', 'across', "the kernel's own files, and random numbers", KERNEL, '<kernel>', '/proc/self/maps'),
  {
    name: 'program',
    scope: 'across',
    words: 'a program in any directory of programs',
    example: ['/opt/ooce/bin/make', '<bin>/make'],
    hides: false,
    apply: (path) => path.replace(PROGRAMS, PROGRAM_DIRECTORY),
  },
  {
    name: 'compiler',
    scope: 'across',
    words: "a gcc's own directory, whatever its version and machine",
    example: ['/usr/lib/gcc/x86_64-linux-gnu/12/include/stddef.h', '<gcc>/include/stddef.h'],
    hides: false,
    apply: (path) => path.replace(COMPILER, COMPILER_DIRECTORY),
  },
  {
    name: 'library',
    scope: 'across',
    words: 'a shared library by its name, without its version, in any directory but the working directory',
    example: ['/lib/x86_64-linux-gnu/libc.so.6', '<lib>/libc'],
    hides: false,
    apply: (path) => path.replace(LIBRARY, `${LIBRARY_DIRECTORY}/$1`),
  },
  {
    name: 'machine',
    scope: 'across',
    words: 'a directory named after a machine and its system',
    example: ['<cwd>/target/x86_64-unknown-illumos/debug', '<cwd>/target/<machine>/debug'],
    hides: false,
    apply: (path) => path.replace(MACHINE, '<machine>'),
  },
  {
    name: 'home',
    scope: 'one-side',
    words: "a person's home directory",
    example: ['/export/home/ana/.gitconfig', '<home>/.gitconfig'],
    hides: false,
    apply: (path) => path.replace(HOME, '<home>'),
  },
  {
    name: 'temporary-directory',
    scope: 'one-side',
    words: 'the directories for temporary files',
    example: ['/var/tmp/sort-1', '<tmp>/sort-1'],
    hides: false,
    apply: (path) => path.replace(TEMPORARY_DIRECTORY, TEMPORARY),
  },
  {
    name: 'temporary-name',
    scope: 'one-side',
    words:
      'the random part of a temporary name: one that programs are known for, that the run made in a directory for ' +
      'temporary files, or that it made and took away elsewhere',
    example: ['/tmp/ccR4nd0m.o', '<tmp>/cc*.o'],
    hides: false,
    apply: withoutRandomParts,
  },
  {
    name: 'uuid',
    scope: 'one-side',
    words: 'a universally unique identifier',
    example: ['/var/run/0fb5c6ca-1b45-4b8e-9e39-a1bd0e2f52c6.sock', '/var/run/<uuid>.sock'],
    hides: false,
    apply: (path) => path.replace(UUID, '<uuid>'),
  },
  {
    name: 'hash',
    scope: 'one-side',
    words: 'sixteen or more hexadecimal digits, and what git, Nix and rustc make of contents',
    example: ['<cwd>/target/libserde-5c1d8fd5b0a2e3f4.rmeta', '<cwd>/target/libserde-<hash>.rmeta'],
    hides: false,
    apply: withoutHashes,
  },
  {
    name: 'long-number',
    scope: 'one-side',
    words: 'nine or more digits: a time, or a number made by chance',
    example: ['<cwd>/__pycache__/a.cpython-311.pyc.140234868', '<cwd>/__pycache__/a.cpython-311.pyc.<number>'],
    hides: false,
    apply: (path) => path.replace(LONG_NUMBER, '<number>'),
  },
  {
    name: 'pid',
    scope: 'one-side',
    words: 'the pid of a process of the run, of three digits or more; below /proc any',
    example: ['/run/lock/job.4711', '/run/lock/job.<pid>'],
    hides: false,
    apply: withoutPids,
  },
  {
    name: 'terminal',
    scope: 'one-side',
    words: 'a terminal, whatever its number',
    example: ['/dev/pts/3', '/dev/<tty>'],
    hides: false,
    apply: (path) => (TERMINAL.test(path) ? '/dev/<tty>' : path),
  },
];

/** A rule for names that are no difference between systems at all. */
function rule(
  name: string,
  scope: PathRule['scope'],
  words: string,
  pattern: RegExp,
  symbol: string,
  example: string,
): PathRule {
  const apply = (path: string) => (pattern.test(path) ? symbol : path);
  return { name, scope, words, example: [example, symbol], hides: true, apply };
}

function inWorkingDirectory(path: string, { workingDirectory }: RunFacts): string {
  if (workingDirectory === null || workingDirectory === '/') return path;
  const rest = below(path, workingDirectory);
  return rest === null ? path : WORKING_DIRECTORY + rest;
}

function withoutRandomParts(path: string, facts: RunFacts): string {
  const parts = path.split('/');
  return parts
    .map((part, index) => withoutRandomPart(part, index > 0 && parts[index - 1] === TEMPORARY, facts))
    .join('/');
}

function withoutRandomPart(part: string, isTemporary: boolean, { made, gone }: RunFacts): string {
  if (INCREMENTAL_SESSION.test(part)) return part.replace(INCREMENTAL_SESSION, 's-*');
  if (CODEGEN_UNIT.test(part)) return part.replace(CODEGEN_UNIT, '.*');
  if (SURE_PREFIX.test(part)) return part.replace(SURE_PREFIX, '$1*');
  const known = TEMPORARY_PREFIX.exec(part);
  if (known !== null && (isTemporary || made.has(part))) return `${known[1] ?? ''}*${known[3] ?? ''}`;
  if (!(isTemporary ? made : gone).has(part)) return part;
  const random = RANDOM_PART.exec(part);
  if (random === null) return part;
  const [, before = '', letters = '', ending = ''] = random;
  const kept = letters.slice(0, letters.length - randomLetters(letters, isTemporary));
  return isTemporary || LOOKS_RANDOM.test(letters.slice(kept.length)) ? `${before}${kept}*${ending}` : part;
}

/** How many of the last letters a program did not choose. */
function randomLetters({ length }: string, isTemporary: boolean): number {
  const isAll = isTemporary && (length === PYTHON_LETTERS || length >= MKTEMP_LETTERS);
  return isAll ? length : MKSTEMP_LETTERS;
}

function withoutHashes(path: string): string {
  return path
    .replace(GIT_OBJECT, '/objects/<hash>')
    .replace(CRATE_HASH, '$1-<hash>')
    .replace(NIX_HASH, '/store/<hash>')
    .replace(HEXADECIMAL, (digits) => (/\d/.test(digits) && /[a-f]/.test(digits) ? '<hash>' : digits));
}

function withoutPids(path: string, { pids }: RunFacts): string {
  if (PROCESS_DIRECTORY.test(path)) return path.replace(PROCESS_DIRECTORY, '/proc/<pid>');
  return path.replace(NUMBER, (digits) => (pids.has(Number(digits)) ? '<pid>' : digits));
}
