import assert from 'node:assert/strict';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegularFile, removeTemporaries, replaceFile } from '#libs/files';
import type { Logger } from '#libs/telemetry';
import { decodeJournal, encodeLine } from './entry-line.ts';
import { type JournalEntry, JournalMemory, type JournalState } from './journal-state.ts';

// The agent's memory on disk: one file of checksummed lines. It begins with a snapshot and grows by
// one line a fact; when the tail outweighs the snapshot, the file is replaced by a new snapshot.
// Facts that wait at the same time share one write and one sync.

const FILE_NAME = 'journal';
/** Tail below which a compaction is not worth its write. */
const TAIL_BYTES_MIN = 1024 * 1024;

/** How the journal was found. All but `fresh` and `intact` mean that facts were lost. */
export type JournalCondition = 'fresh' | 'intact' | 'torn' | 'corrupt';

export interface JournalOptions {
  /** State directory, made and locked by the caller. */
  dir: string;
  env: string;
  agent: string;
  log: Logger;
}

/** The state directory's journal belongs to another agent. */
export class ForeignJournalError extends Error {
  constructor(dir: string, owner: string, agent: string) {
    super(`state directory ${dir} is that of agent ${owner}, not of ${agent}`);
    this.name = 'ForeignJournalError';
  }
}

export interface Journal extends AsyncDisposable {
  readonly state: JournalState;
  /** How it was found when it was opened. */
  readonly condition: JournalCondition;
  /** Makes facts durable, then part of the state. Throws when the disk refuses: nothing changed. */
  append(...entries: JournalEntry[]): Promise<void>;
  /** Makes facts part of the state at once, and durable when the disk allows. */
  note(...entries: JournalEntry[]): void;
}

/** Opens the journal and reads it. What a crash tore off is dropped; `condition` tells. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { dir, env, agent, log } = options;
  await removeTemporaries(dir);
  const bytes = await readRegularFile(join(dir, FILE_NAME));
  const text = decodeJournal(bytes ?? Buffer.alloc(0));
  const header = text.entries[0];
  if (header?.t === 'header' && (header.env !== env || header.agent !== agent)) {
    throw new ForeignJournalError(dir, `${header.env}/${header.agent}`, `${env}/${agent}`);
  }
  const memory = new JournalMemory();
  for (const entry of text.entries) memory.take(entry);
  const condition = bytes === undefined ? 'fresh' : text.condition;
  if (condition === 'torn' || condition === 'corrupt') {
    log.warn({ condition, entries: text.entries.length }, 'journal was damaged');
  }
  const journal = new FileJournal(options, memory, condition);
  // What was found damaged, or not at all, stays so until the first fact replaces it: a crash before
  // what is in force was adopted must not leave a journal that looks whole and does not know of it.
  if (condition !== 'intact') return journal;
  // A full disk must not keep an agent from serving what it has: the first fact tries again.
  await journal.compact().catch((error: unknown) => {
    log.warn({ err: error }, 'journal cannot be compacted');
  });
  return journal;
}

interface Pending {
  entries: readonly JournalEntry[];
  /** Already part of the state. */
  noted: boolean;
  resolve: () => void;
  reject: (error: unknown) => void;
}

class FileJournal implements Journal {
  readonly #options: JournalOptions;
  readonly #memory: JournalMemory;
  readonly condition: JournalCondition;
  #file: FileHandle | undefined;
  #bytes = 0;
  #snapshotBytes = 0;
  /** The state has facts that the disk refused: the next snapshot writes them. */
  #isBehind = false;
  #pending: Pending[] = [];
  #writing: Promise<void> | undefined;
  #closed = false;

  constructor(options: JournalOptions, memory: JournalMemory, condition: JournalCondition) {
    this.#options = options;
    this.#memory = memory;
    this.condition = condition;
  }

  get state(): JournalState {
    return this.#memory;
  }

  append(...entries: JournalEntry[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#enqueue({ entries, noted: false, resolve, reject });
    });
  }

  note(...entries: JournalEntry[]): void {
    for (const entry of entries) this.#memory.take(entry);
    const onError = (error: unknown) => {
      this.#options.log.error({ err: error }, 'journal cannot be written');
    };
    this.#enqueue({ entries, noted: true, resolve: () => undefined, reject: onError });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    while (this.#writing) await this.#writing;
    await this.#file?.close();
    this.#file = undefined;
  }

  /** Replaces the file by a snapshot of the state. */
  async compact(): Promise<void> {
    const { dir, env, agent } = this.#options;
    const lines = [encodeLine({ t: 'header', format: 1, env, agent })];
    for (const entry of this.#memory.snapshot()) lines.push(encodeLine(entry));
    const text = lines.join('');
    await replaceFile(dir, FILE_NAME, text);
    await this.#file?.close();
    this.#file = await open(join(dir, FILE_NAME), 'r+');
    this.#bytes = Buffer.byteLength(text);
    this.#snapshotBytes = this.#bytes;
    this.#isBehind = false;
  }

  #enqueue(pending: Pending): void {
    if (this.#closed) {
      pending.reject(new Error('journal is closed'));
      return;
    }
    this.#pending.push(pending);
    this.#writing ??= this.#drain();
  }

  async #drain(): Promise<void> {
    while (this.#pending.length > 0) {
      const batch = this.#pending;
      this.#pending = [];
      try {
        await this.#write(batch.flatMap(({ entries }) => entries));
      } catch (error) {
        this.#isBehind ||= batch.some(({ noted }) => noted);
        for (const { reject } of batch) reject(error);
        continue;
      }
      for (const { entries, noted, resolve } of batch) {
        if (!noted) for (const entry of entries) this.#memory.take(entry);
        resolve();
      }
      await this.#compactWhenDue();
    }
    // In the same turn as the look: a fact that comes a moment later begins anew.
    this.#writing = undefined;
  }

  async #write(entries: readonly JournalEntry[]): Promise<void> {
    const bytes = Buffer.from(entries.map(encodeLine).join(''));
    if (!this.#file) await this.compact();
    const file = this.#file;
    assert(file);
    try {
      let written = 0;
      while (written < bytes.length) {
        const result = await file.write(bytes, written, undefined, this.#bytes + written);
        written += result.bytesWritten;
      }
      await file.datasync();
      this.#bytes += bytes.length;
    } catch (error) {
      await this.#cutOff(file);
      throw error;
    }
  }

  /** Takes half-written lines off again; else the file is written anew before the next fact. */
  async #cutOff(file: FileHandle): Promise<void> {
    try {
      await file.truncate(this.#bytes);
    } catch {
      this.#file = undefined;
      await file.close().catch(() => undefined);
    }
  }

  async #compactWhenDue(): Promise<void> {
    const tail = this.#bytes - this.#snapshotBytes;
    const isLong = tail >= Math.max(TAIL_BYTES_MIN, this.#snapshotBytes);
    if (!isLong && !this.#isBehind) return;
    try {
      await this.compact();
    } catch (error) {
      // The long file is as good, and one that is behind no worse; the next fact tries again.
      this.#options.log.warn({ err: error }, 'journal cannot be compacted');
    }
  }
}
