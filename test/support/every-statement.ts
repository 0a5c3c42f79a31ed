import assert from 'node:assert/strict';
import { checkSchema, type Mysql, migrate, openMysql } from '#libs/mysql';
import { silentLog } from '#libs/telemetry';
import { ChangeStore } from '#services/controller/store/change-store.ts';
import { ConfigStore } from '#services/controller/store/config-store.ts';
import { EnvironmentStore } from '#services/controller/store/environment-store.ts';
import { EtcdStateStore } from '#services/controller/store/etcd-state-store.ts';
import { HistoryStore } from '#services/controller/store/history-store.ts';
import { MemberStore } from '#services/controller/store/member-store.ts';
import { hasAnswers } from '#services/controller/store/request-log.ts';
import { hasGenerations } from '#services/controller/store/write-batch.ts';
import type { Receipt } from '#services/status-aggregator/receipts/receipt.ts';
import { ReceiptStore } from '#services/status-aggregator/receipts/receipt-store.ts';
import { AcceptedStore } from '#services/status-aggregator/store/accepted-store.ts';
import { setCommand } from './config-commands.ts';

/**
 * Sends each statement that the programs have to the database of `url`, which need not exist. With
 * every optional condition, so that the longest form of each is among them.
 */
export async function sendEveryStatement(url: string): Promise<void> {
  await migrate(url, silentLog);
  await using mysql = openMysql({ url }, { log: silentLog });
  await mysql.ping();
  const fail = async () => await Promise.reject(new Error('rolled back'));
  await mysql.transaction(fail).catch(() => undefined);
  await checkSchema(mysql);
  await configs(mysql);
  await history(mysql);
  await members(mysql);
  await etcdState(mysql);
  await new EnvironmentStore({ mysql }).update('1', { minAgents: 2 });
  await receipts(mysql);
  await accepted(mysql);
}

const after = { env: '1', id: 'a' };

async function configs(mysql: Mysql): Promise<void> {
  const store = new ConfigStore({ mysql });
  await store.set(setCommand('a', 1, { requestId: 'once' }));
  await store.set(setCommand('a', 1, { requestId: 'once' }));
  await store.set(setCommand('a', 2));
  await store.set(setCommand('b', 1));
  await store.delete(setCommand('b', 1));
  await store.preview(setCommand('a', 3));
  await hasAnswers(mysql.db, new Map([['once', { bodyDigest: '' }]]));
  const made = { env: '1', id: 'a', generation: 1, requestId: 'once', digest: '' };
  await hasGenerations(mysql.db, [made]);
  await store.get('1', 'a');
  await store.list({ limit: 1 });
  const published = { epoch: 1, is: false };
  await store.list({ env: '1', labels: { app: 'web' }, text: 'a', published, after, limit: 1 });
  await store.list({ published: { epoch: 1, is: true }, limit: 1 });
  await store.scan(undefined, 1);
  await store.scan(after, 1);
  await store.dirty({ epoch: 1, olderThanMs: 5, limit: 1 });
  await store.countLive();
  await store.environments();
  const marks = ['a', 'b'].map((id) => ({ env: '1', id, generation: 2 }));
  await store.markPublished(marks, 1);
  await store.heal('1', 'a', 10);
  await store.countBelow(50);
  await store.liftRows(50);
  await store.highestGeneration();
  await store.sweepRequests();
}

async function history(mysql: Mysql): Promise<void> {
  const store = new HistoryStore({ mysql });
  await store.list({ ...after, withContent: false, limit: 1 });
  await store.list({ ...after, below: 2, withContent: true, limit: 1 });
  await store.find(after, 1);
  const changes = new ChangeStore({ mysql });
  const newest = await changes.newest();
  assert(newest);
  await changes.has(newest);
  const query = { until: newest, withContent: false, limit: 1 };
  await changes.list({ ...query, env: undefined, after: undefined });
  await changes.list({ ...query, env: '1', after: newest, withContent: true });
}

async function members(mysql: Mysql): Promise<void> {
  const store = new MemberStore({ mysql });
  const member = { env: '1', name: 'a', instance: 'i1', joinedAt: '2026-01-01T00:00:00.000Z' };
  await store.joined(member);
  await store.joined({ ...member, instance: 'i2' });
  await store.lost('1', 'a');
  await store.back('1', 'a');
  await store.left('1', 'a');
  await store.left('1', 'a', new Date());
  await store.forgotten('1', 'a', new Date());
  await store.find('1', 'a');
  await store.list();
  await store.list('1');
}

async function etcdState(mysql: Mysql): Promise<void> {
  const store = new EtcdStateStore({ mysql });
  const { allocated: epoch = 0 } = (await store.allocate(0)) as { allocated?: number };
  await store.markReady({ epoch, highWaterRevision: 7n, liveRows: 5 });
  await store.read();
  await store.markStopped({ liveRows: 1, liveRowsBefore: 5, configsInEtcd: 5 });
  await store.confirmLoss(1, 'me');
  await store.raiseGenerationBase(9);
}

async function receipts(mysql: Mysql): Promise<void> {
  const store = new ReceiptStore({ mysql });
  const receipt: Receipt = {
    ...{ env: '1', id: 'a', generation: 2, digest: 'd', kind: 'COMPLETED', proof: 'VERIFIED' },
    ...{ members: 1, membersDigest: 'm', exceptions: [{ agent: 'b', reason: 'LOST' }] },
    ...{ epoch: 1, revision: 9, late: false, acceptedAt: new Date(), publishedAt: new Date() },
    ...{ firstAppliedAt: new Date(), lastAppliedAt: undefined, completedAt: new Date() },
    writtenBy: 'aggregator-1',
  };
  await store.insert([receipt, { ...receipt, kind: 'DELETED' }]);
  await store.authors([receipt, { ...receipt, generation: 1 }]);
  await store.findAll([receipt, { ...receipt, generation: 1 }]);
  await store.find({ ...after, generation: 2, kind: 'COMPLETED' });
  await store.find({ ...after, generation: 0, kind: undefined });
  await store.list({ env: undefined, id: undefined, after: undefined, limit: 1 });
  await store.list({ env: '1', id: 'a', after: receipt, limit: 1 });
}

async function accepted(mysql: Mysql): Promise<void> {
  const store = new AcceptedStore({ mysql });
  await store.configs([after, { env: '2', id: 'a' }]);
  await store.rows({ published: true });
  await store.rows({ env: '1', id: 'a', after, published: false });
  await store.envsWith('a');
  await store.minAgents(undefined);
  await store.minAgents(['1', '2']);
  await store.lostSince('1', ['a', 'b']);
}
