import type { Endpoints } from './endpoints.ts';

/** What a person can type to talk to a running system. */
export function howToTalk({ controllers, aggregators, gateway, agents }: Endpoints): string {
  const curl = 'npx --no-install buf curl --protocol grpc --http2-prior-knowledge';
  const [controller = '', aggregator = ''] = [controllers[0], aggregators[0]];
  const [env = '1', agent = ''] = Object.keys(agents).at(-1)?.split('/') ?? [];
  const agentAddress = agents[`${env}/${agent}`] ?? '';
  return `
The system is up; Ctrl-C takes it down. Its addresses are in .local/endpoints.json.

  the command line (finds the system by itself):
    npx --no-install rollcall apply -f deploy/local/examples/shop.yaml --env ${env} --wait
    npx --no-install rollcall status --env ${env}
    npx --no-install rollcall agents --env ${env}

  REST, described at ${gateway}/openapi.json:
    curl ${gateway}/v1/envs/${env}/configs
    curl -X PUT -H 'content-type: application/json' -d '{"config":{"greeting":"hi"}}' \\
      '${gateway}/v1/envs/${env}/configs/hello?wait=30s'

  gRPC, with grpcurl (-plaintext) or with what is installed here:
    ${curl} --list-methods http://${controller}
    ${curl} -d '{"env":"${env}","id":"hello","config":{"greeting":{"text":"hi"}}}' \\
      http://${controller}/rollcall.v1.Controller/SetIngressConfig
    ${curl} -d '{"env":"${env}","id":"hello"}' \\
      http://${aggregator}/rollcall.v1.StatusAggregator/GetCompletion
    ${curl} -d '{}' http://${agentAddress}/rollcall.v1.Agent/GetAgent
`;
}
