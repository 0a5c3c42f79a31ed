export {
  errorCode,
  type FileAccess,
  makeDir,
  readRegularFile,
  removeFile,
  removeTemporaries,
  replaceFile,
  syncDir,
} from './durable-file.ts';
