import {
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  Lexer,
  type ParseOptions,
  parse,
  type SelectionSetNode,
  Source,
  TokenKind,
  type ValidationContext,
} from 'graphql';
import { DomainError } from '#domain/core/errors.ts';

/** Tokens of one document. */
const MAX_TOKENS = 1_000;
/** The limits of one operation, with its fragments expanded. */
const LIMITS = { depth: 10, aliases: 15, directives: 5, fields: 200 };

const NAMES = { depth: 'levels of fields', aliases: 'aliases', directives: 'directives', fields: 'fields' };

type Size = typeof LIMITS;

/**
 * Creates a LIMIT_EXCEEDED, for example by `createLimitExceeded('An operation', 15, 'aliases', 16)`; without `actual` if it was not
 * counted.
 */
export function createLimitExceeded(whose: string, limit: number, limited: string, actual?: number): DomainError {
  const message = `${whose} may have at most ${limit} ${limited}; this one has ${actual ?? 'more'}. Ask for less at once.`;
  return new DomainError('LIMIT_EXCEEDED', message, { limit, limited, actual });
}

/**
 * Parses a document. Throws LIMIT_EXCEEDED if it has more than MAX_TOKENS, GraphQLError if it is not GraphQL.
 */
export function parseLimited(source: string, options?: ParseOptions): DocumentNode {
  try {
    return parse(source, { ...options, maxTokens: MAX_TOKENS });
  } catch (error) {
    if (error instanceof GraphQLError && error.message.includes('tokens. Parsing aborted')) {
      throw createLimitExceeded('An operation', MAX_TOKENS, 'tokens', countTokens(source));
    }
    throw error;
  }
}

/** Counting stops at this many tokens: the limit is meant to save the work. */
const MAX_TOKENS_COUNTED = 10 * MAX_TOKENS;

function countTokens(source: string): number {
  const lexer = new Lexer(new Source(source));
  let count = 0;
  try {
    while (count < MAX_TOKENS_COUNTED && lexer.advance().kind !== TokenKind.EOF) count += 1;
  } catch {
    // a syntax error further on; the tokens before it are already too many
  }
  return count;
}

/**
 * Bounds what a document can ask for with its fragments expanded, whichever transport it came by. Fields and levels of introspection do
 * not count: tools need more of them, and graphql-js bounds their nesting.
 */
export function DocumentLimitsRule(context: ValidationContext): ASTVisitor {
  const sizes = new Map<FragmentDefinitionNode, Size>();
  const sizeOfFragment = (name: string): Size => {
    const fragment = context.getFragment(name);
    if (!fragment) return EMPTY_SIZE;
    const known = sizes.get(fragment);
    if (known) return known;
    sizes.set(fragment, EMPTY_SIZE); // a cycle ends here; NoFragmentCyclesRule reports it
    const size = sizeOf(fragment.selectionSet, sizeOfFragment);
    sizes.set(fragment, size);
    return size;
  };
  return {
    OperationDefinition(operation) {
      const size = sizeOf(operation.selectionSet, sizeOfFragment);
      for (const what of Object.keys(LIMITS) as (keyof Size)[]) {
        if (size[what] <= LIMITS[what]) continue;
        const error = createLimitExceeded('An operation', LIMITS[what], NAMES[what], size[what]);
        context.reportError(new GraphQLError(error.message, { nodes: operation, originalError: error }));
      }
    },
  };
}

const EMPTY_SIZE: Size = { depth: 0, aliases: 0, directives: 0, fields: 0 };

function sizeOf({ selections }: SelectionSetNode, sizeOfFragment: (name: string) => Size): Size {
  const total = { ...EMPTY_SIZE };
  for (const selection of selections) {
    total.directives += selection.directives?.length ?? 0;
    if (selection.kind === Kind.FIELD) {
      const inside = selection.selectionSet ? sizeOf(selection.selectionSet, sizeOfFragment) : EMPTY_SIZE;
      const introspects = selection.name.value.startsWith('__');
      total.fields += 1;
      total.aliases += selection.alias ? 1 : 0;
      add(total, introspects ? { ...inside, depth: 0, fields: 0 } : inside, 1);
    } else if (selection.kind === Kind.FRAGMENT_SPREAD) add(total, sizeOfFragment(selection.name.value), 0);
    else add(total, sizeOf(selection.selectionSet, sizeOfFragment), 0);
  }
  return total;
}

function add(total: Size, part: Size, levels: number): void {
  total.depth = Math.max(total.depth, part.depth + levels);
  total.aliases += part.aliases;
  total.directives += part.directives;
  total.fields += part.fields;
}
