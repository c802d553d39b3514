import type { Crash } from '../analyze/blame-result.ts';
import { Explainers } from '../analyze/explain.ts';
import type { Place, Process } from '../analyze/process.ts';
import { type Rerun, RerunFold } from '../analyze/rerun.ts';
import type { TraceHeader } from '../model/trace.ts';
import type { SecondLook } from '../read/second-look.ts';
import type { Actors } from './actors.ts';
import type { EventIndex } from './event-index.ts';
import type { EventRows } from './event-rows.ts';

/** The crash with what its process's lines explain. */
export async function explainedCrash(crash: Crash, header: TraceHeader, again: SecondLook): Promise<Crash> {
  const explainers = new Explainers([crash], header);
  await again.events(explainers.spans, (event) => explainers.add(event));
  const [explanation = null] = explainers.finish((input) => again.firstLine(input));
  return { ...crash, explanation };
}

/**
 * Slots of the latest events up to a place, oldest first: of the thread whose event stands there, of the whole process
 * where none of its own does.
 */
export function slotsUpTo(place: Place, process: Process, count: number, index: EventIndex, actors: Actors): number[] {
  const start = index.slotFrom(process.start.input, process.start.line);
  const end = index.slotFrom(place.input, place.line);
  const thread = index.task(end);
  const isThread = actors.processOf(thread) === process;
  const slots: number[] = [];
  for (let slot = end; slot >= start && slots.length < count; slot--) {
    if (index.rank(slot) === 0) continue;
    const task = index.task(slot);
    if (isThread ? task === thread : actors.processOf(task) === process) slots.unshift(slot);
  }
  return slots;
}

/** How to run again what an exec began to run; null where the log does not show it whole. */
export async function rerunOf({ input, line }: Place, index: EventIndex, rows: EventRows): Promise<Rerun | null> {
  const [event = null] = await rows.events([index.slotFrom(input, line)]);
  const fold = new RerunFold();
  if (event !== null) fold.add(event);
  return fold.finish();
}
