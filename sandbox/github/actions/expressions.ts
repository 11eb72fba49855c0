// Evaluates `${{ }}` with GitHub's own expression engine. Must never interpret an expression by itself.
// https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { TokenType } from '@actions/expressions/lexer';
import { truthy } from '@actions/expressions/result';
import type { MappingToken, TemplateToken } from '@actions/workflow-parser/templates/tokens/index';
import { FUNCTIONS, general, parseNumber, toData } from './engine.ts';
import { hashFiles } from './hash-files.ts';
import { isBasicExpression, isBoolean, isMapping, isNumber, isSequence, isString } from './load.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Status = 'success' | 'failure' | 'cancelled';
/** What an expression may see. `status` answers success(), failure() and cancelled() at the moment of asking; an
 * upstream job that was skipped makes all three false, hence `null`. */
export type Scope = {
  contexts: Record<string, unknown>;
  status?: () => Status | null;
  workspace?: string; // where a step's hashFiles() looks
};

/** Evaluates one expression (without its braces). Throws the engine's error for an unknown name or function. */
export function evaluate(expression: string, scope: Scope): data.ExpressionData {
  const { status, workspace } = scope;
  const answers: Record<string, () => boolean> = !status
    ? {}
    : {
        always: () => true,
        success: () => status() === 'success',
        failure: () => status() === 'failure',
        cancelled: () => status() === 'cancelled',
      };
  const asked = Object.entries(answers).map(([name, answer]) => ({
    ...{ name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(answer()) },
  }));
  const hashes = workspace === undefined ? [] : [hashFiles(workspace)];
  const functions = [...FUNCTIONS, ...asked, ...hashes];
  const names = Object.keys(scope.contexts);
  // The package undoubles only the first '' of a string (0.3.61); the real runner undoubles all.
  const tokens = new Lexer(expression).lex().tokens.map((token) => {
    if (token.type === TokenType.NUMBER) return { ...token, value: parseNumber(token.lexeme) };
    const string = token.type === TokenType.STRING && token.lexeme.slice(1, -1).replaceAll("''", "'");
    return string === false ? token : { ...token, value: string };
  });
  const tree = new Parser(tokens, names, functions).parse();
  const values = new data.Dictionary(
    ...names.map((key) => ({ key, value: toData(scope.contexts[key] ?? null, key === 'env') })),
  );
  return new Evaluator(tree, values, new Map(functions.map((f) => [f.name, f]))).evaluate();
}

/** Evaluates an `if`: true when GitHub calls the result truthy. */
export const condition = (expression: string, scope: Scope): boolean => truthy(evaluate(expression, scope));

/** Asks a condition again while it runs: one that cannot be evaluated any more does not hold. */
export function stillHolds(expression: string, scope: Scope): boolean {
  try {
    return condition(expression, scope);
  } catch {
    return false;
  }
}

/** A token as a string, as GitHub puts it into an environment variable, a name or a script. */
export function text(token: TemplateToken, scope: Scope): string {
  if (isBasicExpression(token)) return evaluate(token.expression, scope).coerceString();
  const value = resolve(token, scope);
  if (typeof value === 'number') return general(value);
  return value === null ? '' : String(value);
}

/** A mapping of strings (`env`, `with`, `outputs`); empty when it is absent. */
export function texts(token: TemplateToken | undefined, scope: Scope): Record<string, string> {
  if (!token) return {};
  if (!isMapping(token))
    throw new Error('a mapping was expected here; a whole mapping by expression is not supported');
  return Object.fromEntries([...token].map(({ key, value }) => [keyOf(key), text(value, scope)]));
}

/** A token with every expression in it evaluated. */
export function resolve(token: TemplateToken, scope: Scope): Json {
  if (isBasicExpression(token))
    return JSON.parse(JSON.stringify(evaluate(token.expression, scope), data.replacer));
  if (isMapping(token))
    return Object.fromEntries([...token].map(({ key, value }) => [keyOf(key), resolve(value, scope)]));
  if (isSequence(token)) {
    return Array.from({ length: token.count }, (_, index) => resolve(token.get(index), scope));
  }
  return isString(token) || isNumber(token) || isBoolean(token) ? token.value : null;
}

function keyOf(key: TemplateToken): string {
  if (isString(key)) return key.value;
  throw new Error('keys by expression are not supported');
}

/** The keys of a mapping as written. */
export const keys = (token: MappingToken): string[] => [...token].map(({ key }) => keyOf(key));
