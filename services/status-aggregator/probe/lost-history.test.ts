import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LostHistory } from './lost-history.ts';

/** A view as of revision 100 of epoch 3, whose own key was last put at 90. */
const BEFORE = { epoch: 3, revision: 100n };

function openHistory(): LostHistory {
  const history = new LostHistory();
  history.listed({ epoch: 3, pass: 8, revision: 50n, ownRevision: 40n }, undefined);
  history.answered(90n);
  return history;
}

function rewound(): LostHistory {
  const history = openHistory();
  history.noticed(BEFORE);
  return history;
}

test('a list that goes on from what was shown loses nothing', () => {
  const history = openHistory();
  history.listed({ epoch: 3, pass: 9, revision: 120n, ownRevision: 90n }, BEFORE);
  assert.equal(history.unknownReason, undefined);
});

test('a put that was answered after the list was read is not missed in it', () => {
  const history = openHistory();
  history.answered(130n);
  history.listed({ epoch: 3, pass: 9, revision: 120n, ownRevision: 90n }, BEFORE);
  assert.equal(history.unknownReason, undefined);
});

for (const [what, list] of [
  ['an older revision than was shown', { revision: 99n, ownRevision: 90n }],
  ['the own key as it was before the last put', { revision: 120n, ownRevision: 80n }],
] as const) {
  test(`a list with ${what} shows that history is lost`, () => {
    const history = openHistory();
    history.listed({ epoch: 3, pass: 8, ...list }, BEFORE);
    assert.match(history.unknownReason ?? '', /lost history/);
  });
}

test('a backup in the same epoch counts once two whole passes have ended', () => {
  const history = rewound();
  history.listed({ epoch: 3, pass: 7, revision: 60n, ownRevision: 60n }, BEFORE);
  history.look({ epoch: 3, pass: 8 });
  assert.match(history.unknownReason ?? '', /lost history/);
  history.look({ epoch: 3, pass: 9 });
  assert.equal(history.unknownReason, undefined);
});

test('a new epoch ends the doubt, an etcd without one does not', () => {
  const history = rewound();
  history.listed({ epoch: 3, pass: 7, revision: 60n, ownRevision: 60n }, BEFORE);
  history.look({ epoch: undefined, pass: 9 });
  assert.match(history.unknownReason ?? '', /lost history/);
  history.look({ epoch: 4, pass: undefined });
  assert.equal(history.unknownReason, undefined);
});

test('controllers that were faster than the list leave no doubt', () => {
  const history = rewound();
  history.listed({ epoch: 4, pass: 1, revision: 60n, ownRevision: 60n }, BEFORE);
  assert.equal(history.unknownReason, undefined);
});

test('a backup of an older epoch is in doubt until it has another one', () => {
  const history = rewound();
  history.listed({ epoch: 2, pass: 7, revision: 60n, ownRevision: undefined }, BEFORE);
  assert.match(history.unknownReason ?? '', /lost history/);
  history.look({ epoch: 3, pass: undefined });
  assert.equal(history.unknownReason, undefined);
});
