import { isAbsolute } from 'node:path';

const OPTIONS = [
  ...['namespace', 'namespaces', 'owner', 'verify', 'probe'],
  ...['kubeconfig', 'context'],
];
/** How a config is asked for once its object stands. */
const VERIFY_MODES = ['read-back', 'status', 'probe'] as const;
export type VerifyMode = (typeof VERIFY_MODES)[number];

/** Rule of namespaces: a DNS label. */
const NAMESPACE = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
/** Rule of the values of labels. */
const LABEL_VALUE = /^[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;
const NAMESPACE_DEFAULT = 'default';

export interface KubernetesOptions {
  /** Directory of the driver's records, of its own alone. */
  readonly dir: string;
  /** Of objects that name none. */
  readonly namespace: string;
  /** Where objects may be; undefined: in every namespace. */
  readonly namespaces: readonly string[] | undefined;
  /** Value of the label by which the driver knows its own objects. */
  readonly owner: string;
  readonly verify: VerifyMode;
  /** Where an ingress controller answers, for `probe`. */
  readonly probe: URL | undefined;
  /** File of the credentials; undefined: as kubectl finds them, or the pod's own. */
  readonly kubeconfig: string | undefined;
  /** Context in that file; undefined: its current one. */
  readonly context: string | undefined;
}

type Options = Readonly<Record<string, string>>;

/** What is wrong with the options, one sentence each. */
export function kubernetesProblems(options: Options): string[] {
  const unknown = Object.keys(options).filter((key) => !OPTIONS.includes(key));
  const { namespace = NAMESPACE_DEFAULT, owner, kubeconfig } = options;
  const names = namespacesOf(options);
  const problems: readonly (string | false)[] = [
    ...unknown.map((key) => `the driver has no option "${key}", only ${OPTIONS.join(', ')}`),
    !NAMESPACE.test(namespace) && 'namespace must be the name of a namespace',
    names?.every((name) => NAMESPACE.test(name)) === false &&
      'namespaces must be names of namespaces with blanks between them',
    names?.includes(namespace) === false && `namespaces must hold "${namespace}" (namespace)`,
    owner !== undefined && !LABEL_VALUE.test(owner) && 'owner must be a value of a label',
    !isVerifyMode(modeOf(options)) && `verify must be one of ${VERIFY_MODES.join(', ')}`,
    modeOf(options) === 'probe' &&
      !probeOf(options) &&
      'verify=probe needs probe: http://host:port',
    options['probe'] !== undefined && !probeOf(options) && 'probe must be http://host:port',
    kubeconfig !== undefined && !isAbsolute(kubeconfig) && 'kubeconfig must be an absolute path',
  ];
  const found = problems.filter((problem) => problem !== false);
  return [...new Set(found)].map((problem) => `--driver-option: ${problem}`);
}

/** The options that `kubernetesProblems` found good; the owner is the environment when none is given. */
export function kubernetesOptions(
  options: Options,
  { dir, env }: { dir: string; env: string },
): KubernetesOptions {
  const verify = modeOf(options);
  if (!isVerifyMode(verify)) throw new RangeError('options with problems');
  return {
    dir,
    namespace: options['namespace'] ?? NAMESPACE_DEFAULT,
    namespaces: namespacesOf(options),
    owner: options['owner'] ?? env,
    verify,
    probe: probeOf(options),
    kubeconfig: options['kubeconfig'],
    context: options['context'],
  };
}

function modeOf(options: Options): string {
  return options['verify'] ?? (options['probe'] === undefined ? 'read-back' : 'probe');
}

function isVerifyMode(mode: string): mode is VerifyMode {
  return VERIFY_MODES.some((known) => known === mode);
}

function namespacesOf(options: Options): string[] | undefined {
  return options['namespaces']?.trim().split(/\s+/);
}

function probeOf(options: Options): URL | undefined {
  const url = URL.parse(options['probe'] ?? '');
  return url?.protocol === 'http:' && url.pathname === '/' && !url.username ? url : undefined;
}
