// What may stand between the slashes of a key. Names are refused, never normalised.

/** Environments and instance names: 1 to 63 characters, lower-case alphanumeric at both ends. */
export const NAME = '[a-z0-9](?:[-_.a-z0-9]{0,61}[a-z0-9])?';
/** Config ids: the same characters, up to 253, so that `<namespace>.<name>` fits. */
export const CONFIG_ID = '[a-z0-9](?:[-_.a-z0-9]{0,251}[a-z0-9])?';

const IS_NAME = new RegExp(`^${NAME}$`);
const IS_CONFIG_ID = new RegExp(`^${CONFIG_ID}$`);

export const NAME_RULE =
  'must be 1 to 63 characters of a-z, 0-9, "-", "_" and ".", with a letter or digit at both ends';
export const CONFIG_ID_RULE =
  'must be 1 to 253 characters of a-z, 0-9, "-", "_" and ".", with a letter or digit at both ends';

/** Whether `text` may name an environment, an agent, a controller or an aggregator. */
export function isName(text: string): boolean {
  return IS_NAME.test(text) && !text.includes('..');
}

/** Whether `text` may be the id of a config. */
export function isConfigId(text: string): boolean {
  return IS_CONFIG_ID.test(text) && !text.includes('..');
}
