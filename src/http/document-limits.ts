import {
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  parse,
  type ParseOptions,
  type SelectionSetNode,
  type Source,
  type ValidationContext,
} from 'graphql';
import { DomainError } from '../domain/errors.ts';

const MAX_TOKENS = 1_000;
const LIMITS = { depth: 10, aliases: 15, directives: 5, fields: 200 };

type Size = typeof LIMITS;

export function limitExceeded(what: string, limit: number, actual?: number): DomainError {
  const was = actual === undefined ? '' : `; this one has ${actual}`;
  return new DomainError('LIMIT_EXCEEDED', `An operation may have at most ${limit} ${what}${was}. Ask for less at once.`, {
    limit,
    limited: what,
    ...(actual === undefined ? {} : { actual }),
  });
}

export function parseLimited(source: string | Source, options?: ParseOptions): DocumentNode {
  try {
    return parse(source, { ...options, maxTokens: MAX_TOKENS });
  } catch (error) {
    if (error instanceof GraphQLError && error.message.includes('tokens. Parsing aborted')) throw limitExceeded('tokens', MAX_TOKENS);
    throw error;
  }
}

/**
 * Bounds what a document can ask for once its fragments are spread out, whichever way it came in. Introspection is
 * left to graphql-js, which bounds its nesting, and to the limit on tokens.
 */
export function DocumentLimitsRule(context: ValidationContext): ASTVisitor {
  const sizes = new Map<FragmentDefinitionNode, Size>();
  const sizeOfFragment = (name: string): Size => {
    const fragment = context.getFragment(name);
    if (!fragment) return nothing;
    const known = sizes.get(fragment);
    if (known) return known;
    sizes.set(fragment, nothing); // a cycle ends here; NoFragmentCyclesRule reports it
    const size = sizeOf(fragment.selectionSet, sizeOfFragment);
    sizes.set(fragment, size);
    return size;
  };
  return {
    OperationDefinition(operation) {
      const size = sizeOf(operation.selectionSet, sizeOfFragment);
      for (const what of Object.keys(LIMITS) as (keyof Size)[]) {
        if (size[what] <= LIMITS[what]) continue;
        const error = limitExceeded(what === 'depth' ? 'levels' : what, LIMITS[what], size[what]);
        context.reportError(new GraphQLError(error.message, { nodes: operation, originalError: error }));
      }
    },
  };
}

const nothing: Size = { depth: 0, aliases: 0, directives: 0, fields: 0 };

function sizeOf({ selections }: SelectionSetNode, sizeOfFragment: (name: string) => Size): Size {
  const total = { ...nothing };
  for (const selection of selections) {
    total.directives += selection.directives?.length ?? 0;
    if (selection.kind === Kind.FIELD) {
      if (selection.name.value.startsWith('__')) continue;
      total.fields += 1;
      total.aliases += selection.alias ? 1 : 0;
      add(total, selection.selectionSet ? sizeOf(selection.selectionSet, sizeOfFragment) : nothing, 1);
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
