import { describe, expect, test } from 'vitest';
import { namedFiles } from '../../src/analyze/command-line.ts';

function named(command: string) {
  const words = command.split(' ');
  return namedFiles(words[0] ?? null, words);
}

const CC1 = '/usr/lib/gcc/x86_64-linux-gnu/12/cc1';
const CLANG =
  '/usr/lib/llvm-18/bin/clang -cc1 -triple x86_64-pc-linux-gnu -emit-obj -disable-free -main-file-name a.c ' +
  '-mrelocation-model pic -pic-level 2 -pic-is-pie -target-cpu x86-64 -tune-cpu generic -resource-dir ' +
  '/usr/lib/llvm-18/lib/clang/18 -internal-isystem /usr/local/include -ferror-limit 19 -faddrsig -o /tmp/a-1.o -x c a.c';
const RUSTC =
  'rustc --crate-name opcodes --edition=2021 src/main.rs --error-format=json --crate-type bin --emit=dep-info,link ' +
  '-C embed-bitcode=no -C metadata=9d6d --out-dir /home/me/target/deps -L dependency=/home/me/target/deps';
const LD =
  '/usr/bin/ld -plugin /usr/lib/liblto_plugin.so -plugin-opt=-fresolution=/tmp/cc.res --build-id -m elf_x86_64 ' +
  '-dynamic-linker /lib64/ld-linux-x86-64.so.2 -pie -o main /usr/lib/Scrt1.o -L/usr/lib main.o -lgcc';

describe('the main input and the output of a command line', () => {
  test.each<[string, string | null, string | null]>([
    [
      `${CC1} -quiet -I include -imultiarch x86_64-linux-gnu main.c -dumpbase main.c -o /tmp/cc.s`,
      'main.c',
      '/tmp/cc.s',
    ],
    [`${CC1} -quiet -MD main.d -MF x.d -MT main.o src/main.c -o /tmp/cc.s`, 'src/main.c', '/tmp/cc.s'],
    [`${CC1}plus -quiet -D _GNU_SOURCE -D A=b.c term.cpp -dumpbase-ext .cpp -O1 -o /tmp/cc.s`, 'term.cpp', '/tmp/cc.s'],
    ['gcc -MD -c main.c -o main.o', 'main.c', 'main.o'],
    ['x86_64-linux-gnu-gcc-12 main.c util.o', 'main.c', null],
    ['gcc main.c util.c -o both', null, 'both'],
    [CLANG, 'a.c', '/tmp/a-1.o'],
    [RUSTC, 'src/main.rs', '/home/me/target/deps'],
    ['rustc - --crate-name ___ --print=file-names', null, null],
    ['javac -d out -cp lib.jar:. src/Main.java', 'src/Main.java', 'out'],
    ['javac -d out A.java B.java', null, 'out'],
    ['/usr/lib/ghc/bin/ghc-9.8.2 -B/usr/lib/ghc --make Main.hs -outputdir dist -o main', 'Main.hs', 'main'],
    ['as -I include --64 -o /tmp/cc.o /tmp/ccDk.s', '/tmp/ccDk.s', '/tmp/cc.o'],
    ['nasm -f elf64 boot.asm -o boot.o', 'boot.asm', 'boot.o'],
    [LD, null, 'main'],
    ['python3 -X faulthandler -u seg.py in.json', 'seg.py', null],
    ['python3.11 -E seg.py', 'seg.py', null],
    ['python3 -m pytest tests', null, null],
    ['python3 -Im pytest tests', null, null],
    ['python3 -c pass x.py', null, null],
    ['python3 - x.py', null, null],
    ['node --abort-on-uncaught-exception -r ./hook.js app.js x.js', 'app.js', null],
    ['node -pe 1 app.js', null, null],
    ['node --eval=1 app.js', null, null],
    ['bash -e -o pipefail build.sh all', 'build.sh', null],
    ['sh -ec true build.sh', null, null],
    ['perl -w -I lib run.pl', 'run.pl', null],
    ['perl -lane print in.txt', null, null],
    ['/opt/tool/unheard-of main.c -o main.o', null, null],
  ])('%s', (command, mainInput, output) => {
    expect(named(command)).toEqual({ mainInput, output, responseFiles: [] });
  });

  test('may stand in response files, which are named', () => {
    expect(named('ld -o main @objects.rsp a.o @/tmp/more').responseFiles).toEqual(['objects.rsp', '/tmp/more']);
    expect(named('javac @files.txt A.java')).toEqual({ mainInput: null, output: null, responseFiles: ['files.txt'] });
    expect(named('rustc @args src/lib.rs').mainInput).toBe('src/lib.rs');
  });

  test('are no response files to an interpreter, nor is @ alone one', () => {
    expect(named('python3 send.py @body').responseFiles).toEqual([]);
    expect(named('gcc main.c @').responseFiles).toEqual([]);
  });

  test('are not known where the tracer cut them', () => {
    expect(named('python3 /home/me/a/very/long/na... x.py').mainInput).toBeNull();
    expect(named('python3 ...').mainInput).toBeNull();
    expect(named('gcc -c main.c -o /tmp/a/very/long/na...').output).toBeNull();
    expect(named('gcc -c main.c ...').mainInput).toBeNull();
    expect(named('gcc main.c @/tmp/objec...').responseFiles).toEqual([]);
    expect(named(`${CC1} -quiet main.c -o /tmp/cc.s -O2 ...`).mainInput).toBe('main.c');
  });
});
