export {
  errorCode,
  makeDir,
  readRegularFile,
  removeFile,
  removeTemporaries,
  replaceFile,
  syncDir,
} from './durable-file.ts';
