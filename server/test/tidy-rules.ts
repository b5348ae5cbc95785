import { basename } from "node:path/posix";
import type { Argument, Expression, Program, VisitorObject } from "oxc-parser";
import { countLines, lineAt, visit, type SourceFile } from "./source-tree.ts";

/** A tidy rule looks at a whole tree and names what breaks it, one sentence per place. */
export type TidyRule = (tree: SourceFile[]) => string[];

/** Which areas of server/src (folders, and the files beside them) may import which. */
export type ImportLaw = Record<string, readonly string[] | "everything">;

const server = "server/src/";

export function importsKeepTheLaw(law: ImportLaw): TidyRule {
  return (tree) =>
    productFiles(tree).flatMap((file) => {
      const area = areaOf(file.path);
      const allowed = law[area];
      if (!allowed) return [`${file.path}: the law knows no area "${area}"`];
      if (allowed === "everything") return [];
      return file.imports
        .filter(({ target }) => target !== undefined && !allowed.includes(areaOf(target)))
        .map(({ specifier, at }) => `${place(file, at)}: ${area} must not import ${specifier}`);
    });
}

const outside_world = new Set(["process", "globalThis", "console", "fetch", "crypto", "setTimeout", "setInterval"]);

export const rulesKnowNothingOutside: TidyRule = (tree) =>
  productFiles(tree)
    .filter((file) => areaOf(file.path) === "rules")
    .flatMap((file) => {
      const found = file.imports
        .filter(({ target }) => target === undefined)
        .map(({ specifier, at }) => `${place(file, at)}: a rule must not import ${specifier}`);
      visit(file, {
        Identifier: (node) => {
          const is_property = file.text[node.start - 1] === ".";
          if (outside_world.has(node.name) && !is_property)
            found.push(`${place(file, node.start)}: a rule must not know ${node.name}`);
        },
        MemberExpression: (node) => {
          if (dotted(node) === "Math.random") found.push(`${place(file, node.start)}: a rule must not roll dice`);
        },
        AwaitExpression: (node) => {
          found.push(`${place(file, node.start)}: a rule must not wait`);
        },
      });
      return found;
    });

export function timeHasOneHome(home: string): TidyRule {
  const clocks = new Set(["Date.now", "performance.now", "Temporal.Now", "process.hrtime", "performance.timeOrigin"]);
  return outsideOf([home], (report) => ({
    MemberExpression: (node) => {
      const name = dotted(node);
      if (name && clocks.has(name)) report(node.start, `reads the clock with ${name}`);
    },
    NewExpression: (node) => {
      if (isDate(node.callee) && node.arguments.length === 0) report(node.start, "reads the clock with new Date()");
    },
    CallExpression: (node) => {
      if (isDate(node.callee)) report(node.start, "reads the clock with Date()");
    },
  }));
}

export function environmentHasOneHome(home: string): TidyRule {
  const message = "reads the environment";
  return outsideOf([home], (report) => ({
    MemberExpression: (node) => {
      if (["process.env", "process.loadEnvFile"].includes(dotted(node) ?? "")) report(node.start, message);
    },
    VariableDeclarator: (node) => {
      const is_process = node.init?.type === "Identifier" && node.init.name === "process";
      if (is_process && node.id.type === "ObjectPattern") report(node.start, message);
    },
    ImportDeclaration: (node) => {
      const names = node.specifiers.map((it) => (it.type === "ImportSpecifier" ? nameOf(it.imported) : it.type));
      if (/^(node:)?process$/u.test(node.source.value) && names.includes("env")) report(node.start, message);
    },
  }));
}

// Upper case suffices, because prose does not shout; lower case must have the shape of a statement.
const shouted_sql =
  /^\s*(?:(?:SELECT|UPDATE|WITH|MERGE|TRUNCATE|CREATE|ALTER|DROP|LOCK|COPY|SET|GRANT|LISTEN|NOTIFY)\s|INSERT INTO\s|DELETE FROM\s|(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT)\b)/u;
const quiet_sql =
  /^\s*(?:select\s[^]+\sfrom\s|insert\s+into\s+\w|update\s+\S+\s+set\s|delete\s+from\s+\w|with\s+\w+\s+as\s)/u;

export function sqlHasItsHomes(homes: readonly string[]): TidyRule {
  return outsideOf(homes, (report) => {
    const look = (text: string, at: number): void => {
      const bare = text.replaceAll(/^\s*(?:--.*\n\s*|\/\*[^]*?\*\/\s*)*/gu, "");
      if (shouted_sql.test(bare) || quiet_sql.test(bare)) report(at, `holds SQL: ${bare.trim().slice(0, 40)}`);
    };
    return {
      Literal: (node) => {
        if (typeof node.value === "string") look(node.value, node.start);
      },
      TemplateLiteral: (node) => look(node.quasis.map((quasi) => quasi.value.raw).join("$0"), node.start),
    };
  });
}

export function filesHaveAtMost(limit: number): TidyRule {
  return (tree) =>
    tree
      .filter((file) => countLines(file.text) > limit)
      .map((file) => `${file.path}: ${countLines(file.text)} lines, at most ${limit}`);
}

/** The callback of `describe` is a list of tests, not a function that anyone reads as one. */
export function functionsHaveAtMost(limit: number): TidyRule {
  return (tree) =>
    tree.flatMap((file) => {
      const lists = new Set<number>();
      const found: string[] = [];
      const measure = (node: { start: number; end: number }): void => {
        const lines = countLines(file.text.slice(node.start, node.end));
        if (lines > limit && !lists.has(node.start)) {
          found.push(`${place(file, node.start)}: a function of ${lines} lines, at most ${limit}`);
        }
      };
      visit(file, {
        CallExpression: (node) => {
          if (/^describe\b/u.test(file.text.slice(node.callee.start, node.callee.end))) {
            for (const argument of node.arguments) lists.add(argument.start);
          }
        },
        FunctionDeclaration: measure,
        FunctionExpression: measure,
        ArrowFunctionExpression: measure,
      });
      return found;
    });
}

export function medianFileHasAtMost(limit: number): TidyRule {
  return (tree) => {
    const by_length = productFiles(tree).toSorted((a, b) => countLines(a.text) - countLines(b.text));
    const median = by_length[Math.floor(by_length.length / 2)];
    if (!median || countLines(median.text) <= limit) return [];
    return [`${median.path}: the median file of ${server} has ${countLines(median.text)} lines, at most ${limit}`];
  };
}

export const namesAreKebabCase: TidyRule = (tree) =>
  tree
    .filter((file) => !file.path.split("/").every((part) => /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z]+)*$/u.test(part)))
    .map((file) => `${file.path}: names are kebab-case`);

const empty_words =
  /^(?:handl(?:e|es|er|ers|ing)|process(?:es|or|ors|ing)?|manag(?:e|es|er|ers|ement|ing)|util(?:s|ity|ities)?|helpers?|common|misc)$/u;

export const namesSaySomething: TidyRule = (tree) =>
  tree
    .filter((file) => file.path.split(/[/.-]/u).some((word) => empty_words.test(word)))
    .map((file) => `${file.path}: the name says nothing`);

export const nothingIsExportedAsDefault: TidyRule = (tree) =>
  tree
    .filter((file) => !file.path.endsWith(".config.ts"))
    .flatMap((file) => {
      const found: string[] = [];
      const report = (node: { start: number }): void => {
        found.push(`${place(file, node.start)}: a default export`);
      };
      visit(file, {
        ExportDefaultDeclaration: report,
        ExportSpecifier: (node) => {
          if (nameOf(node.exported) === "default") report(node);
        },
      });
      return found;
    });

export const nothingIsABarrel: TidyRule = (tree) =>
  tree
    .filter((file) => basename(file.path).startsWith("index.") || isOnlyReExports(file.program))
    .map((file) => `${file.path}: a barrel; import from where the thing is`);

function isOnlyReExports(program: Program): boolean {
  const passes_on = (statement: Program["body"][number]): boolean =>
    statement.type === "ExportAllDeclaration" ||
    (statement.type === "ExportNamedDeclaration" && !statement.declaration);
  const rest = program.body.filter((statement) => statement.type !== "ImportDeclaration");
  return rest.length > 0 && rest.every(passes_on);
}

/** Tests beside the code may look wherever they must, so the laws of the product leave them out. */
function productFiles(tree: SourceFile[]): SourceFile[] {
  return tree.filter((file) => file.path.startsWith(server) && !file.path.endsWith(".test.ts"));
}

function outsideOf(
  homes: readonly string[],
  visitorOf: (report: (at: number, message: string) => void) => VisitorObject,
): TidyRule {
  return (tree) =>
    productFiles(tree)
      .filter((file) => !homes.some((home) => file.path.startsWith(server + home)))
      .flatMap((file) => {
        const found: string[] = [];
        visit(
          file,
          visitorOf((at, message) => found.push(`${place(file, at)}: ${message}`)),
        );
        return found;
      });
}

function areaOf(path: string): string {
  return path.startsWith(server) ? (path.slice(server.length).split("/")[0] ?? "") : path;
}

function place(file: SourceFile, at: number): string {
  return `${file.path}:${lineAt(file, at)}`;
}

function isDate(callee: Expression): boolean {
  return callee.type === "Identifier" && callee.name === "Date";
}

/** "Date.now" of `Date.now` and of `Date["now"]`; nothing of longer or computed paths. */
function dotted(node: Expression | Argument): string | undefined {
  if (node.type !== "MemberExpression" || node.object.type !== "Identifier") return undefined;
  if (!node.computed) return `${node.object.name}.${node.property.name}`;
  return node.property.type === "Literal" ? `${node.object.name}.${String(node.property.value)}` : undefined;
}

function nameOf(node: { type: string; name?: string; value?: string }): string {
  return node.name ?? node.value ?? "";
}
