import { blameNeeds } from '../../analyze/blame.ts';
import { Tree } from '../../analyze/tree.ts';
import { treeDocument } from '../../render/json.ts';
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
    document: treeDocument,
    text: renderTree,
    outcome: () => ({ kind: 'done' }),
  });
}
