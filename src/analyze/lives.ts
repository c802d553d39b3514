import type { TraceEvent } from '../model/event.ts';
import type { LineSpan } from '../model/trace.ts';

/** Takes the events of one life, in order. */
export interface LifeFold {
  add(event: TraceEvent): void;
}

interface Chapter {
  readonly life: Life;
  readonly span: LineSpan;
  /** Among the spans of its life. */
  readonly index: number;
}

interface Life {
  readonly fold: LifeFold;
  /** Index of the latest span that an event came from. */
  reached: number;
}

/** Sorts the events of a second look to the lives they are of. Events of nobody here are passed over. */
export class Lives {
  readonly #isSet: boolean;
  readonly #byTask = new Map<number | null, Chapter[]>();

  /** `isSet`: lines of different inputs belong together, and say nothing of before and after. */
  constructor(isSet: boolean) {
    this.#isSet = isSet;
  }

  /** A life whose spans stand in the order they were lived. */
  follow(spans: readonly LineSpan[], fold: LifeFold): void {
    const life: Life = { fold, reached: 0 };
    for (const [index, span] of spans.entries()) {
      for (const task of span.tasks) {
        const chapters = this.#byTask.get(task);
        const chapter = { life, span, index };
        if (chapters === undefined) this.#byTask.set(task, [chapter]);
        else chapters.push(chapter);
      }
    }
  }

  add(event: TraceEvent): void {
    if (event.kind === 'note' || event.kind === 'unparsed') return;
    for (const { life, span, index } of this.#byTask.get(event.pid) ?? []) {
      if (index < life.reached || (!this.#isSet && !isWithin(event, span))) continue;
      life.reached = index;
      life.fold.add(event);
    }
  }
}

function isWithin({ input, line }: TraceEvent, span: LineSpan): boolean {
  return input === span.input && line >= span.from && line <= span.to;
}
