import type { OpenFlags } from '../../model/open-flags.ts';
import type { Syscall } from '../../model/syscalls.ts';
import { FileKeys } from '../file-ledger.ts';
import type { NamedFile } from '../open-records.ts';
import type { MadeFile } from './recorded-run.ts';
import { isFile, type Subject } from './subjects.ts';

/** Names that are remembered. */
const MAX_MADE = 100_000;

/** The files and directories that a run made, among which its temporary ones are: made where there was none, and gone in the end. */
export class MadeFiles {
  readonly #keys = new FileKeys();
  readonly #made = new Map<string, MadeFile>();

  /** A call came off. `flags`: of an open. */
  add({ role }: Syscall, flags: OpenFlags | null, [file, target]: readonly Subject[]): void {
    if (file === undefined || !isFile(file)) return;
    if (role === 'unlink' || role === 'rename') {
      const known = this.#made.get(this.#keys.of(file));
      if (known !== undefined) known.isGone = true;
    }
    if (target !== undefined && isFile(target)) this.#make(target, false);
    if (role === 'create' || flags?.creates === true) this.#make(file, role === 'create' || flags?.exclusive === true);
  }

  all(): MadeFile[] {
    return [...this.#made.values()];
  }

  #make(file: NamedFile, isNew: boolean): void {
    const key = this.#keys.of(file);
    const known = this.#made.get(key);
    if (known !== undefined) known.isNew ||= isNew;
    else if (this.#made.size < MAX_MADE) this.#made.set(key, { file, isNew, isGone: false });
  }
}
