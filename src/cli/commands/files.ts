import { selectFiles } from '../../analyze/file-selection.ts';
import { Files, filesNeeds } from '../../analyze/files.ts';
import { filesCsv } from '../../render/files-csv.ts';
import { renderFiles } from '../../render/text/files.ts';
import { printAnalysis } from '../analysis.ts';
import type { Outcome } from '../exit-codes.ts';
import type { FilesOptions } from '../options.ts';

/** `forklore files`: what was done with each file. */
export function files(options: FilesOptions): Promise<Outcome> {
  const { process, failed, written, sort } = options;
  const byProcess = options.byProcess || options.json;
  const style = { failed, flat: written || sort !== null, byProcess: options.byProcess };
  return printAnalysis(options, {
    needs: filesNeeds,
    begin: (header) => new Files(header, { process, byProcess }),
    untraced: (result) => result.untraced,
    document: async (result, trace) => {
      const { filesDocument } = await import('../../render/files-json.ts');
      return filesDocument(selectFiles(result, { failed, written, sort }), trace);
    },
    text: (result, trace, view) => {
      const selected = selectFiles(result, { failed, written, sort });
      return options.csv ? filesCsv(selected, trace, options.byProcess) : renderFiles(selected, trace, view, style);
    },
    looker: null,
    outcome: () => ({ kind: 'done' }),
  });
}
