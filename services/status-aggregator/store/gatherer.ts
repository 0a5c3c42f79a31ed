interface Batch<Question, Answer> {
  readonly questions: Map<string, Question>;
  readonly answer: Promise<Answer>;
}

export interface GathererDeps<Question, Answer> {
  /** Asks all at once. */
  ask: (questions: readonly Question[]) => Promise<Answer>;
  /** Equal for questions that are the same. */
  keyOf: (question: Question) => string;
  /** Questions at most that are asked at once. */
  max: number;
}

/**
 * Gathers the questions of many callers: those that come while one asking is under way share the next
 * one, so that each is asked after its caller came. At most one asking is under way.
 */
export class Gatherer<Question, Answer> {
  readonly #deps: GathererDeps<Question, Answer>;
  #gathering: Batch<Question, Answer> | undefined;
  #asking: Promise<unknown> = Promise.resolve();

  constructor(deps: GathererDeps<Question, Answer>) {
    this.#deps = deps;
  }

  /** Answers with what `ask` says of these and of others'; rejects as it does. At most `max` questions. */
  async ask(questions: readonly Question[]): Promise<Answer> {
    const { keyOf, max } = this.#deps;
    const gathering = this.#gathering;
    const isFull = gathering && gathering.questions.size + questions.length > max;
    const batch = gathering && !isFull ? gathering : this.#gather();
    for (const question of questions) batch.questions.set(keyOf(question), question);
    return await batch.answer;
  }

  /** Begins a batch that is asked for as soon as the asking under way has ended. */
  #gather(): Batch<Question, Answer> {
    const questions = new Map<string, Question>();
    const before = this.#asking;
    const ask = async () => {
      await before;
      if (this.#gathering === batch) this.#gathering = undefined;
      return await this.#deps.ask([...questions.values()]);
    };
    const answer = ask();
    const batch = { questions, answer };
    this.#gathering = batch;
    this.#asking = answer.catch(() => undefined);
    return batch;
  }
}
