import { graphql } from '../generated/index.ts';

export const CreateConversation = graphql(`
  mutation CreateConversation($input: CreateConversationInput!) {
    createConversation(input: $input) { conversation { id title channel pinned archived metadata messageCount lastMessageAt } }
  }
`);
export const UpdateConversation = graphql(`
  mutation UpdateConversation($input: UpdateConversationInput!) {
    updateConversation(input: $input) { conversation { id title pinned archived metadata } }
  }
`);
export const DeleteConversation = graphql(`
  mutation DeleteConversation($id: ID!) { deleteConversation(input: { conversationId: $id }) { deletedId } }
`);
export const ImportConversation = graphql(`
  mutation ImportConversation($input: ImportConversationInput!) {
    importConversation(input: $input) {
      conversation { id title channel messageCount lastMessageAt messages(first: 100) { edges { node { sequence role content sentAt } } } }
    }
  }
`);
export const AddMessage = graphql(`
  mutation AddMessage($input: AddMessageInput!) { addMessage(input: $input) { message { id sequence role content sentAt } } }
`);
export const AddMessages = graphql(`
  mutation AddMessages($input: AddMessagesInput!) { addMessages(input: $input) { messages { id sequence content } } }
`);
export const Messages = graphql(`
  query Messages($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $roles: [MessageRole!]) {
    conversation(id: $id) {
      messageCount
      messages(first: $first, after: $after, last: $last, before: $before, roles: $roles) {
        edges { cursor node { id sequence role content } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  }
`);
export const ImportTranscript = graphql(`
  mutation ImportTranscript($input: ImportTranscriptInput!) {
    importTranscript(input: $input) { segments episode { id title status durationSeconds language } }
  }
`);
export const ProcessEpisode = graphql(`
  mutation ProcessEpisode($input: ProcessEpisodeInput!) {
    processEpisode(input: $input) { job { id status kind priority } episode { id status } }
  }
`);
export const JobProgress = graphql(`
  subscription JobProgress($jobId: ID!) {
    jobProgress(jobId: $jobId) { id status progress stage message attempt version result error { code message retryable } }
  }
`);
export const Conversations = graphql(`
  query Conversations($filter: ConversationFilter, $orderBy: ConversationOrder, $first: Int, $after: String, $last: Int, $before: String) {
    conversations(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      edges { cursor node { id title } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);
export const EpisodeWithClips = graphql(`
  query EpisodeWithClips($id: ID!, $platform: Platform) {
    episode(id: $id) {
      status
      error { code message retryable }
      clips(platform: $platform, first: 50) {
        totalCount
        edges {
          node {
            id
            title
            startSeconds
            endSeconds
            durationSeconds
            score
            features
            featureScores { hook completeness keywordSalience questionOrNumber speakerExchange sentimentSwing fluency speechRate lengthFit }
            genre
            platform
            status
            averageRating
            platformFit { fits reason suggestedStartSeconds suggestedEndSeconds }
          }
        }
      }
      job { id status }
    }
  }
`);
export const SubmitFeedback = graphql(`
  mutation SubmitFeedback($input: SubmitFeedbackInput!) { submitFeedback(input: $input) { feedback { id type rating comment } } }
`);
export const JobUpdated = graphql(`
  subscription JobUpdated($filter: JobFilter) { jobUpdated(filter: $filter) { id status version } }
`);
export const EpisodeUpdated = graphql(`
  subscription EpisodeUpdated($episodeId: ID!) { episodeUpdated(episodeId: $episodeId) { id title status job { status } } }
`);
export const MessageAdded = graphql(`
  subscription MessageAdded($conversationId: ID!, $afterSequence: Int) {
    messageAdded(conversationId: $conversationId, afterSequence: $afterSequence) { id sequence content }
  }
`);
export const HealthChanged = graphql(`
  subscription HealthChanged { healthChanged { status components { name status message } } }
`);
export const HealthNow = graphql(`
  query HealthNow { health { status checkedAt components { name status details } } }
`);
export const SendMessage = graphql(`
  mutation SendMessage($input: SendMessageInput!) {
    sendMessage(input: $input) {
      conversation { id title messageCount lastMessageAt }
      userMessage { id sequence role content status }
      reply { id sequence role content status }
      job { id kind status }
    }
  }
`);
export const AskEpisode = graphql(`
  mutation AskEpisode($input: AskEpisodeInput!) {
    askEpisode(input: $input) { conversation { id title episode { id } } userMessage { id sequence content } reply { id sequence status } job { id } }
  }
`);
export const StopReply = graphql(`
  mutation StopReply($messageId: ID!) { stopReply(input: { messageId: $messageId }) { message { id content status } } }
`);
export const ReplyStream = graphql(`
  subscription ReplyStream($messageId: ID!, $afterOffset: Int) {
    replyStream(messageId: $messageId, afterOffset: $afterOffset) {
      messageId
      offset
      text
      done
      restarted
      message { id content status }
    }
  }
`);
export const ReplyOf = graphql(`
  query ReplyOf($id: ID!) {
    node(id: $id) {
      ... on Message {
        id
        content
        status
        model
        tokensInput
        tokensOutput
        latencyMs
        citations { quote startSeconds endSeconds segment { id index text } memory { id } }
        job { id status attempt error { code } }
        error { code message retryable }
      }
    }
  }
`);
export const SaveMemory = graphql(`
  mutation SaveMemory($input: SaveMemoryInput!) {
    saveMemory(input: $input) {
      merged
      memory {
        id
        content
        kind
        tags
        importance
        metadata
        createdAt
        updatedAt
        expiresAt
        lastRecalledAt
        sourceMessage { id }
        conversation { id }
      }
    }
  }
`);
export const UpdateMemory = graphql(`
  mutation UpdateMemory($input: UpdateMemoryInput!) {
    updateMemory(input: $input) { memory { id content kind tags importance metadata expiresAt } }
  }
`);
export const DeleteMemory = graphql(`
  mutation DeleteMemory($id: ID!) { deleteMemory(input: { memoryId: $id }) { deletedId } }
`);
export const Memories = graphql(`
  query Memories($filter: MemoryFilter, $first: Int, $after: String, $last: Int, $before: String) {
    memories(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      edges { cursor node { id content kind tags importance supersededBy { id content } sourceMessage { id } conversation { id } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);
export const SearchMessages = graphql(`
  query SearchMessages($query: String!, $conversationId: ID, $archived: Boolean, $first: Int, $offset: Int) {
    searchMessages(query: $query, conversationId: $conversationId, archived: $archived, first: $first, offset: $offset) {
      found mode tookMs
      matches { score snippet message { id content sequence } }
    }
  }
`);
export const SearchMemories = graphql(`
  query SearchMemories($query: String!, $filter: MemoryFilter, $mode: SearchMode, $first: Int, $offset: Int) {
    searchMemories(query: $query, filter: $filter, mode: $mode, first: $first, offset: $offset) {
      found mode tookMs
      matches {
        score
        snippet
        memory { id content }
        explanation { lexical words neighbours boost recency importance semantic lexicalRank semanticRank }
      }
    }
  }
`);
export const SearchTranscripts = graphql(`
  query SearchTranscripts($query: String!, $episodeId: ID, $first: Int, $offset: Int) {
    searchTranscripts(query: $query, episodeId: $episodeId, first: $first, offset: $offset) {
      found mode tookMs
      matches { score snippet episode { id } segment { id text speaker index } }
    }
  }
`);
