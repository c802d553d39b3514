// Compiles the sieve and writes it where sieve.ts finds it: `npm run sieve`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '--importMemory', '--enable', 'simd'];

/** The text of module.ts. Throws what the compiler says where it refuses. */
export async function compileSieve() {
  let binary = null;
  const { error, stderr } = await asc.main(
    [join(import.meta.dirname, 'index.ts'), '--outFile', 'sieve.wasm', ...OPTIONS],
    {
      writeFile: (_name, contents) => {
        binary = contents;
      },
    },
  );
  if (error !== null || binary === null) throw new Error(`${error?.message ?? 'nothing was compiled'}\n${stderr}`);
  const rows =
    Buffer.from(binary)
      .toString('base64')
      .match(/.{1,110}/g) ?? [];
  const literal = rows.map((row) => `  '${row}'`).join(' +\n');
  return `// Made by \`npm run sieve\` from sieve/assembly. Not to be edited.\n\n/** The compiled sieve, in base64. */\nexport const SIEVE_MODULE =\n${literal};\n`;
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(join(import.meta.dirname, '..', 'module.ts'), await compileSieve());
}
