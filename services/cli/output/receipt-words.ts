import { dateFromTimestamp } from '#libs/grpc';
import type { CompletionReceipt } from '#proto';
import type { Entry } from './printer.ts';
import { timeText, withoutPrefix } from './values.ts';

export const RECEIPT_HEADER = [
  ...['ENV', 'ID', 'GENERATION', 'KIND', 'MEMBERS', 'EXCEPTIONS', 'PROOF', 'COMPLETE', 'TOOK'],
];

/** A receipt as a row. */
export function receiptEntry(receipt: CompletionReceipt): Entry {
  const { env, id, generation, members, exceptions, completeTime } = receipt;
  const names = exceptions.map(({ agent, reason }) => `${agent} (${reason})`);
  return {
    plain: plainReceipt(receipt),
    row: [
      ...[env, id, `${generation}`, kindOf(receipt), `${members}`, names.join(', ') || 'none'],
      ...[withoutPrefix(receipt.proof, 'COMPLETION_POLICY_'), timeText(completeTime)],
      tookText(receipt),
    ],
  };
}

/** A receipt in one line. */
export function receiptText(receipt: CompletionReceipt): string {
  const { members, exceptions, completeTime, late, writtenBy } = receipt;
  const others = exceptions.length > 0 ? `, without ${exceptions.length}` : '';
  const took = tookText(receipt);
  return [
    `${kindOf(receipt)} ${timeText(completeTime)} by ${members} members${others}`,
    ...(took === '' ? [] : [`${took} after it was accepted`]),
    ...(late ? ['found after the fact'] : []),
    `written by ${writtenBy}`,
  ].join(', ');
}

/** A receipt for programs. */
export function plainReceipt(receipt: CompletionReceipt): object {
  const times = [
    ...(['acceptTime', 'publishTime', 'firstApplyTime', 'lastApplyTime', 'completeTime'] as const),
  ];
  return {
    ...receipt,
    kind: kindOf(receipt),
    proof: withoutPrefix(receipt.proof, 'COMPLETION_POLICY_'),
    ...Object.fromEntries(
      times.map((name) => {
        const time = receipt[name];
        return [name, time && dateFromTimestamp(time).toISOString()];
      }),
    ),
  };
}

function kindOf({ kind }: CompletionReceipt): string {
  return withoutPrefix(kind, 'RECEIPT_KIND_');
}

/** From acceptance to completion; empty when one of them is not known. */
function tookText({ acceptTime, completeTime, late }: CompletionReceipt): string {
  if (!acceptTime || !completeTime || late) return '';
  const [from, to] = [acceptTime, completeTime].map((time) => dateFromTimestamp(time).getTime());
  // The clocks of MySQL and of the aggregator may differ.
  return `${Math.max(0, (to ?? 0) - (from ?? 0))} ms`;
}
