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
  /** Whether there is never a second input: one that is seen is it, whatever else the log does not show. */
  readonly single: boolean;
  /** Interpreters: the first word that is no option is the input, and what follows its own; none behind these options. */
  readonly inline: RegExp | null;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

// From the manuals and drivers of gcc 14, clang 18, rustc 1.85, OpenJDK 21, GHC 9.8, binutils 2.43.

const C_OPTIONS = words(
  '-o -I -D -U -isystem -iquote -idirafter -include -imacros -iprefix -iwithprefix -iwithprefixbefore -isysroot ' +
    '-imultilib -imultiarch -MF -MT -MQ -dumpbase -dumpbase-ext -dumpdir -auxbase -auxbase-strip -aux-info ' +
    '-x -A -arch -target -Xclang -mllvm -triple -main-file-name -resource-dir -internal-isystem ' +
    '-internal-externc-isystem -fdebug-compilation-dir -ferror-limit -mrelocation-model -pic-level -target-cpu ' +
    '-target-feature -tune-cpu -dependency-file -coverage-notes-file -coverage-data-file -split-dwarf-file ' +
    '-header-include-file -diagnostic-log-file -stack-protector -T -L -l -z -u -e -Xlinker -Xassembler',
);

/** Drivers, which may be given several inputs. */
const C_DRIVER: Grammar = {
  valued: C_OPTIONS,
  output: ['-o'],
  inputs:
    /\.(?:c|cc|cp|cpp|cxx|c\+\+|C|i|ii|m|mi|mm|M|s|S|sx|f|for|F|f90|f95|f03|f08|F90|F95|adb|ads|d|go|ll|bc|cu|hip|cppm|ixx|[io]?pp)$/,
  single: false,
  inline: null,
};

/** The compiler proper. Its driver gives `-MD` the name that it thought of. */
const C_COMPILER: Grammar = { ...C_DRIVER, valued: new Set([...C_OPTIONS, '-MD', '-MMD']), single: true };

function interpreter(valued: string, inline: RegExp): Grammar {
  return { valued: words(valued), output: [], inputs: null, single: true, inline };
}

const GRAMMARS: readonly (readonly [programs: RegExp, Grammar])[] = [
  [/^(?:cc1(?:plus|obj|objplus|gm2)?|lto1|f951|gnat1|d21|go1|acomp|ccg?fe)$/, C_COMPILER],
  [/^(?:.*-)?(?:cc|gcc|g\+\+|c\+\+|clang|clang\+\+|clang-cpp|cpp|icx|icpx|tcc)(?:-[\d.]+)?$/, C_DRIVER],
  [
    /^(?:rustc|clippy-driver|rustdoc)$/,
    {
      valued: words(
        '-o --out-dir --crate-name --crate-type --edition --emit --cfg --check-cfg -C --codegen -L -l --extern ' +
          '--cap-lints -W -A -D -F --target --sysroot --error-format --color --print --json --remap-path-prefix -Z',
      ),
      output: ['-o', '--out-dir'],
      inputs: /\.rs$/,
      single: true,
      inline: null,
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
      single: false,
      inline: null,
    },
  ],
  [
    /^ghc(?:-[\d.]+)?$/,
    {
      valued: words('-o -outputdir -odir -hidir -package -package-db -x -main-is'),
      output: ['-o'],
      inputs: /\.l?hs$/,
      single: false,
      inline: null,
    },
  ],
  [
    /^(?:.*-)?(?:as|gas|llvm-mc|yasm|nasm)$/,
    {
      valued: words('-o -I -march -mcpu --defsym --debug-prefix-map -f'),
      output: ['-o'],
      inputs: /\.(?:s|S|asm|i)$|^\/tmp\//,
      single: false,
      inline: null,
    },
  ],
  [
    /^(?:.*-)?(?:ld(?:\.\w+)?|collect2|lld|mold|link)$/,
    // Many inputs, none of them the main one.
    {
      valued: words('-o -m -z -e -u -T -L -l -rpath -plugin -dynamic-linker -soname'),
      output: ['-o'],
      inputs: /^$/,
      single: false,
      inline: null,
    },
  ],
  [/^(?:python|pypy)[\d.]*$/, interpreter('-W -X --check-hash-based-pycs', /^-[bBdEhiIOPqRsSuvx]*[cm]/)],
  [/^(?:node|nodejs)$/, interpreter('-r --require --import --loader -C --conditions', /^-(?:[ep]+$|-eval|-print)/)],
  [/^(?:ruby|perl)[\d.]*$/, interpreter('-I -r -C', /^-\w*[eE]/)],
  [/^(?:bash|sh|dash|ksh93?|zsh)$/, interpreter('-o +o -O +O --rcfile --init-file', /^-\w*c/)],
  [/^php[\d.]*$/, interpreter('-c -d -z -S -t', /^-[rBRE]/)],
  [/^lua[\d.]*$/, interpreter('-l -e', /^$/)],
  [/^(?:Rscript|tclsh[\d.]*)$/, interpreter('', /^-e/)],
];

/** Reads a command line by the habits of its program. Nothing is known of a program that is not in the table. */
export function namedFiles(program: string | null, argv: readonly string[]): NamedFiles {
  const [first = '', ...rest] = argv;
  const grammar = grammarOf(program) ?? grammarOf(first);
  if (grammar === null) return { mainInput: null, output: null, responseFiles: [] };
  if (grammar.inline !== null)
    return { mainInput: scriptOf(rest, grammar, grammar.inline), output: null, responseFiles: [] };
  const responseFiles: string[] = [];
  const inputs: string[] = [];
  let output: string | null = null;
  let isWhole = true;
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? '';
    if (grammar.valued.has(word)) {
      at++;
      if (grammar.output.includes(word)) output = rest[at] ?? null;
    } else if (word.startsWith('@') && word.length > 1) {
      if (whole(word) !== null) responseFiles.push(word.slice(1));
      isWhole = false;
    } else if (word.startsWith('-') && word !== '-') {
      for (const option of grammar.output) if (word.startsWith(`${option}=`)) output = word.slice(option.length + 1);
    } else if (whole(word) === null) isWhole = false;
    else if (grammar.inputs === null || grammar.inputs.test(word)) inputs.push(word);
  }
  const [only = null] = inputs;
  const isOnly = inputs.length === 1 && (isWhole || grammar.single);
  return { mainInput: isOnly ? only : null, output: output === null ? null : whole(output), responseFiles };
}

/** The script an interpreter was given; null where it has none, or the log does not show it. */
function scriptOf(words: readonly string[], { valued }: Grammar, inline: RegExp): string | null {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (inline.test(word)) return null;
    if (valued.has(word)) at++;
    else if (word === '-') return null;
    else if (!word.startsWith('-') && !word.startsWith('+')) return whole(word);
    else if (whole(word) === null) return null;
  }
  return null;
}

/** Null where the tracer cut the word, or left it out. */
function whole(word: string): string | null {
  return word.endsWith('...') ? null : word;
}

function grammarOf(program: string | null): Grammar | null {
  if (program === null) return null;
  const name = program.slice(program.lastIndexOf('/') + 1);
  return GRAMMARS.find(([programs]) => programs.test(name))?.[1] ?? null;
}
