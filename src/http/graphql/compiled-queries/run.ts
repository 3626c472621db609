import {
  defaultTypeResolver,
  type ExecutionResult,
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLError,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  isObjectType,
  locatedError,
  type OperationDefinitionNode,
} from 'graphql';
import type { Path } from 'graphql/jsutils/Path.js';
import type { FieldPlan, QueryPlan, Selection, ValuePlan } from './plan.ts';

/** What a query is run with: its variables are coerced. */
export type QueryArgs = { rootValue: unknown; contextValue: unknown; variables: Record<string, unknown> };

/** An object or a list of the answer, under the keys or numbers of its contents. */
type Holder = Record<string | number, unknown>;

/**
 * Where something stands in the answer, and in which other place that is; the outermost is the answer itself. It is made only of
 * what holds something else.
 */
type Place = {
  holder: Holder;
  key: string | number;
  isNullable: boolean;
  /** Something in it failed that may not be null, so it became null itself. */
  isNulled: boolean;
  up: Place | null;
};

/** Runs a query as it is planned, with the result that graphql-js has for it; at once where nothing has to be waited for. */
export function runQuery(plan: QueryPlan, args: QueryArgs): ExecutionResult | Promise<ExecutionResult> {
  return new QueryRun(plan, args).run();
}

class QueryRun {
  readonly #plan: QueryPlan;
  readonly #args: QueryArgs;
  readonly #answer: { data: unknown } = { data: null };
  readonly #errors: GraphQLError[] = [];
  #fieldArgs: Map<FieldPlan, Record<string, unknown>> | undefined;
  #awaited = 0;
  #finish: ((result: ExecutionResult) => void) | undefined;

  constructor(plan: QueryPlan, args: QueryArgs) {
    this.#plan = plan;
    this.#args = args;
  }

  run(): ExecutionResult | Promise<ExecutionResult> {
    const root: Place = { holder: this.#answer, key: 'data', isNullable: true, isNulled: false, up: null };
    const data = this.#select(this.#plan.selection, this.#args.rootValue, root);
    if (!root.isNulled) this.#answer.data = data;
    if (this.#awaited === 0) return this.#result();
    return new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  #result(): ExecutionResult {
    const { data } = this.#answer as { data: Record<string, unknown> | null };
    return this.#errors.length > 0 ? { errors: this.#errors, data } : { data };
  }

  #select({ template, fields }: Selection, source: unknown, place: Place): Holder {
    const object: Holder = { ...template };
    for (const field of fields) {
      object[field.key] = this.#read(field, source, object, place);
      if (place.isNulled) break;
    }
    return object;
  }

  #read(field: FieldPlan, source: unknown, object: Holder, place: Place): unknown {
    const { property, key, value } = field;
    try {
      if (property !== undefined) return this.#complete(value, (source as Holder)[property], field, object, key, place);
      const info = field.takesInfo ? this.#info(field, place) : (undefined as never);
      const resolved = field.resolve(source, this.#argumentsOf(field), this.#args.contextValue, info);
      return this.#complete(value, resolved, field, object, key, place);
    } catch (error) {
      return this.#fail(error, value, field, key, place);
    }
  }

  /** Those that depend on variables are read once for all the objects that the field is asked of. */
  #argumentsOf(field: FieldPlan): Record<string, unknown> {
    if (field.args) return field.args;
    this.#fieldArgs ??= new Map();
    const known = this.#fieldArgs.get(field);
    if (known) return known;
    const args = getArgumentValues(field.definition, field.nodes[0] as never, this.#args.variables);
    this.#fieldArgs.set(field, args);
    return args;
  }

  /** Returns what stands in the answer for a value; null also for what is awaited, and put there when it has come. */
  #complete(
    plan: ValuePlan,
    value: unknown,
    field: FieldPlan,
    holder: Holder,
    key: string | number,
    up: Place,
  ): unknown {
    if (plan.isText && typeof value === 'string') return value;
    try {
      if (typeof value === 'object' && value !== null) {
        if (isPromise(value)) return this.#await(plan, value, field, holder, key, up);
        if (value instanceof Error) throw value;
      }
      const completed =
        value === null || value === undefined ? null : this.#completePresent(plan, value, field, holder, key, up);
      if (completed !== null || plan.isNullable) return completed;
      throw new Error(`Cannot return null for non-nullable field ${field.parentType.name}.${field.name}.`);
    } catch (error) {
      return this.#fail(error, plan, field, key, up);
    }
  }

  #completePresent(
    plan: ValuePlan,
    value: unknown,
    field: FieldPlan,
    holder: Holder,
    key: string | number,
    up: Place,
  ): unknown {
    if (plan.kind === 'leaf') return serialize(plan.leaf, value);
    const place: Place = { holder, key, isNullable: plan.isNullable, isNulled: false, up };
    if (plan.kind === 'list') return this.#completeList(plan.item, value, field, place);
    if (plan.kind === 'object') return this.#completeObject(plan.selection, value, field, place);
    const type = this.#typeOf(plan.type as GraphQLAbstractType, value, field, up);
    return this.#completeObject(plan.selectionOf(type), value, field, place);
  }

  #completeList(item: ValuePlan, values: unknown, field: FieldPlan, place: Place): unknown[] | null {
    if (typeof values !== 'object' || !(Symbol.iterator in (values as object)))
      throw new Error(`Expected Iterable, but did not find one for field "${field.parentType.name}.${field.name}".`);
    const list: unknown[] = [];
    let index = 0;
    for (const value of values as Iterable<unknown>) {
      // Not pushed: an item that fails has put null there by then.
      list[index] = this.#complete(item, value, field, list as unknown as Holder, index, place);
      if (place.isNulled) return null;
      index += 1;
    }
    return list;
  }

  #completeObject(selection: Selection, value: unknown, field: FieldPlan, place: Place): Holder | null {
    const { type } = selection;
    if (type.isTypeOf && !type.isTypeOf(value, this.#args.contextValue, this.#info(field, place)))
      throw new Error(`Expected value of type "${type.name}" but got another.`);
    const object = this.#select(selection, value, place);
    return place.isNulled ? null : object;
  }

  #typeOf(abstract: GraphQLAbstractType, value: unknown, field: FieldPlan, up: Place): GraphQLObjectType {
    const { schema } = this.#plan;
    const resolveType = abstract.resolveType ?? defaultTypeResolver;
    const name = resolveType(value, this.#args.contextValue, this.#info(field, up), abstract);
    const type = typeof name === 'string' ? schema.getType(name) : undefined;
    if (isObjectType(type) && schema.isSubType(abstract, type)) return type;
    throw new Error(
      `"${abstract.name}" resolved to what is none of its types, for "${field.parentType.name}.${field.name}".`,
    );
  }

  #await(
    plan: ValuePlan,
    promise: PromiseLike<unknown>,
    field: FieldPlan,
    holder: Holder,
    key: string | number,
    up: Place,
  ): null {
    this.#awaited += 1;
    const put = (completed: unknown) => {
      holder[key] = completed;
      this.#awaited -= 1;
      if (this.#awaited === 0) this.#finish?.(this.#result());
    };
    promise.then(
      (value) => put(isGone(up) ? null : this.#complete(plan, value, field, holder, key, up)),
      (error) => put(this.#fail(error, plan, field, key, up)),
    );
    return null;
  }

  /** Records an error, and returns null for its place. Where that may not be null, what it is in becomes null, too. */
  #fail(error: unknown, plan: ValuePlan, field: FieldPlan, key: string | number, up: Place): null {
    if (isGone(up)) return null;
    this.#errors.push(locatedError(error, field.nodes, pathTo(up, key)));
    if (plan.isNullable) return null;
    for (let at: Place | null = up; at; at = at.isNullable ? null : at.up) {
      at.isNulled = true;
      at.holder[at.key] = null;
    }
    return null;
  }

  #info(field: FieldPlan, place: Place): GraphQLResolveInfo {
    return new ResolveInfo(this.#plan, this.#args, field, place);
  }
}

/** What graphql-js tells a resolver of its field; the path is made where it is asked for. */
class ResolveInfo implements GraphQLResolveInfo {
  readonly fieldName: string;
  readonly fieldNodes: readonly FieldNode[];
  readonly returnType: GraphQLOutputType;
  readonly parentType: GraphQLObjectType;
  readonly schema: GraphQLSchema;
  readonly fragments: QueryPlan['fragments'];
  readonly operation: OperationDefinitionNode;
  readonly rootValue: unknown;
  readonly variableValues: Record<string, unknown>;
  readonly #place: Place;
  readonly #key: string;

  constructor(plan: QueryPlan, args: QueryArgs, field: FieldPlan, place: Place) {
    this.fieldName = field.name;
    this.fieldNodes = field.nodes;
    this.returnType = field.definition.type;
    this.parentType = field.parentType;
    this.schema = plan.schema;
    this.fragments = plan.fragments;
    this.operation = plan.operation;
    this.rootValue = args.rootValue;
    this.variableValues = args.variables;
    this.#place = place;
    this.#key = field.key;
  }

  get path(): Path {
    return { prev: pathOf(this.#place), key: this.#key, typename: this.parentType.name };
  }
}

function serialize(type: GraphQLLeafType, value: unknown): unknown {
  const serialized = type.serialize(value);
  if (serialized === null || serialized === undefined) throw new Error(`A ${type.name} was serialized to nothing.`);
  return serialized;
}

const isPromise = (value: object): value is PromiseLike<unknown> =>
  typeof (value as Partial<PromiseLike<unknown>>).then === 'function';

/** Whether a place is in something that has become null. */
function isGone(place: Place): boolean {
  for (let at: Place | null = place; at; at = at.up) if (at.isNulled) return true;
  return false;
}

function pathTo(place: Place, key: string | number): (string | number)[] {
  const path = [key];
  for (let at = place; at.up; at = at.up) path.unshift(at.key);
  return path;
}

function pathOf({ key, up }: Place): Path | undefined {
  return up ? { prev: pathOf(up), key, typename: undefined } : undefined;
}
