// Runs in a thread of its own (scan-ahead.ts): reads a file into the sieve's memory and scans its lines there.

import { openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { instantiate } from '../../parsers/sieve/compiled.ts';
import { ROWS, SLOT_BYTES, SLOTS } from '../../parsers/sieve/memory.ts';
import type { ScanJob } from '../../parsers/sieve.ts';
import { ScanSlots } from './scan-slots.ts';

/** What the thread is for. It begins when it is told at which byte of the file, where a line begins. */
export interface ScanStart {
  readonly job: ScanJob;
  readonly path: string;
  /** Bytes of a slot's text. */
  readonly pieceBytes: number;
}

const LINE_FEED = 10;

const { job, path, pieceBytes }: ScanStart = workerData;
const sieve = instantiate(job.module, job.memory);
const memory = Buffer.from(job.memory.buffer);
const slots = new ScanSlots(job.memory);
const rowsInSlot = Math.floor(SLOT_BYTES / job.stride);
const file = openSync(path, 'r');

/** Fills slot after slot with whole lines; one without rows where it can go no further. */
function scanFrom(offset: number): void {
  let position = offset;
  for (let slot = 0; ; slot = (slot + 1) % SLOTS) {
    const start = slots.waitForRoom(slot);
    const read = readSync(file, memory, start, pieceBytes, position);
    const limit = start + memory.subarray(start, start + read).lastIndexOf(LINE_FEED) + 1;
    const rows = sieve.scan(job.isStrace, start, limit, ROWS + slot * SLOT_BYTES, rowsInSlot, job.stride);
    // There may have been more lines than rows: the others are read again.
    const bytes = sieve.scannedTo() - start;
    position += bytes;
    slots.handOver(slot, bytes, rows);
    if (rows === 0) return;
  }
}

parentPort?.once('message', scanFrom);
parentPort?.postMessage('ready');
