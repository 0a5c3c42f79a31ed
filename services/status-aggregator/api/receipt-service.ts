import { z } from 'zod';
import {
  decodePageToken,
  encodePageToken,
  notFound,
  pageSize,
  timestampFromDate,
} from '#libs/grpc';
import { isCounter } from '#libs/keyspace';
import type {
  CompletionReceiptInput,
  GetReceiptRequest,
  GetReceiptResponseInput,
  ListReceiptsRequest,
  ListReceiptsResponseInput,
  ReceiptKind as ReceiptKindMessage,
} from '#proto';
import type { Receipt, ReceiptKind } from '../receipts/receipt.ts';
import type { ReceiptStore } from '../receipts/receipt-store.ts';
import { checkRef, envOfList, idViolations, passed } from './requests.ts';

/** Position of a list: the last receipt. */
const position = z.object({
  env: z.string(),
  id: z.string(),
  generation: z.int(),
  digest: z.string(),
  kind: z.string(),
});

/** GetReceipt and ListReceipts. */
export class ReceiptService {
  readonly #store: Pick<ReceiptStore, 'find' | 'list'>;

  constructor({ store }: { store: Pick<ReceiptStore, 'find' | 'list'> }) {
    this.#store = store;
  }

  async get(request: GetReceiptRequest): Promise<GetReceiptResponseInput> {
    const { env, id, generation, kind } = request;
    const isBad = !isCounter(generation);
    const bad = { field: 'generation', description: 'must not be negative' };
    passed([...checkRef(request), ...(isBad ? [bad] : [])]);
    const receipt = await this.#store.find({ env, id, generation, kind: kindOf(kind) });
    if (!receipt) throw notFound('RECEIPT_NOT_FOUND', `there is no such receipt of ${env}/${id}`);
    return { receipt: receiptMessage(receipt) };
  }

  async list(request: ListReceiptsRequest): Promise<ListReceiptsResponseInput> {
    const env = envOfList(request.env);
    if (request.id !== '') passed(idViolations(request.id));
    const size = pageSize(request.pageSize);
    const found = await this.#store.list({
      env,
      id: request.id === '' ? undefined : request.id,
      after: decodePageToken(request.pageToken, position),
      limit: size + 1,
    });
    const last = found.length > size ? found[size - 1] : undefined;
    return {
      receipts: found.slice(0, size).map(receiptMessage),
      nextPageToken: last ? encodePageToken(positionOf(last)) : '',
    };
  }
}

/** A receipt as the API shows it. */
export function receiptMessage(receipt: Receipt): CompletionReceiptInput {
  const { kind, exceptions, proof, acceptedAt, publishedAt, firstAppliedAt } = receipt;
  const { lastAppliedAt, completedAt, ...rest } = receipt;
  return {
    ...rest,
    kind: `RECEIPT_KIND_${kind}`,
    exceptions: [...exceptions],
    proof: `COMPLETION_POLICY_${proof === '' ? 'UNSPECIFIED' : proof}`,
    acceptTime: timeOf(acceptedAt),
    publishTime: timeOf(publishedAt),
    firstApplyTime: timeOf(firstAppliedAt),
    lastApplyTime: timeOf(lastAppliedAt),
    completeTime: timeOf(completedAt),
  };
}

function positionOf({ env, id, generation, digest, kind }: Receipt) {
  return { env, id, generation, digest, kind };
}

function kindOf(kind: ReceiptKindMessage): ReceiptKind | undefined {
  if (kind === 'RECEIPT_KIND_UNSPECIFIED') return undefined;
  return kind === 'RECEIPT_KIND_DELETED' ? 'DELETED' : 'COMPLETED';
}

function timeOf(date: Date | undefined) {
  return date ? timestampFromDate(date) : null;
}
