/** Whether a call came off; at level raw its outcome says more behind it. */
export function isSuccess(outcome: string): boolean {
  return outcome === 'ok' || outcome.startsWith('ok ');
}
