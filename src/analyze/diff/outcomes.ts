/** What a call came to, an error or 'ok'; at level raw its outcome says more behind it. */
export function resultWord(outcome: string): string {
  const space = outcome.indexOf(' ');
  return space < 0 ? outcome : outcome.slice(0, space);
}

/** Whether a call came off. */
export function isSuccess(outcome: string): boolean {
  return resultWord(outcome) === 'ok';
}
