// Small readings of a parsed workflow: where a token stands, what lies below it, which secrets an expression names.
// Must never overlook a form of writing: a use of secrets that is not plainly by name is reported as that.
import { Lexer } from '@actions/expressions';
import { TokenType } from '@actions/expressions/lexer';
import type { MappingToken, TemplateToken } from '@actions/workflow-parser/templates/tokens/index';
import { isBasicExpression, isMapping, isSequence, isString } from '../sandbox/github/actions/load.ts';

export type Entry = { key: string; line: number; value: TemplateToken };

export function entries(token: TemplateToken | undefined): Entry[] {
  if (!token || !isMapping(token)) return [];
  return [...token].map(({ key, value }) => ({ key: String(key), line: key.line ?? 1, value }));
}

export function find(token: TemplateToken | undefined, key: string): Entry | undefined {
  return entries(token).find((entry) => entry.key === key);
}

export function items(token: TemplateToken | undefined): TemplateToken[] {
  return token && isSequence(token) ? Array.from({ length: token.count }, (_, at) => token.get(at)) : [];
}

/** The text of a string without expressions; null for everything else. */
export function literal(token: TemplateToken | undefined): string | null {
  return token && isString(token) ? token.value : null;
}

/** Every use of another context, such as vars, in and below a token. */
export function contextUses(token: TemplateToken, name: string, key = ''): number[] {
  const line = token.line ?? 1;
  const text = isBasicExpression(token)
    ? token.expression
    : isString(token) && key === 'if'
      ? token.value
      : null;
  if (text !== null) {
    const { tokens } = new Lexer(text).lex();
    const used = tokens.some(
      ({ type, lexeme }, at) =>
        type === TokenType.IDENTIFIER &&
        lexeme.toLowerCase() === name &&
        tokens[at - 1]?.type !== TokenType.DOT,
    );
    return used ? [line] : [];
  }
  return [
    ...keysOf(token).flatMap((one) => contextUses(one, name)),
    ...entries(token).flatMap((entry) => contextUses(entry.value, name, entry.key)),
    ...items(token).flatMap((item) => contextUses(item, name)),
  ];
}

/** `null` stands for secrets as a whole, or picked by something other than a name. */
export type SecretUse = { line: number; name: string | null };

/** Every use of the `secrets` context in and below a token. */
export function secretUses(token: TemplateToken, key = ''): SecretUse[] {
  const line = token.line ?? 1;
  if (isBasicExpression(token)) return inExpression(token.expression, line);
  // The parser leaves an `if` without braces as it is written; the runner evaluates it all the same.
  if (isString(token)) return key === 'if' ? inExpression(token.value, line) : [];
  return [
    ...keysOf(token).flatMap((one) => secretUses(one)),
    ...entries(token).flatMap((entry) => secretUses(entry.value, entry.key)),
    ...items(token).flatMap((item) => secretUses(item)),
  ];
}

const keysOf = (token: TemplateToken): TemplateToken[] =>
  isMapping(token) ? [...(token as MappingToken)].map(({ key }) => key) : [];

function inExpression(expression: string, line: number): SecretUse[] {
  const { tokens } = new Lexer(expression).lex();
  return tokens.flatMap((token, at): SecretUse[] => {
    const [before, dot, name, close] = [tokens[at - 1], tokens[at + 1], tokens[at + 2], tokens[at + 3]];
    if (token.type !== TokenType.IDENTIFIER || token.lexeme.toLowerCase() !== 'secrets') return [];
    if (before?.type === TokenType.DOT) return []; // a property that happens to be called so
    if (dot?.type === TokenType.DOT && name?.type === TokenType.IDENTIFIER)
      return [{ line, name: name.lexeme.toUpperCase() }];
    const quoted = dot?.type === TokenType.LEFT_BRACKET && name?.type === TokenType.STRING;
    if (quoted && close?.type === TokenType.RIGHT_BRACKET)
      return [{ line, name: name.lexeme.slice(1, -1).toUpperCase() }];
    return [{ line, name: null }];
  });
}
