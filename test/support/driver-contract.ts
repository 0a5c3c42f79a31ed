import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  contentHash,
  type Driver,
  type DriverConfig,
  DriverError,
} from '#services/agent/drivers/driver.ts';

/** Ids in force at once while drivers are asked about many: more than an engine has under way. */
const MANY = 20;

/** Where one driver works. Disposal takes the place away; drivers are disposed before it. */
export interface DriverPlace extends AsyncDisposable {
  /** Opens a driver here. What an earlier one put in force here is still there. */
  open(): Promise<Driver>;
  /** Canonical JSON of a config that can be served beside those of all other ids. */
  content(this: void, id: string, version: 'old' | 'new'): string;
  /** A config that this driver can never put in force. Absent: it takes everything. */
  readonly refused?: Pick<DriverConfig, 'id' | 'content'>;
  /** True: what is in force ends with the process, as in a simulation. */
  readonly forgets?: boolean;
  /** Puts something else in force in the place of this config, past the driver. */
  tamper?(id: string): Promise<void>;
  /** Takes this config out of force, past the driver. */
  lose?(id: string): Promise<void>;
}

/**
 * Registers the tests that every driver passes, each in a place of its own. What a place does not
 * offer is not asked of it.
 */
export function driverContract(name: string, makePlace: () => Promise<DriverPlace>): void {
  describe(`the ${name} driver keeps the contract:`, () => {
    const promise = (what: string, check: (at: Opened) => Promise<void>) => {
      it(what, async () => {
        await using place = await makePlace();
        await using at = await openAt(place);
        await check(at);
      });
    };
    promise('an empty place has nothing in force', emptyPlace);
    promise('validation changes nothing', validationChangesNothing);
    promise('what was applied is verified and listed by its content', appliedIsInForce);
    promise('an apply may be repeated', applyMayBeRepeated);
    promise('a newer version takes the place of the older', newerReplaces);
    promise('what was removed is gone, and may be removed again', removedIsGone);
    promise('configs of different ids do not disturb each other', manyAtOnce);
    promise('a call that is given up leaves one whole version', givenUp);
    promise('what it can never put in force is rejected and changes nothing', refusedIsRejected);
    promise('what is in force outlives the driver', outlivesDriver);
    promise('what was changed behind its back is found and repaired', tamperedIsFound);
    promise('what was lost behind its back is found and repaired', lostIsFound);
  });
}

interface Opened extends AsyncDisposable {
  readonly place: DriverPlace;
  readonly driver: Driver;
  readonly signal: AbortSignal;
  config(this: void, id: string, version?: 'old' | 'new'): DriverConfig;
}

async function openAt(place: DriverPlace): Promise<Opened> {
  const driver = await place.open();
  return {
    place,
    driver,
    signal: new AbortController().signal,
    config: (id, version = 'old') => configOf(id, place.content(id, version), version),
    [Symbol.asyncDispose]: async () => await driver[Symbol.asyncDispose](),
  };
}

async function emptyPlace({ driver, signal, config }: Opened): Promise<void> {
  assert.deepEqual(await inForce(driver), new Map());
  await driver.remove('never.there', signal);
  await isNotInForce(driver, config('never.there'));
}

async function validationChangesNothing({ driver, signal, config }: Opened): Promise<void> {
  await driver.apply(config('a'), signal);
  await driver.validate(config('a', 'new'), signal);
  await driver.validate(config('b'), signal);
  assert.deepEqual(await inForce(driver), hashesOf(config('a')));
  await driver.verify(config('a'), signal);
}

async function appliedIsInForce({ driver, signal, config }: Opened): Promise<void> {
  await driver.apply(config('a.b_1-c'), signal);
  await driver.apply(config('0001'), signal);
  for (const id of ['a.b_1-c', '0001']) {
    const { level, method } = await driver.verify(config(id), signal);
    assert.ok(level === 'APPLIED' || level === 'VERIFIED', `unknown proof ${level}`);
    assert.notEqual(method, '', 'a proof names its method');
  }
  assert.deepEqual(await inForce(driver), hashesOf(config('a.b_1-c'), config('0001')));
}

async function applyMayBeRepeated({ driver, signal, config }: Opened): Promise<void> {
  await driver.apply(config('a'), signal);
  await driver.apply(config('a'), signal);
  await driver.verify(config('a'), signal);
  assert.deepEqual(await inForce(driver), hashesOf(config('a')));
}

async function newerReplaces({ driver, signal, config }: Opened): Promise<void> {
  await driver.apply(config('a'), signal);
  await driver.apply(config('a', 'new'), signal);
  await driver.verify(config('a', 'new'), signal);
  await isNotInForce(driver, config('a'));
  assert.deepEqual(await inForce(driver), hashesOf(config('a', 'new')));
}

async function removedIsGone({ driver, signal, config }: Opened): Promise<void> {
  await driver.apply(config('a'), signal);
  await driver.apply(config('b'), signal);
  await driver.remove('a', signal);
  await driver.remove('a', signal);
  await isNotInForce(driver, config('a'));
  assert.deepEqual(await inForce(driver), hashesOf(config('b')));
  await driver.apply(config('a'), signal);
  await driver.verify(config('a'), signal);
}

async function manyAtOnce({ driver, signal, config }: Opened): Promise<void> {
  const ids = Array.from({ length: MANY }, (_, index) => `many-${index}`);
  await Promise.all(ids.map((id) => driver.apply(config(id), signal)));
  const kept = ids.filter((_, index) => index % 2 === 0);
  const removed = ids.filter((_, index) => index % 2 === 1);
  await Promise.all([
    ...kept.map((id) => driver.apply(config(id, 'new'), signal)),
    ...removed.map((id) => driver.remove(id, signal)),
  ]);
  await Promise.all(kept.map((id) => driver.verify(config(id, 'new'), signal)));
  assert.deepEqual(await inForce(driver), hashesOf(...kept.map((id) => config(id, 'new'))));
}

async function givenUp({ driver, signal, config }: Opened): Promise<void> {
  await driver.apply(config('a'), signal);
  const stop = new AbortController();
  const calling = driver.apply(config('a', 'new'), stop.signal);
  stop.abort(new DOMException('given up', 'AbortError'));
  await calling.catch((error: unknown) => {
    const isReason = error === stop.signal.reason;
    assert.ok(isReason || error instanceof DriverError, 'the reason of the signal is rethrown');
  });
  const hash = (await inForce(driver)).get('a');
  const whole = ['old', 'new'] as const;
  const found = whole.find((version) => hash === contentHash(config('a', version).content));
  assert.ok(found, 'neither the old version nor the new one is in force');
  await driver.verify(config('a', found), signal);
  await driver.apply(config('a', 'new'), signal);
  await driver.verify(config('a', 'new'), signal);
}

async function refusedIsRejected({ place, driver, signal, config }: Opened): Promise<void> {
  if (!place.refused) return;
  const refused = configOf(place.refused.id, place.refused.content, 'new');
  await driver.apply(config('a'), signal);
  for (const call of ['validate', 'apply'] as const) {
    await assert.rejects(driver[call](refused, signal), (error) => {
      assert.ok(error instanceof DriverError, 'not a DriverError');
      assert.equal(error.outcome, 'rejected');
      assert.match(error.reason, /^[A-Z][A-Z0-9_]*$/);
      return true;
    });
  }
  assert.deepEqual(await inForce(driver), hashesOf(config('a')));
}

async function outlivesDriver({ place, driver, signal, config }: Opened): Promise<void> {
  if (place.forgets) return;
  await driver.apply(config('a'), signal);
  await driver.apply(config('b'), signal);
  await driver.remove('b', signal);
  await driver[Symbol.asyncDispose]();
  await using again = await place.open();
  await again.verify(config('a'), signal);
  assert.deepEqual(await inForce(again), hashesOf(config('a')));
}

async function tamperedIsFound({ place, driver, signal, config }: Opened): Promise<void> {
  if (!place.tamper) return;
  await driver.apply(config('a'), signal);
  await place.tamper('a');
  await isNotInForce(driver, config('a'));
  const hash = (await inForce(driver)).get('a');
  assert.notEqual(hash, contentHash(config('a').content));
  await driver.apply(config('a'), signal);
  await driver.verify(config('a'), signal);
  assert.deepEqual(await inForce(driver), hashesOf(config('a')));
}

async function lostIsFound({ place, driver, signal, config }: Opened): Promise<void> {
  if (!place.lose) return;
  await driver.apply(config('a'), signal);
  await place.lose('a');
  await isNotInForce(driver, config('a'));
  assert.deepEqual(await inForce(driver), new Map());
  await driver.apply(config('a'), signal);
  await driver.verify(config('a'), signal);
}

function configOf(id: string, content: string, version: 'old' | 'new'): DriverConfig {
  return {
    id,
    content,
    generation: version === 'old' ? 1 : 2,
    digest: contentHash(content),
    traceparent: '',
    createdAt: '2026-01-01T00:00:00.000Z',
  };
}

async function isNotInForce(driver: Driver, config: DriverConfig): Promise<void> {
  await assert.rejects(driver.verify(config, new AbortController().signal), DriverError);
}

async function inForce(driver: Driver): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for await (const { id, hash } of driver.list(new AbortController().signal)) {
    assert.ok(!all.has(id), `${id} is listed twice`);
    all.set(id, hash);
  }
  return all;
}

function hashesOf(...configs: readonly DriverConfig[]): Map<string, string> {
  return new Map(configs.map(({ id, content }) => [id, contentHash(content)] as const));
}
