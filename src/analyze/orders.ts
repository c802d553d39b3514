// Apart from what sorts by them: the command line needs only their names.

/** What calls can be sorted by. */
export const SUMMARY_ORDERS = ['time', 'calls', 'errors', 'name'] as const;
export type SummaryOrder = (typeof SUMMARY_ORDERS)[number];

/** What files can be sorted by. Counts and bytes: most first. */
export const FILE_ORDERS = ['first', 'last', 'path', 'opened', 'failed', 'read', 'written'] as const;
export type FileOrder = (typeof FILE_ORDERS)[number];
