export type ForkloreErrorCode =
  | 'unreadable-input'
  | 'no-input'
  | 'not-a-trace'
  | 'ambiguous-trace'
  | 'mixed-dialects'
  | 'invalid-ndjson'
  | 'strict'
  | 'no-terminal';

/** A failure the caller may handle: `code` says which, the message is one sentence for a person. */
export class ForkloreError extends Error {
  readonly code: ForkloreErrorCode;

  constructor(code: ForkloreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ForkloreError';
    this.code = code;
  }
}
