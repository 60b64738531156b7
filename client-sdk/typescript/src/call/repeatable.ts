/** Methods that may be called twice: a batch is not repeated, and unloading is not either. */
export const REPEATABLE: Readonly<Record<string, readonly string[]>> = {
  'stratalens.v1.LensService': ['Analyze', 'Sweep', 'Generate'],
  'stratalens.v1.ServerService': ['GetServerInfo'],
  'stratalens.v1.ModelService': ['ListModels', 'GetModel', 'LoadModel', 'Tokenize', 'RenderChat'],
};

/** Spreads calls over the addresses of a name, and makes those again that a server refused before they began. */
export const SERVICE_CONFIG = {
  loadBalancingConfig: [{ round_robin: {} }],
  methodConfig: [{
    name: Object.entries(REPEATABLE).flatMap(([service, methods]) => methods.map((method) => ({ service, method }))),
    retryPolicy: {
      maxAttempts: 4,
      initialBackoff: '0.1s',
      maxBackoff: '2s',
      backoffMultiplier: 2,
      retryableStatusCodes: ['UNAVAILABLE', 'RESOURCE_EXHAUSTED'],
    },
  }],
};
