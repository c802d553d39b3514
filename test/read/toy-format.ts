import type { LineParser, LoadedFormat, TracerFormat } from '../../parsers/tracer-format.ts';
import type { Dialect } from '../../src/model/dialect.ts';
import type { SyscallEvent } from '../../src/model/event.ts';

/**
 * The smallest format that has all the reader must care for: `[PID ][@SECONDS|@h:SECONDS|@r:SECONDS ]call NAME`; a line
 * `skip` may be passed over; `half NAME` is given at the end; anything else is unparsed.
 */
export function toyFormat(dialect: Dialect, word = 'call'): TracerFormat {
  const line = new RegExp(`^(?:(\\d+) )?(?:@([hr]:)?(\\d+)(?:\\.(\\d+))? )?${word} (.*)$`, 's');
  const loaded: LoadedFormat = {
    createParser(sink, context): LineParser {
      const held: SyscallEvent[] = [];
      let skippedEvents = 0;
      const base = (number: number) => ({ dialect, input: context.input, line: number, endLine: number, tid: null });
      return {
        push(text, number) {
          if (text === '') return;
          const half = text.startsWith('half ');
          const match = line.exec(half ? `${word} ${text.slice(5)}` : text);
          if (match === null) {
            const place = { ...base(number), pid: context.defaultPid, time: null, atNs: null };
            sink.event({ kind: 'unparsed', ...place, text });
            sink.diagnostic({ code: 'unparsed-line', input: context.input, line: number });
            return;
          }
          const [, pid, scale, seconds, fraction = '', name = ''] = match;
          const whole = Number(seconds);
          const nanos = Number(fraction.padEnd(9, '0'));
          const { clock } = context;
          const stamp =
            scale === 'h:'
              ? () => clock.atTimeOfDay(whole, nanos)
              : scale === 'r:'
                ? () => clock.afterPrevious(whole, nanos)
                : () => clock.at(whole, nanos);
          const event: SyscallEvent = {
            kind: 'syscall',
            ...base(number),
            pid: pid === undefined ? context.defaultPid : Number(pid),
            time: seconds ?? null,
            atNs: seconds === undefined ? null : stamp(),
            name,
            args: '',
            result: null,
            detail: null,
            errno: null,
            durationNs: null,
            outcome: 'unfinished',
          };
          if (half) held.push(event);
          else sink.event(event);
        },
        mayMatter(buffer, start, end) {
          if (context.needs === null || buffer.toString('latin1', start, end) !== 'skip') return true;
          skippedEvents++;
          return false;
        },
        end() {
          for (const event of held) sink.event(event);
        },
        sieve: null,
        selfContained: true,
        get skippedEvents() {
          return skippedEvents;
        },
      };
    },
  };
  return {
    dialect,
    title: 'a toy',
    reference: 'this file',
    recognizes: (text) => line.test(text),
    load: () => Promise.resolve(loaded),
  };
}
