/** The library, which takes 35 MB and 0.8 s: nobody loads it who has no line of Twilio. */
export const loadTwilio = async () => (await import('twilio')).default;

export type Twilio = Awaited<ReturnType<typeof loadTwilio>>;
