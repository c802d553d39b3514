/** Counts the steps of an alignment, so that its cost can be bounded whatever the input: by steps, not by a clock. */
export class Work {
  steps = 0;
  limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Whether the steps are used up. */
  get isOver(): boolean {
    return this.steps > this.limit;
  }
}
