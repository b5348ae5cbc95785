import { globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSync, Visitor, type Program, type VisitorObject } from "oxc-parser";

/** One file as the tidy rules see it; `path` is relative to the repository and has forward slashes. */
export interface SourceFile {
  path: string;
  text: string;
  program: Program;
  imports: Import[];
}

interface Import {
  /** As written: "pg", "node:fs" or "../store/lots.ts". */
  specifier: string;
  /** The repository path that a relative specifier means. */
  target?: string;
  at: number;
}

const tree_globs = ["*.ts", "{bin,server,console,simulation,bench,e2e}/**/*.{ts,tsx,js}"];

export function readTree(root: string): SourceFile[] {
  const paths = globSync(tree_globs, { cwd: root, exclude: (path) => /node_modules|dist|\.generated\./u.test(path) });
  return paths.map((path) => parseFile(path.replaceAll("\\", "/"), readFileSync(join(root, path), "utf8")));
}

export function treeOf(files: Record<string, string>): SourceFile[] {
  return Object.entries(files).map(([path, text]) => parseFile(path, text));
}

/** Calls the visitor's functions for every node of the file. */
export function visit(file: SourceFile, visitor: VisitorObject): void {
  new Visitor(visitor).visit(file.program);
}

export function lineAt(file: SourceFile, offset: number): number {
  return file.text.slice(0, offset).split("\n").length;
}

export function countLines(text: string): number {
  return text.trimEnd().split("\n").length;
}

function parseFile(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text);
  if (errors[0]) throw new Error(`${path} does not parse: ${errors[0].message}`);
  const file: SourceFile = { path, text, program, imports: [] };
  const note = (source: { value: unknown; start: number } | null): void => {
    if (typeof source?.value === "string") file.imports.push(toImport(path, source.value, source.start));
  };
  visit(file, {
    ImportDeclaration: (node) => note(node.source),
    ExportNamedDeclaration: (node) => note(node.source),
    ExportAllDeclaration: (node) => note(node.source),
    ImportExpression: (node) => note(node.source.type === "Literal" ? node.source : null),
    TSImportType: (node) => note(node.source),
  });
  return file;
}

function toImport(path: string, specifier: string, at: number): Import {
  if (!specifier.startsWith(".")) return { specifier, at };
  return { specifier, at, target: posix.join(posix.dirname(path), specifier) };
}
