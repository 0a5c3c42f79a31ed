/** The process has as many waits as it takes. */
export class TooManyWaitsError extends Error {
  constructor(max: number) {
    super(`${max} waits are under way already`);
    this.name = 'TooManyWaitsError';
  }
}

/** The config is known neither to etcd nor to MySQL. */
export class UnknownConfigError extends Error {
  constructor({ env, id }: { env: string; id: string }) {
    super(`there is no config ${env}/${id}`);
    this.name = 'UnknownConfigError';
  }
}
