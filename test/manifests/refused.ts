/**
 * Manifests of the public collection that are refused, by their number: the first bad field and why.
 * Twelve are placeholders, snippets and path types; four more are what Kubernetes itself refuses in a
 * backend or in the path of an Exact or Prefix route. An empty `metadata.name` is accepted: a config is
 * named by its id.
 */
export const REFUSED: Readonly<Record<string, { field: string; why: string }>> = {
  '006': { field: 'config.spec.rules[0].host', why: 'a placeholder with underscores is no host' },
  '007': { field: 'config.spec.rules[0].host', why: 'a placeholder with underscores is no host' },
  '008': { field: 'config.spec.rules[0].host', why: 'a placeholder with underscores is no host' },
  '009': { field: 'config.spec.rules[0].host', why: 'a placeholder with underscores is no host' },
  '011': {
    field: 'config.metadata.annotations.nginx.ingress.kubernetes.io/configuration-snippet',
    why: 'snippets are raw proxy configuration',
  },
  '014': { field: 'config.spec.rules[0].host', why: 'a placeholder with blanks is no host' },
  '015': { field: 'config.spec.rules[0].host', why: 'a placeholder with blanks is no host' },
  '030': {
    field: 'config.metadata.annotations.nginx.ingress.kubernetes.io/server-snippet',
    why: 'snippets are raw proxy configuration',
  },
  '031': {
    field: 'config.metadata.annotations.nginx.ingress.kubernetes.io/stream-snippet',
    why: 'snippets are raw proxy configuration',
  },
  '056': {
    field: 'config.metadata.annotations.nginx.ingress.kubernetes.io/auth-snippet',
    why: 'snippets are raw proxy configuration',
  },
  '131': {
    field: 'config.spec.rules[0].http.paths[0].backend.service.port',
    why: 'a port has both a name and a number',
  },
  '134': { field: 'config.spec.rules[0].http.paths[0].path', why: 'a Prefix path is missing' },
  '139': { field: 'config.spec.rules[0].http.paths[0].backend', why: 'the backend is empty' },
  '141': { field: 'config.spec.rules[0].http.paths[0].path', why: 'a Prefix path is empty' },
  '127': { field: 'config.spec.rules[0].http.paths[0].pathType', why: 'the path type is empty' },
  '136': { field: 'config.spec.rules[0].http.paths[0].pathType', why: 'the path type is missing' },
};
