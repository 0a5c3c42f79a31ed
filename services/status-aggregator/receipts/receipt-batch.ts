import { MysqlStatementError, MysqlUnavailableError } from '#libs/mysql';
import type { Logger } from '#libs/telemetry';
import type { AcceptedReader } from '../store/accepted-reader.ts';
import type { Receipt } from './receipt.ts';
import { type DueReceipt, settleReceipt } from './receipt-plan.ts';
import { keyOfReceipt, type ReceiptStore } from './receipt-store.ts';

export interface ReceiptBatchDeps {
  store: Pick<ReceiptStore, 'insert' | 'authors'>;
  reader: Pick<AcceptedReader, 'read'>;
  log: Logger;
}

/** What became of a batch. The others were written by somebody else before, or cannot be. */
export interface BatchResult {
  /** In MySQL now, and of this author. */
  readonly written: readonly Receipt[];
  /** Of environments with too few members. */
  readonly tooFew: readonly DueReceipt[];
}

/** Writes receipts, all or none. Throws MysqlErrors: then they may be written again. */
export async function writeReceipts(
  { store, reader, log }: ReceiptBatchDeps,
  batch: readonly DueReceipt[],
): Promise<BatchResult> {
  // Found to hold at a list: of most of these the receipt is old.
  const late = batch.filter((receipt) => receipt.late);
  const present = await store.authors(late);
  const due = batch.filter((receipt) => !present.has(keyOfReceipt(receipt)));
  if (due.length === 0) return { written: [], tooFew: [] };
  const accepted = await reader.read(due);
  if (!accepted.known) throw new MysqlUnavailableError('mysql cannot be asked');
  const fit: Receipt[] = [];
  const tooFew: DueReceipt[] = [];
  for (const receipt of due) {
    const { env, id, generation } = receipt;
    const facts = { minAgents: accepted.minAgents(env), accepted: accepted.accepted(receipt) };
    const settled = settleReceipt(receipt, facts);
    if (settled === 'TOO_FEW_MEMBERS') tooFew.push(receipt);
    else if (settled === 'NEVER_ACCEPTED') {
      log.warn({ env, id, generation }, 'in force everywhere, but never accepted: no receipt');
    } else fit.push(settled);
  }
  return { written: await insert({ store, log }, fit), tooFew };
}

/** Answers those of which the row is ours. */
async function insert(
  { store, log }: Pick<ReceiptBatchDeps, 'store' | 'log'>,
  receipts: readonly Receipt[],
): Promise<Receipt[]> {
  if (receipts.length === 0) return [];
  try {
    await store.insert(receipts);
  } catch (error) {
    if (!(error instanceof MysqlStatementError)) throw error;
    const [first, ...others] = receipts;
    if (others.length === 0) {
      log.error({ err: error, receipt: first && keyOfReceipt(first) }, 'a receipt was refused');
      return [];
    }
    // One that does not fit must not keep the others.
    const written: Receipt[] = [];
    for (const receipt of receipts) written.push(...(await insert({ store, log }, [receipt])));
    return written;
  }
  const authors = await store.authors(receipts);
  return receipts.filter((receipt) => authors.get(keyOfReceipt(receipt)) === receipt.writtenBy);
}
