// `npm run chaos -- --rounds N --seed S`: real servers and processes, faults from outside, and one
// validator for each promise over everything that was seen.

import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { shutdownSignal } from '#libs/lifecycle';
import { runBench } from './bench.ts';
import { FAULTS } from './faults.ts';
import type { History } from './history.ts';
import { recoveriesOf, tableOf } from './recovery.ts';
import { type Broken, validate } from './validators.ts';

const CI_ROUNDS = 30;
/** A slow machine does fewer: the whole of CI has a bound. */
const CI_SECONDS_MAX = 50;

const HELP = `npm run chaos -- [options]

  --rounds N       rounds of each seed (default 50)
  --seconds N      no round of a seed begins after so much time (default: no bound)
  --seed S[,S...]  seeds, one system each (default 1)
  --members 1|3    members of etcd (default: 1 for odd seeds, 3 for even ones)
  --replay FILE    the faults of a run that failed, round by round
  --state FILE     write down each seed that is done, and skip those that are: to go on later; not with --seconds
  --ci             ${CI_ROUNDS} rounds of seed 1 and ${CI_ROUNDS} of a random seed, ${CI_SECONDS_MAX} s each at most

Exits with 1 when a promise is broken or something does not come to rest.
`;
/** Events told around the one that breaks a promise. */
const AROUND = 25;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seconds: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    members: { type: 'string' },
    replay: { type: 'string' },
    state: { type: 'string' },
    ci: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

interface Replay {
  readonly seed: number;
  readonly members: number;
  readonly schedule: readonly (readonly string[])[];
}

interface Asked {
  readonly seed: number;
  readonly rounds: number;
  readonly secondsMax?: number;
  readonly members: number;
  readonly schedule?: readonly (readonly string[])[];
}

async function asked(): Promise<Asked[]> {
  if (values.replay) {
    const replay = JSON.parse(await readFile(values.replay, 'utf8')) as Replay;
    return [{ ...replay, rounds: replay.schedule.length }];
  }
  const membersOf = (seed: number) => Number(values.members ?? (seed % 2 === 0 ? 3 : 1));
  if (values.ci) {
    const random = 2 + Math.floor(Math.random() * 1_000_000);
    const bounds = { rounds: CI_ROUNDS, secondsMax: CI_SECONDS_MAX };
    return [1, random].map((seed) => ({ ...bounds, seed, members: membersOf(seed) }));
  }
  const bounds = { rounds: Number(values.rounds), secondsMax: Number(values.seconds) };
  return values.seed.split(',').map((text) => {
    const seed = Number(text);
    return { ...bounds, seed, members: membersOf(seed) };
  });
}

/** Whether everything held. */
async function runOne(one: Asked, all: History[], signal: AbortSignal): Promise<boolean> {
  const { seed, rounds, members } = one;
  say(`seed ${seed}: ${rounds} rounds, etcd with ${members} member${members > 1 ? 's' : ''}`);
  let round = 0;
  const onRound = (text: string) => {
    round += 1;
    say(`  ${String(round).padStart(3)}/${rounds} ${text}`);
  };
  const logsDir = await mkdtemp(join(tmpdir(), `rollcall-chaos-${seed}-`));
  const { history, schedule, reached, stuck } = await runBench({
    ...one,
    onRound,
    signal,
    logsDir,
  });
  all.push(history);
  if (round < rounds && !signal.aborted && stuck === undefined) {
    say(`time is up: ${round} of ${rounds} rounds`);
  }
  const [broken] = validate(history);
  const acknowledged = history.of('write').filter(({ generation }) => generation !== undefined);
  say(
    `seed ${seed}: ${acknowledged.length} writes acknowledged, ${history.of('said').length} answers and ${history.of('waited').length} waits held against the disks`,
  );
  say('reached:');
  for (const [name, count] of reached) say(`  ${String(count).padStart(6)}  ${name}`);
  if (!broken && stuck === undefined) {
    await rm(logsDir, { recursive: true, force: true });
    return true;
  }
  if (stuck !== undefined) say(`\nNOT AT REST: ${stuck}`);
  if (broken) tell(broken, history);
  const file = join(logsDir, 'schedule.json');
  await writeFile(file, JSON.stringify({ seed, members, schedule } satisfies Replay));
  say(`\nlogs of all processes: ${logsDir}`);
  say(`replay it with: npm run chaos -- --replay ${file}`);
  return false;
}

/** The first broken promise, and what was seen around it. */
function tell({ promise, what, event }: Broken, history: History): void {
  say(`\nBROKEN: ${promise}: ${what}\n`);
  const at = history.events.indexOf(event);
  const around = history.events.slice(Math.max(0, at - AROUND), at + AROUND);
  for (const near of around) say(`${near === event ? '>' : ' '} ${JSON.stringify(near)}`);
}

async function doneSeeds(): Promise<Set<string>> {
  if (!values.state) return new Set();
  const text = await readFile(values.state, 'utf8').catch(() => '');
  return new Set(text.split('\n'));
}

async function main(): Promise<void> {
  const signal = shutdownSignal();
  const histories: History[] = [];
  const done = await doneSeeds();
  for (const one of await asked()) {
    const name = `seed ${one.seed}, ${one.rounds} rounds, ${one.members} members`;
    if (done.has(name)) say(`${name}: done before`);
    else if (await runOne(one, histories, signal)) {
      const isWhole = !signal.aborted && values.seconds === 'Infinity';
      if (values.state && isWhole) await appendFile(values.state, `${name}\n`);
    } else process.exitCode = 1;
    if (signal.aborted || process.exitCode) break;
  }
  const merged = histories.flatMap((history, index) =>
    history.of('fault').map((event) => ({ ...event, round: index * 1_000_000 + event.round })),
  );
  const targets = new Map(FAULTS.map(({ name, targetMs }) => [name, targetMs]));
  // Two faults at once may take as long as one after the other.
  const targetOf = (name: string) =>
    name.split(' + ').reduce((sum, part) => sum + (targets.get(part) ?? 0), 0);
  const table = tableOf(recoveriesOf(merged), targetOf);
  say(`\n${table}`);
}

if (values.help) say(HELP);
else await main();
