import { z } from 'zod';
import { ACTS } from '../../model/file-acts.ts';

import { FILES_FORMAT, type FilesDocument } from '../../render/files-json.ts';
import { DOCUMENT_VERSION } from '../../render/json-parts.ts';
import { argv, count, line, path, pid, text, trace } from './parts.ts';

const shownCount = count.nullable().describe('null where the log shows no such call at all');
const traffic = { calls: count, bytes: count };

const file = {
  ...path,
  opened: shownCount,
  openedToWrite: shownCount.describe('opens that allow writing'),
  closed: shownCount,
  lookedAt: shownCount.describe('stat, access, readlink and the like'),
  executed: shownCount,
  mapped: shownCount,
  listed: shownCount.describe('as a directory'),
  created: shownCount.describe('as a directory, a node or a link'),
  truncated: shownCount.describe('also by an open'),
  altered: shownCount.describe('its mode, owner or times'),
  renamed: shownCount,
  linked: shownCount,
  unlinked: shownCount,
  unlinkedOpen: shownCount.describe('of the times it was unlinked, those while the process had it open'),
  read: z
    .strictObject({ ...traffic, toEnd: z.boolean().describe('whether a read found nothing more to read') })
    .nullable()
    .describe('null where the log shows no reads, or no closes to tell of which file they are'),
  written: z.strictObject(traffic).nullable().describe('null as read'),
  renamedTo: z.array(z.strictObject(path)).readonly().describe('the latest of its new names'),
  renamedFrom: z.array(z.strictObject(path)).readonly().describe('the latest names of files renamed to this one'),
  failures: z
    .array(z.strictObject({ act: z.enum([...ACTS, 'read', 'written']), errno: text, count, ...line }))
    .readonly(),
  first: z.strictObject(line),
  last: z.strictObject(line),
};

const bothWays = z.strictObject({ read: z.strictObject(traffic), written: z.strictObject(traffic) });

const anyFiles = z.strictObject({
  format: z.literal(FILES_FORMAT),
  version: z.literal(DOCUMENT_VERSION),
  trace,
  files: z.array(z.strictObject({ ...file, processes: count.describe('that used it') })).readonly(),
  processes: z
    .array(z.strictObject({ pid, program: text, argv, ...line, files: z.array(z.strictObject(file)).readonly() }))
    .readonly(),
  elsewhere: z
    .strictObject({
      standard: bothWays.describe('descriptors 0, 1 and 2, where the log shows nothing else of them'),
      none: bothWays.describe('pipes, sockets and the like'),
      unknown: bothWays.describe('descriptors whose opening the log does not show'),
    })
    .describe('bytes that are of no file, or of none that is known'),
  unlisted: z
    .strictObject({
      calls: count.describe('on paths that are not in files'),
      processes: count.describe('that are not in processes, though what they did is in files'),
    })
    .describe('what there was no room for'),
});

/** What `files --json` prints. */
export const filesSchema: z.ZodType<FilesDocument> = anyFiles;
// The line above fails to compile where the schema lacks what the document has, this one where it asks for more.
true satisfies FilesDocument extends z.output<typeof anyFiles> ? true : false;
