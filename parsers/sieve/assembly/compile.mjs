// Compiles the sieve and writes it where sieve.ts finds it: `npm run sieve`. With --check nothing is written, and the
// exit status is 1 where what lies there was made from something else.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '--enable', 'simd'];
// As in ../memory.ts: scanning may go on in another thread.
const MEMORY = ['--importMemory', '--sharedMemory', '--enable', 'threads', '--maximumMemory', '512'];
const COLUMNS = 110;
const MODULE = join(import.meta.dirname, '..', 'module.ts');

/** Throws what the compiler says where it refuses. */
async function compile() {
  let binary = null;
  const source = join(import.meta.dirname, 'index.ts');
  const { error, stderr } = await asc.main([source, '--outFile', 'sieve.wasm', ...OPTIONS, ...MEMORY], {
    writeFile: (_name, contents) => {
      binary = contents;
    },
  });
  if (error !== null || binary === null) throw new Error(`${error?.message ?? 'nothing was compiled'}\n${stderr}`);
  return Buffer.from(binary).toString('base64');
}

function moduleText(base64) {
  const rows = base64.match(new RegExp(`.{1,${COLUMNS}}`, 'g')) ?? [];
  const literal = rows.map((row) => `  '${row}'`).join(' +\n');
  return `// Made by \`npm run sieve\` from sieve/assembly. Not to be edited.\n\n/** The compiled sieve, in base64. */\nexport const SIEVE_MODULE =\n${literal};\n`;
}

const text = moduleText(await compile());
if (!process.argv.includes('--check')) writeFileSync(MODULE, text);
else if (readFileSync(MODULE, 'utf8') !== text) process.exit(1);
