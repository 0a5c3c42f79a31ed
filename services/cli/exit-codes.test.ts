import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { RpcError } from '#libs/grpc';
import { CliError, EXIT, explainError } from './exit-codes.ts';

test('an error is one line, with its details below it and the code that it has', () => {
  const error = new CliError('nothing was applied', { code: EXIT.USAGE, details: ['a', 'b'] });
  assert.deepEqual(explainError(error), {
    lines: ['error: nothing was applied', '  a', '  b'],
    code: EXIT.USAGE,
  });
});

test('a failed call says what the server said, its code and the reason, and no method or stack', () => {
  const cause: ServiceError = Object.assign(new Error('5 NOT_FOUND'), {
    ...{ code: status.NOT_FOUND, details: 'there is no config 1/x', metadata: new Metadata() },
  });
  assert.deepEqual(explainError(new RpcError('GetIngressConfig', cause)), {
    lines: ['error: there is no config 1/x (NOT_FOUND)'],
    code: EXIT.ERROR,
  });
});
