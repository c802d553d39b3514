import type { Place } from '../analyze/process.ts';
import type { Dialect } from '../model/dialect.ts';
import type { TraceSummary } from '../model/trace.ts';
import { isUtf8, toUtf8 } from '../scan/unescape.ts';

// What the documents have in common. What is not known is null; two keys are there only when they say something:
// `input` when there are several inputs, `pathBytes` when the path is not UTF-8.

/** A change of shape is a new version. */
export const DOCUMENT_VERSION = 1;

/** The trace that was read. */
export interface TraceJson {
  readonly inputs: readonly string[];
  readonly dialect: Dialect;
  readonly lines: number;
  readonly events: number;
  readonly unparsed: number;
  readonly processes: number;
}

/** A line, counted from 1 in its own input. */
export interface LineJson {
  readonly input?: string;
  readonly line: number;
}

/** A line that may not be known. */
export interface MaybeLineJson {
  readonly input?: string;
  readonly line: number | null;
}

/** A path. */
export interface PathJson {
  /** Bytes that are not UTF-8 are U+FFFD here. */
  readonly path: string;
  /** The path's own bytes in base64. */
  readonly pathBytes?: string;
}

/** The trace, with how many processes the analysis found in it. */
export function traceJson({ inputs, dialect, lines, events, unparsed }: TraceSummary, processes: number): TraceJson {
  return { inputs, dialect, lines, events, unparsed, processes };
}

/** A place; the input is named where there are several. */
export function lineJson({ input, line }: Place, trace: TraceSummary): LineJson {
  const name = trace.inputs[input];
  return trace.inputs.length > 1 && name !== undefined ? { input: name, line } : { line };
}

/** As `lineJson`, of a place that may not be known. */
export function maybeLineJson(place: Place | null, trace: TraceSummary): MaybeLineJson {
  return place === null ? { line: null } : lineJson(place, trace);
}

/** A path of latin1 bytes. */
export function pathJson(bytes: string): PathJson {
  const path = toUtf8(bytes);
  return isUtf8(bytes) ? { path } : { path, pathBytes: Buffer.from(bytes, 'latin1').toString('base64') };
}

/** Latin1 bytes as text; bytes that are not UTF-8 are U+FFFD. */
export function textOrNull(bytes: string | null): string | null {
  return bytes === null ? null : toUtf8(bytes);
}

/** Seconds of nanoseconds. */
export function seconds(ns: number | null): number | null {
  return ns === null ? null : ns / 1e9;
}

/** A list whose elements are made as they are written. */
export function each<From, To>(list: Iterable<From>, make: (from: From) => To): Iterable<To> {
  return {
    *[Symbol.iterator]() {
      for (const from of list) yield make(from);
    },
  };
}
