import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasOneString, rawWords, splitRawArguments } from '../../src/model/raw-arguments.ts';

/** Any name, and those that look like what stands between arguments. */
const name = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '"',
        '\\',
        ',',
        ' ',
        '[',
        ' ]',
        '{',
        '","',
        '", "',
        '",[ "',
        '" ],[ "',
        '",AT_FDCWD,"',
        '",0x1,0x2',
      ),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''));

describe('splitRawArguments', () => {
  it.each([
    ['getpid', '', []],
    ['close', '3', ['3']],
    ['fcntl', '3,F_GETFL,', ['3', 'F_GETFL', '']],
    ['open', '"/etc/passwd",O_RDONLY,00', ['"/etc/passwd"', 'O_RDONLY', '00']],
    ['open', '"a",b",O_RDONLY,00', ['"a",b"', 'O_RDONLY', '00']],
    ['open', '"back\\",O_RDONLY,00', ['"back\\"', 'O_RDONLY', '00']],
    ['openat', 'AT_FDCWD,"say "hello", twice",O_RDONLY,00', ['AT_FDCWD', '"say "hello", twice"', 'O_RDONLY', '00']],
    ['open', '"/var/db/pkg/loc', ['"/var/db/pkg/loc']],
    ['stat', '"/x",{ mode=-rw-r--r-- ,inode=3,size=5 }', ['"/x"', '{ mode=-rw-r--r-- ,inode=3,size=5 }']],
    ['read', '3,"one","two"...,4096', ['3', '"one","two"...', '4096']],
    ['connect', '4,{ AF_UNIX "/var/run/log" },106', ['4', '{ AF_UNIX "/var/run/log" }', '106']],
    ['writev', '1,[{"abc",3},{"d"...,900}],2', ['1', '[{"abc",3},{"d"...,900}]', '2']],
    ['sendto', '3,"a",1,0x0,{ AF_UNIX "/s" },106', ['3', '"a"', '1', '0x0', '{ AF_UNIX "/s" }', '106']],
    ['sendto', '3,"a",1,0x0,NULL,0x0', ['3', '"a"', '1', '0x0', 'NULL', '0x0']],
    ['rename', '"a","b"', ['"a"', '"b"']],
    ['rename', '"a","b","c"', []],
    ['linux_readlink', '"/proc/self","17",64', ['"/proc/self"', '"17"', '64']],
    ['readlink', '"/etc/malloc.conf",0x82099d2d0,1024', ['"/etc/malloc.conf"', '0x82099d2d0', '1024']],
    ['renameat', 'AT_FDCWD,"a",4,"b"', ['AT_FDCWD', '"a"', '4', '"b"']],
    ['renameat', 'AT_FDCWD,"a",4,"b",4,"c"', ['AT_FDCWD']],
    ['extattr_get_file', '"/x",1,"md5",0x0,0', ['"/x"', '1', '"md5"', '0x0', '0']],
    ['shm_open2', 'SHM_ANON,O_RDWR,00,0,"(null)"', ['SHM_ANON', 'O_RDWR', '00', '0', '"(null)"']],
    ['shm_open2', '"/m",O_RDWR|O_CLOEXEC,00,0,"n"', ['"/m"', 'O_RDWR|O_CLOEXEC', '00', '0', '"n"']],
    ['execve', '"/bin/ls",0x7fffffffe4c0,0x7fffffffe4d8', ['"/bin/ls"', '0x7fffffffe4c0', '0x7fffffffe4d8']],
    ['execve', '"/bin/l",[ s",0x1,0x2', ['"/bin/l",[ s"', '0x1', '0x2']],
    ['execve', '"/bin/ls",[ "ls" ],0x7fff', ['"/bin/ls"', '[ "ls" ]', '0x7fff']],
    ['linux_execve', '"/bin/ls",[ "ls" ],[ "A=1" ]', ['"/bin/ls"', '[ "ls" ]', '[ "A=1" ]']],
    ['execve', '"/bin/ls",[ ],[ ]', ['"/bin/ls"', '[ ]', '[ ]']],
    ['execve', '"/bin/ls",0x1,[ "A= ],[ B" ]', ['"/bin/ls"', '0x1', '[ "A= ],[ B" ]']],
    ['execve', '"/bin/ls",[ "ls", "x" ],[ "y" ],[ "A=1" ]', ['"/bin/ls"']],
    ['execve', '"/bin/ls",[ "ls"', ['"/bin/ls"', '[ "ls"']],
    ['execve', '"/x",<missing argument>,<missing argument>', ['"/x"', '<missing argument>', '<missing argument>']],
  ])('splits %s(%s', (call, args, pieces) => {
    expect(splitRawArguments(call, args)).toEqual(pieces);
  });

  it('finds the only string of a call whatever is in it', () => {
    fc.assert(
      fc.property(name, (path) => {
        expect(splitRawArguments('openat', `4,"${path}",O_RDONLY,00`)).toEqual(['4', `"${path}"`, 'O_RDONLY', '00']);
      }),
    );
  });

  it('finds both strings of a call, or none', () => {
    fc.assert(
      fc.property(name, name, (from, to) => {
        const pieces = splitRawArguments('linkat', `3,"${from}",4,"${to}",0x0`);
        if (pieces.length > 1) expect(pieces).toEqual(['3', `"${from}"`, '4', `"${to}"`, '0x0']);
        else expect(pieces).toEqual(['3']);
      }),
    );
  });

  it('finds the program of an exec and its arrays, or what is in front of what cannot be told', () => {
    const array = fc.array(name, { maxLength: 3 }).map((words) => {
      const printed = words.map((word) => `"${word}"`).join(', ');
      return words.length === 0 ? '[ ]' : `[ ${printed} ]`;
    });
    const argument = fc.oneof(array, fc.constantFrom('0x7fffffffe4c0', '<missing argument>'));
    fc.assert(
      fc.property(name, argument, argument, (path, argv, env) => {
        const pieces = splitRawArguments('execve', `"${path}",${argv},${env}`);
        expect([`"${path}"`, argv, env].slice(0, pieces.length)).toEqual(pieces);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('rawWords', () => {
  it.each([
    ['[ ]', []],
    ['[ "ls" ]', ['"ls"']],
    ['[ "sh", "-c", "echo "two" done" ]', ['"sh"', '"-c"', '"echo "two" done"']],
    ['[ "", "" ]', ['""', '""']],
    ['[ "ls", <inval> ]', ['"ls"', '...']],
    ['[ "ls", "-', ['"ls"', '"-"']],
    ['[ "', ['""']],
  ])('splits %s', (array, words) => {
    expect(rawWords(array)).toEqual(words);
  });
});

it('knows a call under the names of its versions', () => {
  expect(['rename', 'linux_rename', 'compat11.freebsd32_renameat', 'linux_execve'].some(hasOneString)).toBe(false);
  expect(['open', 'compat11.stat', 'linux_open', 'freebsd32_wait4', 'compat'].every(hasOneString)).toBe(true);
});
