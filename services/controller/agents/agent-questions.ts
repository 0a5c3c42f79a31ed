import {
  type CallContext,
  type ClientOptions,
  openClient,
  RpcError,
  resourceExhausted,
  unavailable,
} from '#libs/grpc';
import { mapBounded } from '#libs/lifecycle';
import type { AgentAnswersInput, AgentVerdictInput } from '#proto';
import { planQuestions, type Question } from '../domain/question-plan.ts';
import type { AgentView } from '../membership/roster-state.ts';

/** Agents asked for one call; a larger environment is sampled. */
const AGENTS_MAX = 200;
/** Agents of one call that are asked at once. */
const AT_ONCE_MAX = 64;
/** Calls that ask agents at once: an agent answers only a few questions at once itself. */
const CALLS_MAX = 4;
/** How long one agent may take: its driver may run a check of its own. */
const AGENT_TIMEOUT_MS = 5_000;
/** Time left for the answer when agents do not answer in time. */
const ANSWER_MS = 300;
const RETRY_MS = 500;

/** A config that nobody has set. */
export interface AskedConfig {
  readonly env: string;
  readonly id: string;
  /** Canonical JSON. */
  readonly content: string;
}

export interface AgentQuestionsDeps {
  view: { readonly isCurrent: boolean; agents(env: string): readonly AgentView[] };
  /** How to connect to agents, read anew for each connection. Undefined: plaintext. */
  tls: ClientOptions['tls'];
  random: () => number;
  agentTimeoutMs?: number;
}

/** Asks the live agents of an environment what they think of a config. */
export class AgentQuestions {
  readonly #deps: AgentQuestionsDeps;
  readonly #timeoutMs: number;
  #calls = 0;

  constructor(deps: AgentQuestionsDeps) {
    this.#deps = deps;
    this.#timeoutMs = deps.agentTimeoutMs ?? AGENT_TIMEOUT_MS;
  }

  /**
   * Resolves in time for the answer, whoever does not answer. Throws a StatusError when nobody knows
   * who is live, or too many calls ask already.
   */
  async ask(config: AskedConfig, context: CallContext): Promise<AgentAnswersInput> {
    const { view, random } = this.#deps;
    if (!view.isCurrent) {
      throw unavailable('ETCD_UNAVAILABLE', 'etcd does not tell which agents are live', RETRY_MS);
    }
    if (this.#calls >= CALLS_MAX) {
      const details = { retryAfterMs: RETRY_MS };
      throw resourceExhausted('ASKING_AGENTS', `${CALLS_MAX} calls ask agents already`, details);
    }
    const live = view.agents(config.env).filter((agent) => agent.live);
    const questions = planQuestions(live, { max: AGENTS_MAX, random });
    this.#calls += 1;
    try {
      const verdicts = await mapBounded(questions, AT_ONCE_MAX, (question) =>
        this.#verdict(question, config, context),
      );
      return { verdicts, liveAgents: live.length };
    } finally {
      this.#calls -= 1;
    }
  }

  async #verdict(
    { name: agent, address }: Question,
    { id, content }: AskedConfig,
    context: CallContext,
  ): Promise<AgentVerdictInput> {
    if (address === undefined) {
      const message = 'it registered no address to connect to; set its --advertise';
      return unanswered(agent, 'NO_ADDRESS', message);
    }
    const timeoutMs = Math.min(this.#timeoutMs, context.remainingMs() - ANSWER_MS);
    if (timeoutMs <= 0) return unanswered(agent, 'NOT_ASKED', "the call's deadline came first");
    const { tls } = this.#deps;
    const { signal, actor } = context;
    await using client = openClient('Agent', address, tls ? { tls } : {});
    try {
      const options = { signal, timeoutMs, actor };
      const answer = await client.call('Validate', { id, content }, options);
      const { verdict, reason, message } = answer;
      // An agent that is newer may say what this version does not know: no yes.
      const isKnown = verdict === 'VERDICT_VALID' || verdict === 'VERDICT_REJECTED';
      return { agent, verdict: isKnown ? verdict : 'VERDICT_UNCERTAIN', reason, message };
    } catch (error) {
      if (!(error instanceof RpcError) || signal.aborted) throw error;
      const { codeName, reason = codeName } = error;
      return unanswered(agent, reason, failureText(codeName, address, timeoutMs));
    }
  }
}

function unanswered(agent: string, reason: string, message: string): AgentVerdictInput {
  return { agent, verdict: 'VERDICT_UNANSWERED', reason, message };
}

function failureText(codeName: string, address: string, timeoutMs: number): string {
  switch (codeName) {
    case 'UNAVAILABLE':
      return `${address} cannot be reached`;
    case 'DEADLINE_EXCEEDED':
      return `${address} did not answer within ${Math.round(timeoutMs)} ms`;
    case 'UNIMPLEMENTED':
      return 'its version cannot be asked';
    case 'RESOURCE_EXHAUSTED':
      return 'it is asked too much at once';
    default:
      return `it answered ${codeName}`;
  }
}
