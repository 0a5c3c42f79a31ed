import { fileURLToPath } from 'node:url';
import { loadServices } from './grpc.ts';

const PROTO_DIR = fileURLToPath(new URL('../../../proto', import.meta.url));

/** Rollcall's services, from their .proto files. */
export const rollcall = loadServices(
  ['rollcall/v1/controller.proto', 'rollcall/v1/status_aggregator.proto'],
  { longs: Number, enums: String, includeDirs: [PROTO_DIR] },
);
