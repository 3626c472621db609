/** The languages that the agent speaks. */
export const AGENT_LANGUAGES = ['en', 'he'] as const;

export type AgentLanguage = (typeof AGENT_LANGUAGES)[number];

/** Returns the agent's language for a BCP 47 tag, such as `en` for en-GB; null if it does not speak it. */
export function agentLanguage(tag: string | undefined): AgentLanguage | null {
  const language = tag?.split('-')[0];
  return AGENT_LANGUAGES.find((spoken) => spoken === language) ?? null;
}

/** The languages that the agent speaks, for messages. */
export const SPOKEN = AGENT_LANGUAGES.join(' and ');
