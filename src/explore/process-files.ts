import type { FileUse } from '../analyze/file-use.ts';
import { Files } from '../analyze/files.ts';
import { lineageOf } from '../analyze/life.ts';
import type { Process } from '../analyze/process.ts';
import { dialectTraits } from '../model/dialect.ts';
import type { TraceEvent } from '../model/event.ts';
import { syscallOf } from '../model/syscalls.ts';
import type { LineSpan, TraceHeader } from '../model/trace.ts';
import type { SecondLook } from '../read/second-look.ts';
import type { FileRow } from './exploration.ts';
import type { Signature } from './signatures.ts';

/**
 * What a process did with files, from its own lines and, for what it inherited, its parents'. `signatures`: of all events
 * of the trace.
 */
export async function filesOfProcess(
  process: Process,
  header: TraceHeader,
  signatures: readonly Signature[],
  again: SecondLook,
): Promise<FileRow[]> {
  const isSet = header.joined && header.inputs.length > 1;
  const spans = lineageOf(process, isSet);
  const { pid } = process;
  const { platform } = dialectTraits[header.dialect];
  const showsCloses = signatures.some(({ title }) => syscallOf(title, platform)?.role === 'close');
  const question = { process: pid === null ? null : String(pid), byProcess: true };
  const files = new Files(header, question, showsCloses);
  await again.events(spans, (event) => {
    if (isWithin(event, spans, isSet)) files.add(event);
  });
  const own = files.finish().byProcess.find((one) => one.pid === pid);
  return (own?.files ?? []).map((use) => rowOf(use, showsCloses));
}

/** Whether the event is of one of the processes, and not of another that had its pid at another time. */
function isWithin({ input, line, pid }: TraceEvent, spans: readonly LineSpan[], isSet: boolean): boolean {
  return spans.some(
    (span) => span.tasks.has(pid) && (isSet || (input === span.input && line >= span.from && line <= span.to)),
  );
}

function rowOf(use: FileUse, showsCloses: boolean): FileRow {
  const { path, opened, failures, failedCalls, read, written, openAtEnd, isDirectory, isSystemFile, first, last } = use;
  const stillOpen = showsCloses ? openAtEnd : null;
  return {
    path,
    opened,
    failures,
    failed: failedCalls,
    read,
    written,
    stillOpen,
    isDirectory,
    isSystemFile,
    first,
    last,
  };
}
