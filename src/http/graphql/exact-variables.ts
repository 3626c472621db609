import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getOperationAST,
  isInputObjectType,
  isInputType,
  isListType,
  typeFromAST,
} from 'graphql';
import { numberOf } from '#adapters/exact-json.ts';

type Variables = Record<string, unknown>;

/**
 * Returns only the variables that the operation declares, so that nothing else is kept in memory while it runs. Converts exact numbers
 * (src/adapters/exact-json.ts) to doubles, except within values of the scalar JSON.
 */
export function readVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null,
  variables: Variables | null,
): Variables | null {
  if (!variables) return null;
  const declared: Variables = {};
  for (const { variable, type: given } of getOperationAST(document, operationName)?.variableDefinitions ?? []) {
    const name = variable.name.value;
    const type = typeFromAST(schema, given as Parameters<typeof typeFromAST>[1]);
    if (isInputType(type) && Object.hasOwn(variables, name)) declared[name] = convert(variables[name], type);
  }
  return declared;
}

function convert(value: unknown, given: GraphQLInputType): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const type = getNullableType(given);
  if (JSON.isRawJSON(value)) return getNamedType(type).name === 'JSON' ? value : numberOf(value);
  if (Array.isArray(value) && isListType(type)) {
    for (const [index, item] of value.entries()) value[index] = convert(item, type.ofType);
  }
  if (isListType(type)) return Array.isArray(value) ? value : convert(value, type.ofType);
  if (isInputObjectType(type)) convertFields(value as Variables, type.getFields());
  return value;
}

function convertFields(values: Variables, fields: Record<string, { type: GraphQLInputType }>): void {
  for (const [name, value] of Object.entries(values)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field) values[name] = convert(value, field.type);
  }
}
