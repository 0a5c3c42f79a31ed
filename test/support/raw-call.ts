import { Client, credentials } from '@grpc/grpc-js';

/** A field of a message on the wire: text or bytes under its number. */
export function wireField(number: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

/** Sends `bytes` as the request of a method (`/package.Service/Method`). Rejects with a ServiceError. */
export async function rawCall(address: string, path: string, bytes: Buffer): Promise<Buffer> {
  const client = new Client(address, credentials.createInsecure());
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const same = (value: Buffer) => value;
  const deadline = Date.now() + 10_000;
  client.makeUnaryRequest(path, same, same, bytes, { deadline }, (error, value) => {
    if (error) reject(error);
    else resolve(value ?? Buffer.alloc(0));
  });
  try {
    return await promise;
  } finally {
    client.close();
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return Buffer.from([...bytes, rest]);
}
