/** What a command line says of the work: which file is to be read, which to be made. Texts are latin1 bytes. */
export interface NamedFiles {
  /** As written; null where none is named, or several are. */
  readonly mainInput: string | null;
  readonly output: string | null;
  /** Files of further arguments: `@objects.rsp`. */
  readonly responseFiles: readonly string[];
}

/** How a program writes its command line. */
interface Grammar {
  /** Options whose value is the next word. */
  readonly valued: ReadonlySet<string>;
  /** Those of them, and prefixes of words, that name the output. */
  readonly output: readonly string[];
  /** Endings of main inputs; null: any word that is no option is one. */
  readonly inputs: RegExp | null;
  /** Whether only the first word that is no option is the input: what follows is the program's own. */
  readonly firstOnly: boolean;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

/** From the manuals and drivers of gcc 14, clang 18, rustc 1.85, OpenJDK 21, GHC 9.8, binutils 2.43. */
const C_FAMILY: Grammar = {
  valued: words(
    '-o -I -D -U -isystem -iquote -idirafter -include -imacros -iprefix -iwithprefix -iwithprefixbefore -isysroot ' +
      '-imultilib -imultiarch -MF -MT -MQ -MD -MMD -dumpbase -dumpbase-ext -dumpdir -auxbase -auxbase-strip -aux-info ' +
      '-x -A -arch -target -Xclang -mllvm -triple -main-file-name -resource-dir -internal-isystem ' +
      '-internal-externc-isystem -fdebug-compilation-dir -ferror-limit -mrelocation-model -pic-level -target-cpu ' +
      '-target-feature -tune-cpu -dependency-file -coverage-notes-file -coverage-data-file -split-dwarf-file ' +
      '-header-include-file -diagnostic-log-file -stack-protector -T -L -l -z -u -e -Xlinker -Xassembler',
  ),
  output: ['-o'],
  inputs:
    /\.(?:c|cc|cp|cpp|cxx|c\+\+|C|i|ii|m|mi|mm|M|s|S|sx|f|for|F|f90|f95|f03|f08|F90|F95|adb|ads|d|go|ll|bc|cu|hip|cppm|ixx|[io]?pp)$/,
  firstOnly: false,
};

const SCRIPT: Grammar = { valued: words('-W -X'), output: [], inputs: null, firstOnly: true };

const GRAMMARS: readonly (readonly [programs: RegExp, Grammar])[] = [
  [
    /^(?:.*-)?(?:cc1(?:plus|obj|objplus|gm2)?|lto1|f951|gnat1|d21|go1|cc|gcc|g\+\+|c\+\+|clang|clang\+\+|clang-cpp|cpp|icx|icpx|tcc|acomp|ccg?fe)(?:-[\d.]+)?$/,
    C_FAMILY,
  ],
  [
    /^(?:rustc|clippy-driver|rustdoc)$/,
    {
      valued: words(
        '-o --out-dir --crate-name --crate-type --edition --emit --cfg --check-cfg -C --codegen -L -l --extern ' +
          '--cap-lints -W -A -D -F --target --sysroot --error-format --color --print --json --remap-path-prefix -Z',
      ),
      output: ['-o', '--out-dir'],
      inputs: /\.rs$/,
      firstOnly: false,
    },
  ],
  [
    /^(?:javac|kotlinc|scalac|groovyc)$/,
    {
      valued: words(
        '-d -cp -classpath --class-path -sourcepath -s -h -processor -processorpath -source -target --release',
      ),
      output: ['-d'],
      inputs: /\.(?:java|kt|kts|scala|groovy)$/,
      firstOnly: false,
    },
  ],
  [
    /^ghc(?:-[\d.]+)?$/,
    {
      valued: words('-o -outputdir -odir -hidir -package -package-db -x -main-is'),
      output: ['-o'],
      inputs: /\.l?hs$/,
      firstOnly: false,
    },
  ],
  [
    /^(?:.*-)?(?:as|gas|llvm-mc|yasm|nasm)$/,
    {
      valued: words('-o -I -march -mcpu --defsym --debug-prefix-map -f'),
      output: ['-o'],
      inputs: /\.(?:s|S|asm|i)$|^\/tmp\//,
      firstOnly: false,
    },
  ],
  [
    /^(?:.*-)?(?:ld(?:\.\w+)?|collect2|lld|mold|link)$/,
    // Many inputs, none of them the main one.
    {
      valued: words('-o -m -z -e -u -T -L -l -rpath -plugin -dynamic-linker -soname'),
      output: ['-o'],
      inputs: /^$/,
      firstOnly: false,
    },
  ],
  [/^(?:python|pypy)[\d.]*$/, SCRIPT],
  [
    /^(?:node|nodejs|bun|deno|ruby[\d.]*|perl[\d.]*|php[\d.]*|lua[\d.]*|Rscript|bash|sh|dash|ksh93?|zsh|awk|tclsh[\d.]*)$/,
    SCRIPT,
  ],
];

/** Interpreters run text of the command line itself behind these. */
const INLINE = words('-c -e -m -p --eval --print -r -E');

/** Reads a command line by the habits of its program. Nothing is known of a program that is not in the table. */
export function namedFiles(program: string | null, argv: readonly string[]): NamedFiles {
  const [first = '', ...rest] = argv;
  const responseFiles = rest.filter((word) => word.length > 1 && word.startsWith('@')).map((word) => word.slice(1));
  const grammar = grammarOf(program) ?? grammarOf(first);
  if (grammar === null) return { mainInput: null, output: null, responseFiles };
  const inputs: string[] = [];
  let output: string | null = null;
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? '';
    if (grammar.firstOnly && INLINE.has(word)) break;
    if (grammar.valued.has(word)) {
      at++;
      if (grammar.output.includes(word)) output = rest[at] ?? null;
    } else if (word.startsWith('-') && word !== '-') {
      for (const option of grammar.output) if (word.startsWith(`${option}=`)) output = word.slice(option.length + 1);
    } else if (!word.startsWith('@') && (grammar.inputs === null || grammar.inputs.test(word))) {
      inputs.push(word);
      if (grammar.firstOnly) break;
    }
  }
  const [only = null] = inputs;
  return { mainInput: inputs.length === 1 ? only : null, output: whole(output), responseFiles };
}

/** Null where the tracer cut the word. */
function whole(word: string | null): string | null {
  return word?.endsWith('...') === true ? null : word;
}

function grammarOf(program: string | null): Grammar | null {
  if (program === null) return null;
  const name = program.slice(program.lastIndexOf('/') + 1);
  return GRAMMARS.find(([programs]) => programs.test(name))?.[1] ?? null;
}
