/** The message of graphql-js about an invalid variable: its name, the path of an invalid value inside it, and the reason. */
const REFUSED_VARIABLE = /^Variable "\$(\w+)" (?:got invalid value .*? at "\1([^"]*)"; |got invalid value |of )/s;

/** A missing or unknown field of an input object; the path is that of the object. */
const REFUSED_FIELD = /; Field "(\w+)" (?:of required type "[^"]+" was not provided|is not defined by type)/;

/**
 * Returns the path of the value that an error of graphql-js rejects, such as `input.messages.3.content`, which is only in its message.
 * Undefined if the error does not concern a variable.
 */
export function refusedField(message: string): string | undefined {
  const [, variable, path = ''] = REFUSED_VARIABLE.exec(message) ?? [];
  if (!variable) return undefined;
  const [, field] = REFUSED_FIELD.exec(message) ?? [];
  return [`${variable}${path.replace(/\[(\d+)\]/g, '.$1')}`, ...(field ? [field] : [])].join('.');
}
