import { raceSignal } from '#libs/lifecycle';
import { CALL_TIMEOUT_MS } from './call-timeout.ts';
import {
  type Connection,
  type EtcdTls,
  endpointFromText,
  openConnection,
  resolveTarget,
} from './connection.ts';

export interface EtcdAuth {
  user: string;
  password: string;
}

/** Where etcd is and who we are to it. */
export interface EtcdSettings {
  /** `host:port` of each member. */
  endpoints: readonly string[];
  tls?: EtcdTls | undefined;
  auth?: EtcdAuth | undefined;
}

/** Opens connections, each to a freshly resolved target and with the token of the moment. */
export interface Dialer {
  /**
   * A connection of the caller's own. Talks to the network for names and tokens only. `onSocket` is
   * told of each socket that the connection opens.
   */
  dial(signal: AbortSignal, onSocket?: () => void): Promise<Connection>;
  /** A token was refused: the next dial asks for another. */
  dropToken(): void;
}

/** Throws a TypeError for an endpoint that cannot be read. */
export function createDialer(settings: EtcdSettings, random: () => number = Math.random): Dialer {
  const { tls, auth } = settings;
  const endpoints = settings.endpoints.map(endpointFromText);
  if (endpoints.length === 0) throw new TypeError('no etcd endpoint given');
  // A random first member spreads the clients; the next turn leaves a member that failed us.
  let turn = Math.floor(random() * endpoints.length);
  let token: Promise<string> | undefined;

  const nextTarget = async () => {
    turn = (turn + 1) % endpoints.length;
    return await resolveTarget([...endpoints.slice(turn), ...endpoints.slice(0, turn)], !!tls);
  };
  const authenticate = async ({ user, password }: EtcdAuth): Promise<string> => {
    const connection = openConnection(await nextTarget(), tls);
    try {
      const deadline = Date.now() + CALL_TIMEOUT_MS;
      const answer = await connection.run(() =>
        connection.etcd.auth.authenticate({ name: user, password }, { deadline }),
      );
      return answer.token;
    } finally {
      connection.close();
    }
  };
  /** One question for all who dial at the same time: etcd pays for each with a bcrypt. */
  const currentToken = (auth: EtcdAuth): Promise<string> => {
    if (token) return token;
    const asked = authenticate(auth);
    asked.catch(() => {
      if (token === asked) token = undefined;
    });
    token = asked;
    return asked;
  };

  return {
    dial: async (signal, onSocket) => {
      const held = auth && (await raceSignal(currentToken(auth), signal));
      const target = await raceSignal(nextTarget(), signal);
      return openConnection(target, tls, { token: held, onSocket });
    },
    dropToken: () => {
      token = undefined;
    },
  };
}
