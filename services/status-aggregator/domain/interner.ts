/** Small numbers for texts that recur a million times. Grows only: it lives as long as one view. */
export class Interner {
  readonly #ids = new Map<string, number>();
  readonly #first: number;

  /** `first` is the id of the first text; lower numbers are free for other meanings. */
  constructor(first: number) {
    this.#first = first;
  }

  /** The same number for the same text. */
  idOf(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.#first + this.#ids.size;
    this.#ids.set(text, id);
    return id;
  }
}
