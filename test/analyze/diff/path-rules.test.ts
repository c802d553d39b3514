import { describe, expect, test } from 'vitest';
import { pathRules } from '../../../src/analyze/diff/built-in-rules.ts';
import { below, mapped, type RunFacts } from '../../../src/analyze/diff/path-rules.ts';

const FACTS: RunFacts = {
  workingDirectory: '/home/ana/proj',
  pids: new Set([4711]),
  made: new Set(),
  gone: new Set(),
};

/** What the rules of one scope make of a path, one after the other. */
function applied(scope: string, path: string, facts: Partial<RunFacts> = {}): string {
  const rules = pathRules.filter((rule) => rule.scope === scope);
  return rules.reduce((name, rule) => rule.apply(name, { ...FACTS, ...facts }), path);
}

describe('every rule does what its example shows', () => {
  test.each(pathRules.map((rule) => [rule.name, rule] as const))('%s', (_, rule) => {
    const [name, symbol] = rule.example;
    // A name is temporary where the directory has been found to be one.
    const before = rule.name === 'temporary-name' ? name.replace('/tmp/', '<tmp>/') : name;
    expect(rule.apply(before, FACTS)).toBe(symbol);
  });
});

test('rules have names of their own', () => {
  expect(new Set(pathRules.map(({ name }) => name)).size).toBe(pathRules.length);
});

describe('between systems', () => {
  test.each([
    ['/lib/ld.so.1', '<loader>'],
    ['/var/ld/64/ld.config', '<loader>'],
    ['/var/run/ld-elf.so.hints', '<loader>'],
    ['/libexec/ld-elf.so.1', '<loader>'],
    ['/etc/libmap.conf', '<loader>'],
    ['/System/Volumes/Preboot/Cryptexes/OS', '<loader>'],
    ['/usr/lib/locale/C.UTF-8/LC_CTYPE', '<locale>'],
    ['/usr/share/locale/de/LC_MESSAGES/gcc.mo', '<locale>'],
    ['/proc/self/status', '<kernel>'],
    ['/dev/urandom', '<kernel>'],
    ['/lib/x86_64-linux-gnu/libc.so.6', '<lib>/libc'],
    ['/lib/64/libc.so.1', '<lib>/libc'],
    ['/usr/lib/libSystem.B.dylib', '<lib>/libSystem'],
    ['/opt/rust/bin/../lib/libdl.so.2', '<lib>/libdl'],
    ['/usr/local/libexec/gcc13/gcc/x86_64-portbld-freebsd14.0/13.2.0/cc1', '<gcc>/cc1'],
    ['/usr/lib/gcc/x86_64-linux-gnu/12/cc1', '<gcc>/cc1'],
    ['/usr/gcc/14/libexec/gcc/x86_64-pc-solaris2.11/14.2.0/cc1', '<gcc>/cc1'],
    ['/usr/gnu/bin/sed', '<bin>/sed'],
    ['/bin/sed', '<bin>/sed'],
  ])('%s is %s', (path, symbol) => {
    expect(applied('across', path)).toBe(symbol);
  });

  test.each(['/dev/null', '/etc/passwd', '/usr/include/stdio.h', '<cwd>/plugins/libmine.so', '/data/ld.c', '/usr/bin'])(
    '%s is not touched',
    (path) => {
      expect(applied('across', path)).toBe(path);
    },
  );
});

describe('of names that one run alone has', () => {
  test.each([
    ['/tmp/ccAbCd12.s', '<tmp>/cc*.s'],
    ['/var/tmp/ccAbCd12.s', '<tmp>/cc*.s'],
    ['/var/folders/zz/abcdef0123/T/ccAbCd12.s', '<tmp>/cc*.s'],
    ['/private/var/folders/zz/abcdef0123/T/ccAbCd12.s', '<tmp>/cc*.s'],
    ['/x/target/debug/deps/rustcgjqxkn/lib.rmeta', '/x/target/debug/deps/rustc*/lib.rmeta'],
    ['/x/target/debug/deps/rmetaX1y2Z3/full.rmeta', '/x/target/debug/deps/rmeta*/full.rmeta'],
    ['/x/target/debug/deps/.tmpX1y2Z3.temp-archive/tmp.a', '/x/target/debug/deps/.tmp*.temp-archive/tmp.a'],
    [
      '/x/target/debug/incremental/opcodes-14x63e6425n8u/s-hoeskl0000-125c36v-working',
      '/x/target/debug/incremental/opcodes-<hash>/s-*-working',
    ],
    ['/x/.git/objects/4b/825dc642cb6eb9a060e54bf8d69288fbee4904', '/x/.git/objects/<hash>'],
    ['/nix/store/0c1dk7kfbpvnylf1xhq8hyb4ln3zw9x7-bash-5.2/bin/bash', '/nix/store/<hash>-bash-5.2/bin/bash'],
    ['/proc/815/stat', '/proc/<pid>/stat'],
    ['/dev/pts/12', '/dev/<tty>'],
    ['/Users/ana/x.c', '<home>/x.c'],
  ])('%s is %s', (path, symbol) => {
    expect(applied('one-side', path)).toBe(symbol);
  });

  test.each([
    '/src/ParseTree.c',
    '/src/rustc_driver',
    '/src/rmetadata',
    '/src/accelerated.c',
    '/src/deadbeef.c',
    '/src/01234567abcdef.c',
    '/tmp-not/ccAbCd12.s',
    '/src/port4712.c',
    '/etc/locale.conf',
  ])('%s is what somebody chose', (path) => {
    expect(applied('one-side', path)).toBe(path);
  });

  test('a name is random where the run made it for a time, and only there', () => {
    const names = new Set(['targetwLnIAY', 'config.lock']);
    expect(applied('one-side', '/x/targetwLnIAY', { made: names, gone: names })).toBe('/x/target*');
    expect(applied('one-side', '/x/config.lock', { made: names, gone: names })).toBe('/x/config.lock');
    expect(applied('one-side', '/x/targetwLnIAY', { made: names })).toBe('/x/targetwLnIAY');
    expect(applied('one-side', '/tmp/hp2cd3x_', { made: new Set(['hp2cd3x_']) })).toBe('<tmp>/*');
  });

  test('a pid is one only of the run it is in', () => {
    expect(applied('one-side', '/run/x.4711')).toBe('/run/x.<pid>');
    expect(applied('one-side', '/run/x.4712')).toBe('/run/x.4712');
    expect(applied('one-side', '/run/x.14711')).toBe('/run/x.14711');
  });
});

describe('maps', () => {
  const maps = [{ from: '/home/a/proj', to: '/export/b/proj' }];

  test('a directory and what is below it, not what begins like it', () => {
    expect(mapped('/home/a/proj', maps)).toBe('/export/b/proj');
    expect(mapped('/home/a/proj/x.c', maps)).toBe('/export/b/proj/x.c');
    expect(mapped('/home/a/project', maps)).toBe(null);
  });

  test('what is there already stays, so that no other rule gives it another name', () => {
    expect(mapped('/export/b/proj/x.c', maps)).toBe('/export/b/proj/x.c');
  });

  test('below tells the rest with its slash', () => {
    expect(below('/a/b', '/a')).toBe('/b');
    expect(below('/a', '/a')).toBe('');
    expect(below('/ab', '/a')).toBe(null);
  });
});

test('a hostile name costs no more than its length', () => {
  const hostile = [
    `/${'a/'.repeat(4000)}`,
    `/lib/${'-1.1'.repeat(2000)}`,
    `/${'lib/'.repeat(2000)}x`,
    `/tmp/${'cc_'.repeat(2700)}`,
    `/${'0'.repeat(8000)}`,
    `/incremental/${'a-'.repeat(4000)}`,
  ];
  const begin = performance.now();
  for (const path of hostile) for (const rule of pathRules) rule.apply(path, { ...FACTS, made: new Set([path]) });
  expect(performance.now() - begin).toBeLessThan(5000);
});
