// Loads GitHub's own workflow parser. The package imports its schema as JSON without the attribute Node demands,
// so a load hook adds it while the package is loaded, and only then. Must never change what the package decides.
import { registerHooks } from 'node:module';

const hooks = registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
});
const main = await import('@actions/workflow-parser');
const jobs = await import('@actions/workflow-parser/model/converter/jobs');
const events = await import('@actions/workflow-parser/model/converter/events');
const called = await import('@actions/workflow-parser/model/converter/referencedWorkflow');
const references = await import('@actions/workflow-parser/workflows/file-reference');
const actions = await import('@actions/workflow-parser/actions/index');
hooks.deregister();

export const { parseWorkflow, isBasicExpression, isBoolean, isMapping, isNumber, isSequence, isString } =
  main;
export const { convertJobs } = jobs;
export const { convertOn } = events;
export const { convertReferencedWorkflow } = called;
export const { parseFileReference } = references;
export const { parseAction, convertActionTemplate } = actions;
/** The parser reports its progress to this and nobody listens. */
export const trace = new main.NoOperationTraceWriter();
