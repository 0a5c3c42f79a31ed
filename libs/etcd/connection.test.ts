import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Endpoint, endpointFromText, targetOf } from './connection.ts';

const v4 = (address: string) => [{ address, family: 4 }];
const v6 = (address: string) => [{ address, family: 6 }];
const at = (...endpoints: string[]): Endpoint[] => endpoints.map(endpointFromText);

test('endpoints are read with and without scheme, and in brackets', () => {
  assert.deepEqual(endpointFromText('etcd-0:2379'), { host: 'etcd-0', port: 2379 });
  assert.deepEqual(endpointFromText('https://10.0.0.1:2379/'), { host: '10.0.0.1', port: 2379 });
  assert.deepEqual(endpointFromText('[::1]:2379'), { host: '::1', port: 2379 });
  for (const bad of ['', 'etcd', ':2379', 'a:b', '::1:2379', 'a:1,b:2']) {
    assert.throws(() => endpointFromText(bad), TypeError);
  }
});

test('one endpoint is left to grpc-js', () => {
  assert.deepEqual(targetOf(at('etcd:2379'), new Map(), true), { hosts: 'etcd:2379' });
  assert.deepEqual(targetOf(at('[::1]:2379'), new Map(), false), { hosts: '[::1]:2379' });
});

test('several endpoints are one target of addresses', () => {
  const addresses = new Map([
    ['10.0.0.1', v4('10.0.0.1')],
    ['etcd-1', [...v6('fd00::1'), ...v4('10.0.0.2')]],
    ['gone', []],
  ]);
  assert.deepEqual(targetOf(at('10.0.0.1:1', 'etcd-1:2', 'gone:3'), addresses, false), {
    hosts: 'ipv4:10.0.0.1:1,10.0.0.2:2',
  });
});

test('where no name has an IPv4 address the target is of IPv6', () => {
  const addresses = new Map([
    ['a', v6('fd00::1')],
    ['b', v6('fd00::2')],
  ]);
  assert.deepEqual(targetOf(at('a:1', 'b:2'), addresses, false), {
    hosts: 'ipv6:[fd00::1]:1,[fd00::2]:2',
  });
});

test('nothing to connect to is no target', () => {
  assert.equal(targetOf(at('a:1', 'b:2'), new Map(), false), undefined);
  assert.equal(targetOf([], new Map(), false), undefined);
});

test('under TLS the ports of one host share its name, other hosts take turns', () => {
  const addresses = new Map([['etcd', v4('10.0.0.1')]]);
  assert.deepEqual(targetOf(at('etcd:1', 'etcd:2'), addresses, true), {
    hosts: 'ipv4:10.0.0.1:1,10.0.0.1:2',
    serverName: 'etcd',
  });
  assert.deepEqual(targetOf(at('etcd-1:1', 'etcd-0:2'), addresses, true), { hosts: 'etcd-1:1' });
});
