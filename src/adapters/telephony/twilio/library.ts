/** The library takes 35 MB and 0.8 s: it is loaded only if a Twilio line is configured. */
export const loadTwilio = async () => (await import('twilio')).default;

export type Twilio = Awaited<ReturnType<typeof loadTwilio>>;
