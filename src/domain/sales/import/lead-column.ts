/** The meanings of columns in a file of leads. */
export type LeadColumn =
  | 'name'
  | 'firstName'
  | 'lastName'
  | 'phone'
  | 'email'
  | 'company'
  | 'language'
  | 'timeZone'
  | 'status'
  | 'doNotCall'
  | 'source'
  | 'notes'
  | 'tags'
  | 'consentAt'
  | 'consentReference'
  | 'registryCheckedAt'
  | 'registryReference';
