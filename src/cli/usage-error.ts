/** The arguments make no sense; the message is one sentence for a person. */
export class UsageError extends Error {}
