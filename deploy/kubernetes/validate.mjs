// Checks rendered Kubernetes files, field by field, against the schemas of their kinds: node validate.mjs FILE...
import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';

// Where the models of an API group lie. Groups of Kubernetes itself lie under their first word.
const PACKAGES = {
  'keda.sh': '@kubernetes-models/keda/keda.sh',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator/monitoring.coreos.com',
  'networking.k8s.io': 'kubernetes-models/networking.k8s.io',
};

async function modelOf({ apiVersion, kind }) {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const folder = PACKAGES[group] ?? ['kubernetes-models', group].filter(Boolean).join('/');
  return (await import(`${folder}/${version}/${kind}`))[kind];
}

let faults = 0;
for (const file of process.argv.slice(2)) {
  const resources = loadAll(readFileSync(file, 'utf8'));
  for (const resource of resources) {
    try {
      new (await modelOf(resource))(resource).validate();
    } catch (fault) {
      faults++;
      console.error(`${file}: ${resource.kind} ${resource.metadata?.name}: ${fault.message}`);
    }
  }
  console.log(`${file}: ${resources.length} resources, ${resources.map((resource) => resource.kind).join(', ')}`);
}
process.exitCode = faults ? 1 : 0;
