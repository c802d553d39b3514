import type { Filter } from '../explore/exploration.ts';
import { parseQuery, type Query } from '../explore/query.ts';
import { printable, printableText } from '../render/text/printable.ts';

/** Shown where a filter is typed. */
export const FILTER_HINT = 'open,openat   path:/etc   error   error:ENOENT   time:1.5-2   text:/re/   not:…';

/** A filter as typed, or what is wrong with it: one sentence. */
export type ParsedFilter = { readonly filter: Filter } | { readonly complaint: string };

const PREFIX = /^(call|path|error|time|text):(.*)$/su;
const CALLS = /^[\w$]+(,[\w$]+)*$/;
const SECONDS = /^(\d*\.?\d+)?-(\d*\.?\d+)?$/;

/**
 * Reads a filter as a person types it: names of calls; with a slash or a dot in it a part of a path; `error`; with a
 * prefix what the prefix says. `not:` or `!` in front turns it round.
 */
export function parseFilter(typed: string): ParsedFilter {
  const [, negation, rest = ''] = /^(not:|!)?\s*(.*)$/su.exec(typed.trim()) ?? [];
  const excludes = negation !== undefined;
  if (rest === '') return { complaint: 'a filter has something to look for' };
  if (rest === 'error') return { filter: { kind: 'error', errno: null, excludes } };
  const [, kind, text = ''] = PREFIX.exec(rest) ?? [];
  if (kind === undefined) return /[/.]/.test(rest) ? pathFilter(rest, excludes) : callFilter(rest, excludes);
  if (text === '') return { complaint: `${kind}: has something to look for behind it` };
  if (kind === 'call') return callFilter(text, excludes);
  if (kind === 'path') return pathFilter(text, excludes);
  if (kind === 'error') return { filter: { kind: 'error', errno: text.toUpperCase(), excludes } };
  if (kind === 'time') return timeFilter(text, excludes);
  const query = parseQuery(text);
  return query === null
    ? { complaint: `${text} is no regular expression` }
    : { filter: { kind: 'text', query, excludes } };
}

function callFilter(text: string, excludes: boolean): ParsedFilter {
  if (!CALLS.test(text)) return { complaint: `${text} is no name of a call; path: or text: finds other things` };
  return { filter: { kind: 'call', names: text.split(','), excludes } };
}

function pathFilter(text: string, excludes: boolean): ParsedFilter {
  return { filter: { kind: 'path', text: Buffer.from(text, 'utf8').toString('latin1'), excludes } };
}

function timeFilter(text: string, excludes: boolean): ParsedFilter {
  const [whole, from, to] = SECONDS.exec(text) ?? [];
  if (whole === undefined || (from === undefined && to === undefined)) {
    return { complaint: 'a time is seconds from the start: time:1.5-2, time:1.5- or time:-2' };
  }
  return { filter: { kind: 'time', fromNs: nanoseconds(from), toNs: nanoseconds(to), excludes } };
}

function nanoseconds(seconds: string | undefined): number | null {
  return seconds === undefined ? null : Math.round(Number(seconds) * 1e9);
}

/** A filter as it is shown, and as it can be typed again. */
export function filterText(filter: Filter): string {
  return `${filter.excludes ? 'not:' : ''}${conditionText(filter)}`;
}

function conditionText(filter: Filter): string {
  switch (filter.kind) {
    case 'call':
      return filter.names.join(',');
    case 'path':
      return `path:${printable(filter.text)}`;
    case 'error':
      return filter.errno === null ? 'error' : `error:${filter.errno}`;
    case 'time':
      return `time:${seconds(filter.fromNs)}-${seconds(filter.toNs)}`;
    case 'text':
      return `text:${queryText(filter.query)}`;
    default:
      return filter satisfies never;
  }
}

function queryText({ kind, typed }: Query): string {
  const text = printableText(typed);
  return kind === 'plain' ? text : `/${text}/`;
}

function seconds(ns: number | null): string {
  return ns === null ? '' : String(ns / 1e9);
}
