// Every fault that the system is to survive, and the tests that show it. What cannot be shown on one
// machine, or not yet, is said so with its reason.

/** A row of the fault matrix. */
export interface FaultRow {
  readonly row: number;
  readonly fault: string;
  readonly promise: string;
  /** Tests by file below `test/` (or a folder of the sources) and name, or the fixed part of the name. */
  readonly tests: readonly (readonly [file: string, name: string])[];
  /** Why there is no test, or what the tests leave out. */
  readonly open?: string;
}

const E2E = {
  outages: 'test/e2e/outages.test.ts',
  edgeOutages: 'test/e2e/edge-outages.test.ts',
  edgeMembers: 'test/e2e/edge-members.test.ts',
  controllers: 'test/e2e/controllers.test.ts',
  cli: 'test/e2e/cli.test.ts',
  tls: 'test/e2e/tls.test.ts',
} as const;
const IN = (name: string) => `test/integration/${name}.test.ts`;
/** A fault of the chaos bench, which holds all promises against it. */
const CHAOS = 'test/faults/chaos/faults.ts';
/** Skipped loudly where no file system may be mounted. */
const NO_SPACE = 'test/faults/no-space.test.ts';
const NGINX = 'test/e2e/nginx-faults.test.ts';
const STAMPEDE = 'test/faults/stampede.test.ts';

export const FAULTS: readonly FaultRow[] = [
  {
    row: 1,
    fault: 'controller: kill -9 between any two steps of a write',
    promise: 'what was acknowledged is kept, and published by another controller',
    tests: [
      [E2E.outages, 'a config whose controller dies between commit and etcd arrives'],
      [IN('controller-publish'), 'what its writer did not publish arrives all the same'],
      [IN('controller-rebuild'), 'an epoch that was allocated but never put is not put later'],
    ],
  },
  {
    row: 2,
    fault: 'controller: stopped for a while, then goes on',
    promise: 'what it publishes late is refused',
    tests: [
      [IN('controller-publish'), 'a stale publisher is refused and the newer generation stays'],
      [IN('controller-publish'), 'a late publication of what was deleted is refused'],
    ],
  },
  {
    row: 3,
    fault: 'controllers: all of them down',
    promise: 'agents serve, delete nothing, and their reports count',
    tests: [[E2E.controllers, 'with every controller down agents serve, delete nothing']],
  },
  {
    row: 4,
    fault: 'controllers: several rebuild at once',
    promise: 'one epoch wins',
    tests: [[IN('controller-rebuild'), 'three controllers on a wiped etcd: one epoch wins']],
  },
  {
    row: 5,
    fault: 'controllers: a rolling update over a change of the schema',
    promise: 'old and new versions work side by side',
    tests: [[IN('mysql-migrations'), 'refuses a schema that was not migrated']],
    open: 'there is no earlier version to run beside this one',
  },
  {
    row: 6,
    fault: 'controller: SIGTERM under load',
    promise: 'calls in flight are finished; a caller that repeats UNAVAILABLE fails never',
    tests: [[E2E.controllers, 'controllers that are replaced one after the other fail no call']],
  },
  {
    row: 7,
    fault: 'MySQL: kill -9',
    promise: 'nothing acknowledged is lost; UNAVAILABLE within 3 s; back by itself',
    tests: [
      [IN('mysql-faults'), 'a killed MySQL is answered for in 3 s, loses nothing'],
      [E2E.outages, 'with MySQL down a Set is refused in bounded time'],
    ],
  },
  {
    row: 8,
    fault: 'MySQL: stopped',
    promise: 'every call ends at its deadline',
    tests: [
      [IN('mysql-faults'), 'a stopped MySQL is answered for in 3 s'],
      [IN('aggregator-outages'), 'etcd alone is told, marked as such, in bounded time'],
    ],
  },
  {
    row: 9,
    fault: 'MySQL: the connection is cut in COMMIT',
    promise: 'the outcome is found out',
    tests: [
      [IN('mysql-faults'), 'a write whose COMMIT was executed but not answered is found'],
      [IN('mysql-faults'), 'a write whose COMMIT never arrived is written again'],
      [IN('mysql-faults'), 'a write whose COMMIT is still on its way is waited for'],
    ],
  },
  {
    row: 10,
    fault: 'MySQL: deadlocks and lock waits',
    promise: 'repeated; no generation twice',
    tests: [
      [IN('mysql-writes'), 'deadlocks are repeated, not reported'],
      [IN('mysql-writes'), '8 writers on one row lose no update'],
      [IN('mysql-faults'), 'a lock that is never given up is answered for'],
    ],
  },
  {
    row: 11,
    fault: 'MySQL: the primary becomes read-only',
    promise: 'UNAVAILABLE, and its connections are left',
    tests: [[IN('mysql-faults'), 'a primary that became read-only is left']],
  },
  {
    row: 12,
    fault: 'MySQL: disk full',
    promise: 'no false acknowledgement',
    tests: [[NO_SPACE, 'a full disk of MySQL']],
  },
  {
    row: 13,
    fault: 'MySQL: restored from an old backup',
    promise: 'generations leap over what agents have',
    tests: [[IN('controller-publish'), 'a MySQL that lost commits is lifted above']],
  },
  {
    row: 14,
    fault: 'MySQL: too many connections',
    promise: 'callers are shed',
    tests: [
      [IN('mysql-faults'), 'a full server sheds callers'],
      [IN('mysql-faults'), 'a full pool sheds callers'],
    ],
  },
  {
    row: 15,
    fault: 'etcd, one member: kill -9 and restart',
    promise: 'Set is acknowledged as PENDING and published within 2 s of the return',
    tests: [
      [IN('controller-publish'), 'etcd killed: PENDING at once, published within 2 s'],
      [E2E.outages, 'with etcd down a Set is PENDING within 1.2 s'],
    ],
  },
  {
    row: 16,
    fault: 'etcd, three members: kill -9 of any',
    promise: 'writes are back within 3 s; no lease is lost',
    tests: [
      ['test/faults/leader.test.ts', 'a leader that is killed ten times under load'],
      [IN('etcd-cluster'), 'the loss of any member costs nobody more than a moment'],
    ],
  },
  {
    row: 17,
    fault: 'etcd, three members: any is stopped',
    promise: 'the same',
    tests: [
      [IN('etcd-cluster'), 'the loss of any member costs nobody more than a moment'],
      [CHAOS, 'etcd: leader stopped'],
    ],
  },
  {
    row: 18,
    fault: 'etcd: no quorum',
    promise: 'PENDING, agents serve, UNKNOWN instead of complete',
    tests: [
      ['test/faults/quorum.test.ts', 'without a quorum a Set is PENDING, agents serve'],
      [CHAOS, 'etcd: no quorum'],
      [IN('aggregator-outages'), 'etcd hangs: UNKNOWN within two beats'],
    ],
  },
  {
    row: 19,
    fault: 'etcd: its data is wiped',
    promise: 'no agent deletes; 1,000 configs are back in 5 s, in a new epoch',
    tests: [
      [IN('controller-rebuild'), 'a wiped etcd gets a new epoch and everything back'],
      [IN('controller-data-path'), 'etcd wiped under load: nothing acknowledged is lost'],
      [E2E.outages, 'an etcd that lost its data costs no agent a file'],
    ],
  },
  {
    row: 20,
    fault: 'etcd: an old snapshot is restored',
    promise: 'nothing newer is deleted or goes back',
    tests: [[IN('controller-rebuild'), 'an etcd restored to an older state of the same epoch']],
  },
  {
    row: 21,
    fault: 'etcd: an old snapshot is restored and its revision overtakes',
    promise: 'the same',
    tests: [
      [E2E.edgeOutages, 'etcd goes back to a backup and overtakes'],
      [IN('etcd-list-watch'), 'relists when etcd went back and overtook us'],
      [IN('aggregator-outages'), 'etcd loses its history and overtakes the old revisions'],
    ],
  },
  {
    row: 22,
    fault: 'etcd: del --prefix /ingress/ by hand',
    promise: 'agents keep every config, and everything comes back',
    tests: [
      [E2E.outages, 'etcdctl del --prefix /ingress/ costs no agent a file'],
      [IN('controller-rebuild'), 'del --prefix /ingress/ by hand: everything comes back'],
    ],
  },
  {
    row: 23,
    fault: 'etcd: compaction and defragmentation',
    promise: 'relisted, nothing is missed',
    tests: [
      [IN('etcd-list-watch'), 'relists when the revision to resume from was compacted'],
      ['test/e2e/edge-configs.test.ts', 'a delete with an agent away, which comes back after'],
    ],
  },
  {
    row: 24,
    fault: 'etcd: out of space',
    promise: 'answers stay known, leases stay, and it recovers',
    tests: [
      [NO_SPACE, 'an etcd beyond its quota'],
      [IN('aggregator-statuses'), 'an etcd without space: what is known stays known'],
    ],
    open: 'a Set may be PUBLISHED: etcd 3.4 does not count puts in nested transactions',
  },
  {
    row: 25,
    fault: 'etcd: disk full',
    promise: 'as 15',
    tests: [[NO_SPACE, 'a full disk of etcd']],
  },
  {
    row: 26,
    fault: 'etcd: foreign and corrupt values',
    promise: 'ignored by agents, put right by controllers',
    tests: [
      [IN('controller-rebuild'), 'keys that MySQL has never known stay, foreign values go'],
      [IN('agent-configs'), 'keeps what it has under foreign values and absent keys'],
      ['test/e2e/edge-configs.test.ts', 'foreign garbage in every prefix changes no answer'],
    ],
  },
  {
    row: 27,
    fault: 'any link: cut',
    promise: 'connected again, no event lost',
    tests: [
      [IN('etcd-list-watch'), 'no event is lost and none comes twice'],
      [IN('aggregator-link'), 'is cut'],
    ],
  },
  {
    row: 28,
    fault: 'any link: a black hole',
    promise: 'noticed within 3.5 s',
    tests: [
      [IN('etcd-list-watch'), 'is noticed within 3.5 s and survived'],
      [IN('aggregator-link'), 'is a black hole'],
    ],
  },
  {
    row: 29,
    fault: 'agent to etcd: accepted and never answered',
    promise: 'left within 3 s',
    tests: [[IN('etcd-list-watch'), 'an etcd that accepts but never answers is left within 3 s']],
  },
  {
    row: 30,
    fault: 'any link: slow',
    promise: 'slower, and right',
    tests: [
      [CHAOS, 'link to etcd: slow'],
      [IN('etcd-lease'), 'a slow link keeps the lease'],
    ],
    open: 'order between connections is left to chance',
  },
  {
    row: 31,
    fault: 'agent: kill -9 between any two steps of an apply',
    promise: 'done again, and reported',
    tests: [
      [IN('agent-membership'), 'after a kill it serves without etcd, repairs its files'],
      [IN('agent-drift'), 'what changed while it was down is reported at its start'],
    ],
  },
  {
    row: 32,
    fault: 'agent: stopped for longer than its lease',
    promise: 'gone in time, late writes refused, back with all its statuses',
    tests: [
      [IN('agent-membership'), 'frozen beyond its lease it is gone, and back in time'],
      [E2E.edgeMembers, 'a paused agent that goes on and is ended after its successor'],
    ],
  },
  {
    row: 33,
    fault: 'agent: two of one name',
    promise: 'the second exits 3',
    tests: [[IN('agent-membership'), 'a second agent of one name exits 3']],
  },
  {
    row: 34,
    fault: 'agent: the target cannot be written',
    promise: 'the old config stays, and the reason is told',
    tests: [
      [NO_SPACE, 'a full disk of an agent'],
      ['services/agent/drivers/drivers.test.ts', 'a refusal of the disk names its reason'],
      [E2E.cli, 'an agent that cannot apply makes the wait exit 4'],
      [NGINX, 'a full disk leaves the old route, names its reason, and is got over'],
      [NGINX, 'a folder that is read-only leaves the old route'],
    ],
  },
  {
    row: 35,
    fault: 'nginx refuses one config',
    promise: 'only that one fails, with its reason',
    tests: [[IN('nginx-burst'), 'of a thousand configs in a burst 997 are VERIFIED']],
  },
  {
    row: 36,
    fault: 'nginx hangs or is dead',
    promise: 'FAILED after 10 s, and tried again; old routes serve',
    tests: [
      [IN('nginx-driver'), 'a dead nginx is started again, and serves what was in force'],
      [IN('nginx-driver'), 'a reload that hangs fails and may be repeated'],
      [NGINX, 'an nginx that is killed is started again with what was in force'],
    ],
  },
  {
    row: 37,
    fault: 'agent: the journal is torn or lost',
    promise: 'removals are held',
    tests: [
      ['services/agent/journal/journal.test.ts', 'a journal torn at any byte keeps whole facts'],
      [IN('agent-membership'), 'after a lost journal it adopts its files and holds removals'],
    ],
  },
  {
    row: 38,
    fault: 'the Kubernetes API fails: conflicts, 429, 5xx, time-outs',
    promise: 'repeated with back-off; the object is the old version or the new one',
    tests: [
      [IN('kubernetes-driver'), 'an API server that is ${what} for a moment costs no failure'],
      [IN('kubernetes-driver'), 'an API server that stays away leaves the old version'],
      [IN('kubernetes-driver'), 'a call to a server that hangs ends with its signal'],
      [IN('kubernetes-driver'), 'somebody who changes the object meanwhile is overtaken'],
    ],
  },
  {
    row: 39,
    fault: 'agents come and go during a wait',
    promise: 'never complete too early',
    tests: [
      ['test/oracle/oracle.test.ts', 'the aggregator says what the oracle says'],
      ['test/e2e/waits.test.ts', '50 waits outlive the aggregator, a controller and etcd'],
    ],
  },
  {
    row: 40,
    fault: 'no agent',
    promise: 'NO_AGENTS',
    tests: [[E2E.edgeMembers, 'zero agents: nothing is complete']],
  },
  {
    row: 41,
    fault: 'names that begin alike',
    promise: 'nothing crosses over',
    tests: [
      [E2E.edgeMembers, 'environment 1 and environment 10 do not touch each other'],
      [E2E.edgeMembers, 'an agent whose name begins another agent’s name'],
    ],
  },
  {
    row: 42,
    fault: 'clocks that are a day off',
    promise: 'no effect',
    tests: [[E2E.edgeOutages, 'clocks that are a day off change no answer']],
  },
  {
    row: 43,
    fault: 'certificates of another CA, that end, or are replaced',
    promise: 'refused with a reason; new ones count without a restart, old connections live',
    tests: [
      [IN('tls-files'), 'a server takes certificates that are replaced in their files'],
      [IN('tls-files'), 'a certificate that has ended, or is of another CA, is refused'],
      [IN('tls-files'), 'an etcd and a MySQL that come back with another CA are reached'],
      [IN('mysql-tls'), 'speaks TLS to a server of the CA, and to no other'],
      [IN('etcd-cluster'), 'names, TLS and client certificates work'],
    ],
    open: 'whose own certificate is refused sees a closed connection: grpc-js hides the alert',
  },
  {
    row: 44,
    fault: '10,000 configs, 500 agents at once',
    promise: 'no storm of connections, memory within bounds, nobody lost',
    tests: [[STAMPEDE, 'agents that all lose etcd at once come back without a storm']],
    open: '500 configs and 50 agents: more takes more than one small machine',
  },
  {
    row: 45,
    fault: 'a caller that does not read its stream',
    promise: 'bounded, and holds up nobody',
    tests: [[IN('aggregator-streams'), 'who does not read holds up nobody']],
  },
];
