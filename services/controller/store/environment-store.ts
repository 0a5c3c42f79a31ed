import type { Mysql } from '#libs/mysql';

/** Settings of environments, on the primary. Every call throws MysqlErrors. */
export class EnvironmentStore {
  readonly #mysql: Mysql;

  constructor({ mysql }: { mysql: Mysql }) {
    this.#mysql = mysql;
  }

  /** Stores the settings of an environment, new or known. */
  async update(env: string, { minAgents }: { minAgents: number }): Promise<void> {
    const settings = { min_agents: minAgents };
    await this.#mysql.db
      .insertInto('environment')
      .values({ env, ...settings })
      .onDuplicateKeyUpdate(settings)
      .execute();
  }
}
