package stratalens

// serviceConfig spreads calls over the addresses of a name, and makes a call again that the server refused before it began,
// after the pause that the server asks for. Batches are not repeated, and unloading is not either.
const serviceConfig = `{
  "loadBalancingConfig": [{"round_robin": {}}],
  "methodConfig": [{
    "name": [
      {"service": "stratalens.v1.LensService", "method": "Analyze"},
      {"service": "stratalens.v1.LensService", "method": "Sweep"},
      {"service": "stratalens.v1.LensService", "method": "Generate"},
      {"service": "stratalens.v1.ServerService", "method": "GetServerInfo"},
      {"service": "stratalens.v1.ModelService", "method": "ListModels"},
      {"service": "stratalens.v1.ModelService", "method": "GetModel"},
      {"service": "stratalens.v1.ModelService", "method": "LoadModel"},
      {"service": "stratalens.v1.ModelService", "method": "Tokenize"},
      {"service": "stratalens.v1.ModelService", "method": "RenderChat"}
    ],
    "retryPolicy": {
      "maxAttempts": 4,
      "initialBackoff": "0.1s",
      "maxBackoff": "2s",
      "backoffMultiplier": 2,
      "retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED"]
    }
  }]
}`
