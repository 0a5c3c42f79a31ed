import type { EtcdServer } from '#local';

interface MemberStatus {
  readonly Endpoint: string;
  readonly Status: { readonly leader: number; readonly header: { readonly member_id: number } };
}

/** The member that leads, by its index. Throws while nobody does. */
export async function leaderOf(etcd: EtcdServer): Promise<number> {
  const text = await etcd.etcdctl('endpoint', 'status', '-w', 'json');
  // The ids are beyond what a double holds, but each is rounded alike.
  const all = JSON.parse(text) as MemberStatus[];
  const leader = all.find(({ Status }) => Status.leader === Status.header.member_id);
  const index = etcd.endpoints.indexOf(leader?.Endpoint ?? '');
  if (index < 0) throw new Error('etcd has no leader');
  return index;
}
