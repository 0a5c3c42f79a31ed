import type { FileAccess } from '#libs/files';

type Options = Readonly<Record<string, string>>;

const OPTIONS: readonly string[] = ['dir', 'layout', 'mode', 'uid', 'gid'];
const LAYOUTS = ['files', 'merged'];
/** Owner may read and write; more only for reading, and nothing runs. */
const MODE = /^0?6[04][04]$/;
/** Linux keeps the highest 32-bit number for "no user". */
const ID_MAX = 2 ** 32 - 2;

/** What is wrong with the options, one sentence each. */
export function fileProblems(options: Options): string[] {
  const unknown = Object.keys(options).filter((key) => !OPTIONS.includes(key));
  const { mode, layout = 'files' } = options;
  const badIds = (['uid', 'gid'] as const).filter((key) => !isId(options[key]));
  return [
    ...unknown.map((key) => `the driver has no option "${key}", only ${OPTIONS.join(', ')}`),
    ...(mode === undefined || MODE.test(mode) ? [] : ['mode must be 600, 640, 604 or 644']),
    ...(LAYOUTS.includes(layout) ? [] : [`layout must be ${LAYOUTS.join(' or ')}`]),
    ...badIds.map((key) => `${key} must be a number from 0 to ${ID_MAX}`),
  ].map((problem) => `--driver-option: ${problem}`);
}

/** Whether options without problems ask for one file with all configs. */
export function isMerged({ layout }: Options): boolean {
  return layout === 'merged';
}

/** The access that options without problems ask for. */
export function fileAccess({ mode, uid, gid }: Options): FileAccess {
  return {
    mode: mode === undefined ? undefined : Number.parseInt(mode, 8),
    uid: uid === undefined ? undefined : Number(uid),
    gid: gid === undefined ? undefined : Number(gid),
  };
}

function isId(value: string | undefined): boolean {
  return value === undefined || (/^\d{1,10}$/.test(value) && Number(value) <= ID_MAX);
}
