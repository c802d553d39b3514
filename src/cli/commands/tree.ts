import { blameNeeds } from '../../analyze/blame.ts';
import { Tree } from '../../analyze/tree.ts';
import { renderTree } from '../../render/text/tree.ts';
import { printAnalysis } from '../analysis.ts';
import type { Outcome } from '../exit-codes.ts';
import type { AnswerOptions } from '../options.ts';

/** `forklore tree`: the follow-fork process tree. */
export function tree(options: AnswerOptions): Promise<Outcome> {
  return printAnalysis(options, {
    needs: blameNeeds,
    begin: (header) => new Tree(header),
    untraced: (result) => result.blame.untraced,
    document: async (result, trace) => (await import('../../render/json.ts')).treeDocument(result, trace),
    text: renderTree,
    outcome: () => ({ kind: 'done' }),
    looker: null,
  });
}
