import {
  CONFIG_ID_RULE,
  COUNTER_MAX,
  type CompletionPolicy,
  canonicalJson,
  digestOf,
  isConfigId,
  isName,
  type JsonObject,
  NAME_RULE,
} from '#libs/keyspace';
import { checkIngress } from './ingress-rules.ts';
import { canonicalContent, RESERVED_NAMES } from './json-rules.ts';
import { objectFromJson } from './json-text.ts';
import { Violations } from './violations.ts';

const LABELS_MAX = 64;
/** As in Kubernetes: a prefix of 253, a slash, a name of 63. */
const LABEL_NAME_MAX = 317;
const LABEL_VALUE_MAX = 253;
const NOTE_MAX = 1024;
/** Of a text to look for: an id's length. */
const TEXT_MAX = 253;
const REQUEST_ID_MAX = 128;
// oxlint-disable-next-line no-control-regex -- that is what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/** What a request asks to be set. Exactly one of the two contents must be there. */
export interface SetRequest {
  env: string;
  id: string;
  config?: JsonObject | undefined;
  configJson?: string | undefined;
  labels: Readonly<Record<string, string>>;
  policy: CompletionPolicy;
  expectedGeneration?: number | undefined;
  requestId: string;
  note: string;
}

/** A request that passed. */
export interface CheckedSet {
  content: string;
  digest: string;
}

export type Checked<T> = { ok: T } | { violations: Violations['list'] };

/** Checks a Set: every problem at once, or the canonical content with its digest. */
export function checkSet(request: SetRequest): Checked<CheckedSet> {
  const violations = new Violations();
  checkEnv(request.env, violations);
  if (request.id !== '') checkId(request.id, violations);
  checkLabels(request.labels, violations);
  checkWrite(request, violations);
  const config = configOf(request, violations);
  if (config?.['kind'] === 'Ingress') checkIngress(config, violations);
  const content = config && canonicalContent(config, violations);
  if (content === undefined || violations.list.length > 0) return { violations: violations.list };
  return { ok: { content, digest: digestOf(content, request.policy) } };
}

/** Checks a Delete. */
export function checkDelete(
  request: Pick<SetRequest, 'env' | 'id' | 'expectedGeneration' | 'requestId' | 'note'>,
): Checked<true> {
  const violations = new Violations();
  checkEnv(request.env, violations);
  checkId(request.id, violations);
  checkWrite(request, violations);
  return violations.list.length > 0 ? { violations: violations.list } : { ok: true };
}

/** Checks what names a config to be read. */
export function checkRef(request: { env: string; id: string }): Checked<true> {
  const violations = new Violations();
  checkEnv(request.env, violations);
  checkId(request.id, violations);
  return violations.list.length > 0 ? { violations: violations.list } : { ok: true };
}

/** Checks what names a generation of a config; `field` is the generation's. */
export function checkGeneration(
  request: { env: string; id: string; generation: number },
  field: string,
): Checked<true> {
  const violations = new Violations();
  checkEnv(request.env, violations);
  checkId(request.id, violations);
  const isNumber = Number.isSafeInteger(request.generation) && request.generation > 0;
  violations.require(isNumber, field, `must be a generation, from 1 to ${COUNTER_MAX}`);
  return violations.list.length > 0 ? { violations: violations.list } : { ok: true };
}

const CONTEXT_LINES_MAX = 100;

/** Checks what names two generations to be compared; 0 stands for one that need not be named. */
export function checkDiff(request: {
  env: string;
  id: string;
  fromGeneration: number;
  toGeneration: number;
  contextLines: number;
}): Checked<true> {
  const violations = new Violations();
  checkEnv(request.env, violations);
  checkId(request.id, violations);
  const isCounter = (value: number) => Number.isSafeInteger(value) && value >= 0;
  const rule = `must be a generation, from 1 to ${COUNTER_MAX}, or 0`;
  violations.require(isCounter(request.fromGeneration), 'from_generation', rule);
  violations.require(isCounter(request.toGeneration), 'to_generation', rule);
  const isInRange = request.contextLines >= 0 && request.contextLines <= CONTEXT_LINES_MAX;
  violations.require(isInRange, 'context_lines', `must be 0 to ${CONTEXT_LINES_MAX}`);
  return violations.list.length > 0 ? { violations: violations.list } : { ok: true };
}

/** More members than any environment has; a larger number is a mistake. */
const MIN_AGENTS_MAX = 10_000;

/** Checks the settings of an environment. */
export function checkEnvironment(request: { env: string; minAgents: number }): Checked<true> {
  const violations = new Violations();
  checkEnv(request.env, violations);
  const isInRange = request.minAgents >= 1 && request.minAgents <= MIN_AGENTS_MAX;
  violations.require(isInRange, 'min_agents', `must be 1 to ${MIN_AGENTS_MAX}`);
  return violations.list.length > 0 ? { violations: violations.list } : { ok: true };
}

/** Checks what names an environment. */
export function checkEnvironmentName(request: { env: string }): Checked<true> {
  const violations = new Violations();
  checkEnv(request.env, violations);
  return violations.list.length > 0 ? { violations: violations.list } : { ok: true };
}

/** Checks what names an agent. */
export function checkAgent(request: { env: string; name: string }): Checked<true> {
  const violations = new Violations();
  checkEnv(request.env, violations);
  violations.require(isName(request.name), 'name', NAME_RULE);
  return violations.list.length > 0 ? { violations: violations.list } : { ok: true };
}

/** Checks an environment that is to be listed: a name, or "-" for all. */
export function checkListed(request: {
  env: string;
  labels?: Readonly<Record<string, string>>;
  text?: string;
}): Checked<true> {
  const violations = new Violations();
  if (request.env !== '-') checkEnv(request.env, violations, ' or "-" for all');
  checkLabels(request.labels ?? {}, violations);
  const { text = '' } = request;
  const isSearchable = text.length <= TEXT_MAX && isPlain(text);
  violations.require(isSearchable, 'text', `must be at most ${TEXT_MAX} plain characters`);
  return violations.list.length > 0 ? { violations: violations.list } : { ok: true };
}

function configOf(request: SetRequest, violations: Violations): JsonObject | undefined {
  if (request.config) return request.config;
  if (request.configJson !== undefined) {
    return objectFromJson(request.configJson, 'config_json', violations);
  }
  violations.add('config', 'is required: a JSON object in config, or its text in config_json');
  return undefined;
}

function checkEnv(env: string, violations: Violations, or = ''): void {
  violations.require(isName(env), 'env', NAME_RULE + or);
}

function checkId(id: string, violations: Violations): void {
  violations.require(isConfigId(id), 'id', CONFIG_ID_RULE);
}

function checkLabels(labels: Readonly<Record<string, string>>, violations: Violations): void {
  const entries = Object.entries(labels);
  violations.require(entries.length <= LABELS_MAX, 'labels', `must be at most ${LABELS_MAX}`);
  for (const [name, value] of entries.slice(0, LABELS_MAX)) {
    const isNamed = name !== '' && name.length <= LABEL_NAME_MAX && isPlain(name);
    violations.require(isNamed, 'labels', `a name must be 1 to ${LABEL_NAME_MAX} plain characters`);
    violations.require(!RESERVED_NAMES.has(name), 'labels', `must not hold the name "${name}"`);
    const fits = value.length <= LABEL_VALUE_MAX && isPlain(value);
    if (isNamed) {
      const rule = `must be at most ${LABEL_VALUE_MAX} plain characters long`;
      violations.require(fits, `labels.${name}`, rule);
    }
  }
}

function checkWrite(
  request: Pick<SetRequest, 'expectedGeneration' | 'requestId' | 'note'>,
  violations: Violations,
): void {
  const { expectedGeneration: expected, requestId, note } = request;
  const isCounter = expected === undefined || (Number.isSafeInteger(expected) && expected >= 0);
  violations.require(
    isCounter,
    'expected_generation',
    `must be a whole number from 0 to ${COUNTER_MAX}`,
  );
  const isKey = requestId.length <= REQUEST_ID_MAX && isPlain(requestId);
  violations.require(
    isKey,
    'request_id',
    `must be at most ${REQUEST_ID_MAX} plain characters long`,
  );
  const isNote = note.length <= NOTE_MAX && note.isWellFormed() && !note.includes('\0');
  violations.require(isNote, 'note', `must be at most ${NOTE_MAX} characters of text`);
}

function isPlain(text: string): boolean {
  return text.isWellFormed() && !CONTROL.test(text);
}

/** Canonical JSON of what makes two requests the same, for the digest under a request id. */
export function bodyOf(method: 'set' | 'delete' | 'rollback', request: object): string {
  return canonicalJson({ method, ...request });
}
