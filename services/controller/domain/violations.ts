/** What is wrong with one field of a request. */
export interface Violation {
  /** Path, such as `config.spec.rules[0].host`. */
  readonly field: string;
  readonly description: string;
}

/** More than anybody reads at once. */
const VIOLATIONS_MAX = 50;

/** Collects what is wrong, so that all of it is told at once. Bounded. */
export class Violations {
  readonly list: Violation[] = [];

  add(field: string, description: string): void {
    if (this.list.length < VIOLATIONS_MAX) this.list.push({ field, description });
  }

  /** Adds a violation unless `holds`. Returns `holds`. */
  require(holds: boolean, field: string, description: string): boolean {
    if (!holds) this.add(field, description);
    return holds;
  }
}
