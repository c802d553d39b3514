// Compiles each assembly folder into the module.ts beside it: `npm run assembly`. With --check nothing is written, and the
// exit status is 1 where what lies there was made from something else.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import asc from 'assemblyscript/asc';

const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '--importMemory', '--enable', 'simd'];
/** As in sieve/memory.ts: lines may be scanned in another thread. */
const SHARED = ['--sharedMemory', '--enable', 'threads', '--maximumMemory', '512'];
const COLUMNS = 110;
const ROOT = join(import.meta.dirname, '..');
const MODULES = [
  { folder: 'parsers/sieve', constant: 'SIEVE_MODULE', what: 'sieve', memory: SHARED },
  {
    folder: 'parsers/strace-plain',
    constant: 'STRACE_PLAIN_MODULE',
    what: "reader of strace's plain lines",
    memory: [],
  },
  { folder: 'src/ndjson/call-lines', constant: 'CALL_LINES_MODULE', what: "writer of calls' lines", memory: [] },
];

/** Throws what the compiler says where it refuses. */
async function compile({ folder, memory }) {
  let binary = null;
  const source = join(ROOT, folder, 'assembly', 'index.ts');
  const { error, stderr } = await asc.main([source, '--outFile', 'module.wasm', ...OPTIONS, ...memory], {
    writeFile: (_name, contents) => {
      binary = contents;
    },
  });
  if (error !== null || binary === null) throw new Error(`${error?.message ?? 'nothing was compiled'}\n${stderr}`);
  return Buffer.from(binary).toString('base64');
}

function moduleText({ folder, constant, what }, base64) {
  const rows = base64.match(new RegExp(`.{1,${COLUMNS}}`, 'g')) ?? [];
  const literal = rows.map((row) => `  '${row}'`).join(' +\n');
  return `// Made by \`npm run assembly\` from ${basename(folder)}/assembly. Not to be edited.\n\n/** The compiled ${what}, in base64. */\nexport const ${constant} =\n${literal};\n`;
}

for (const module of MODULES) {
  const path = join(ROOT, module.folder, 'module.ts');
  const text = moduleText(module, await compile(module));
  if (!process.argv.includes('--check')) writeFileSync(path, text);
  else if (readFileSync(path, 'utf8') !== text) process.exit(1);
}
