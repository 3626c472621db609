/** What graphql-js says of a variable that does not fit: its name, the path of the value where that is inside of it, and why. */
const REFUSED_VARIABLE = /^Variable "\$(\w+)" (?:got invalid value .*? at "\1([^"]*)"; |got invalid value |of )/s;

/** The field of an input object that is missing, or that there is not; the path is that of the object. */
const REFUSED_FIELD = /; Field "(\w+)" (?:of required type "[^"]+" was not provided|is not defined by type)/;

/**
 * Returns the path of the value that an error of graphql-js refuses, as `input.messages.3.content`, which it has in its message
 * only. Undefined for an error of anything but a variable.
 */
export function refusedField(message: string): string | undefined {
  const [, variable, path = ''] = REFUSED_VARIABLE.exec(message) ?? [];
  if (!variable) return undefined;
  const [, field] = REFUSED_FIELD.exec(message) ?? [];
  return [`${variable}${path.replace(/\[(\d+)\]/g, '.$1')}`, ...(field ? [field] : [])].join('.');
}
