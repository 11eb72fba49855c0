// Which file imports which, as the compiler reads it: through relative paths and through the aliases of package.json.
// Must never run what it reads.
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { root } from '../test/support/files.ts';

/** `to` is a path of the project, or null for a package. `type`: nothing of it is there when the code runs. */
export type Import = { from: string; name: string; to: string | null; type: boolean };

const { imports: aliases }: { imports: Record<string, string> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

/** Every import of one file: static, exported on, and dynamic. */
export function importsOf(path: string, text: string): Import[] {
  const types = typesOnly(path, text);
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName: name, pos }) => ({
    from: path,
    name,
    to: target(path, name),
    type: types.has(pos),
  }));
}

function target(path: string, name: string): string | null {
  if (name.startsWith('.')) return normalize(join(dirname(path), name));
  const [alias, to] = Object.entries(aliases).find(([key]) => name.startsWith(key.slice(0, -1))) ?? [];
  return alias && to ? normalize(to.replace('*', name.slice(alias.length - 1))) : null;
}

/** Where the names of modules stand from which a file takes types alone. */
function typesOnly(path: string, text: string): Set<number> {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const positions = source.statements.flatMap((statement) => {
    const [module, whole, named] = ts.isImportDeclaration(statement)
      ? [
          statement.moduleSpecifier,
          statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword,
          statement.importClause?.name ? undefined : statement.importClause?.namedBindings,
        ]
      : ts.isExportDeclaration(statement) && statement.moduleSpecifier
        ? [statement.moduleSpecifier, statement.isTypeOnly, statement.exportClause]
        : [];
    if (!module) return [];
    const each = named && (ts.isNamedImports(named) || ts.isNamedExports(named)) ? named.elements : [];
    const only = whole || (each.length > 0 && each.every(({ isTypeOnly }) => isTypeOnly));
    return only ? [module.getStart(source)] : [];
  });
  return new Set(positions);
}
