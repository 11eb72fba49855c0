// The environment of a script, whole: it runs under `env -i` with this list and nothing else, in every place. The wrapper of the
// workspaces (adapters/workspace/wrapper.sh) has the same list, and a test compares the two. It must never name a variable whose value
// is a secret: what stands here names an identity or where its token lies.

/** The same in every run, so that a command means the same program everywhere. What is not in these directories is not found. */
export const fixed = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/vigil/bin',
  TMPDIR: '/tmp',
  LANG: 'C.UTF-8',
} as const;

/** Of the workspace: a directory that ends with it. `/nonexistent` where the place names none. */
const ofPlace = ['HOME'] as const;

/** Of the order: whose script it is, and of which commit. */
const ofOrder = ['INCIDENT_ID', 'COMMIT_SHA', 'SCRIPT_PATH'] as const;

/**
 * What a cloud's own tools need to use the identity that the template gave the workspace. Handed on where the place has it.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html (IRSA)
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html (EKS pod identity)
 * https://cloud.google.com/docs/authentication/application-default-credentials (GKE)
 * https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html (AKS)
 * https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ (in a cluster)
 */
export const identity = [
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_STS_REGIONAL_ENDPOINTS',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'GOOGLE_CLOUD_PROJECT',
  'CLOUDSDK_CORE_PROJECT',
  'CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE',
  'AZURE_CLIENT_ID',
  'AZURE_TENANT_ID',
  'AZURE_FEDERATED_TOKEN_FILE',
  'AZURE_AUTHORITY_HOST',
  'KUBERNETES_SERVICE_HOST',
  'KUBERNETES_SERVICE_PORT',
] as const;

/** Every name that a command of the script can find in its environment, but for those that bash adds by itself (PWD, SHLVL, _). */
export const environment: ReadonlySet<string> = new Set([
  ...Object.keys(fixed),
  ...ofPlace,
  ...ofOrder,
  ...identity,
]);

/** What the wrapper takes; the template holds its parameters to the same patterns, and admits the empty text beside. */
const forms = {
  INCIDENT_ID: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/,
  COMMIT_SHA: /^[0-9a-f]{40}$/,
  SCRIPT_PATH: /^[A-Za-z0-9_./-]{1,200}$/,
} as const;

/** Where a script is from, as its environment says it: a sign that the wrapper does not take becomes `_`. Null: that does not help. */
export function orderVariables(from: {
  incident: string;
  commit: string;
  path: string;
}): Record<(typeof ofOrder)[number], string> | null {
  const told = {
    INCIDENT_ID: from.incident,
    COMMIT_SHA: from.commit,
    SCRIPT_PATH: from.path.replaceAll(/[^A-Za-z0-9_./-]/g, '_').slice(-200),
  };
  return ofOrder.every((name) => forms[name].test(told[name])) ? told : null;
}

/** What the policy's version is computed over. */
export const environmentList = [fixed, [...environment]] as const;
