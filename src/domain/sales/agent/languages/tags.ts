/** The languages that the agent speaks. */
export const AGENT_LANGUAGES = ['en', 'he'] as const;

export type AgentLanguage = (typeof AGENT_LANGUAGES)[number];

/** Returns the language of a BCP 47 tag that the agent speaks, as `en` for en-GB; null where it does not speak it. */
export function agentLanguage(tag: string | undefined): AgentLanguage | null {
  const language = tag?.split('-')[0];
  return AGENT_LANGUAGES.find((spoken) => spoken === language) ?? null;
}

/** The languages that the agent speaks, in words. */
export const SPOKEN = AGENT_LANGUAGES.join(' and ');
