import { type OpenRecord, pathOf } from './open-records.ts';

const SHARED_LIBRARY = /(?:\.so(?:\.[\w.-]+)?|\.dylib|\.sl|\.nlm)$|\/ld[-.][^/]*$|\/ld\/(?:64\/|32\/)?ld\.config$/;
const LOADER_FILE = /^\/etc\/ld(?:\.|-)|^\/var\/ld\/|^\/(?:var\/run|libexec)\/ld-elf|\/libmap\.conf$|\/glibc-hwcaps\//;
const CATALOGUE =
  /\/locale(?:\/|s\/|\.alias$|-archive$)|\/LC_[A-Z]+(?:\/|$)|\.(?:mo|gmo|cat)$|\/gconv(?:\/|-modules)|\/nls\/|\/zoneinfo\//;
const KERNEL_FILE = /^\/(?:proc|dev|sys)(?:\/|$)/;

/** Read by crash handlers on their own account: not going back to work. */
const HANDLER_FILE =
  /^\/(?:etc|lib\d*|usr\/(?:lib\d*|share))\/|\.(?:debug|dwo|dwp|dwz|sym|symbols|pdb|gdb)$|\/\.build-id\/|\/debug\/\.dwz\//;

/**
 * Why the opened file plainly is no input the program was working on, in words, or null where it may be one.
 */
export function notAnInput(record: OpenRecord): string | null {
  const path = pathOf(record);
  if (record.access === 'write') return 'opened for writing only';
  if (record.directory || path.endsWith('/') || path === '.' || path === '..') return 'a directory';
  if (record.access === 'path-only') return 'opened as a path only';
  return systemFile(path);
}

/** What a path of the system's own is, in words; null where it may be the program's. */
export function systemFile(path: string): string | null {
  if (KERNEL_FILE.test(path)) return 'a file of the kernel, not of the program';
  if (SHARED_LIBRARY.test(path) || LOADER_FILE.test(path)) return 'a shared library';
  if (CATALOGUE.test(path)) return 'a locale or message catalogue';
  return null;
}

/** Whether opening this file is what a crash handler does, so that it says nothing about going back to work. */
export function isHandlerFile(record: OpenRecord): boolean {
  // What is opened to be written too is a report.
  if (record.access === 'both') return true;
  return notAnInput(record) !== null || HANDLER_FILE.test(pathOf(record));
}

/** Endings of files that one program reads together, as one kind. */
const KINDS: readonly string[][] = [
  'c h cc cp cpp cxx c++ hh hp hpp hxx h++ inc inl ipp tcc tpp def i ii m mm cu cuh s'.split(' '),
  'f for f90 f95 f03 f08 fpp mod'.split(' '),
  'java class jar'.split(' '),
  'js mjs cjs jsx ts mts cts tsx json'.split(' '),
  'py pyc pyi pyw'.split(' '),
  'hs lhs hi hs-boot'.split(' '),
  'rlib rmeta'.split(' '),
  'o a obj lo la'.split(' '),
];
const KIND_BY_ENDING = new Map(KINDS.flatMap((endings) => endings.map((ending) => [ending, endings[0] ?? ending])));

/** What kind of input a file is by its name: files of one kind are read for one purpose. */
export function kindOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase();
  // <vector>, <QString>
  if (ending === undefined) return path.includes('/include/') ? 'c' : 'unknown';
  return KIND_BY_ENDING.get(ending) ?? ending;
}
