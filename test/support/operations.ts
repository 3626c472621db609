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
export const MarkConversationRead = graphql(`
  mutation MarkConversationRead($input: MarkConversationReadInput!) {
    markConversationRead(input: $input) { conversation { id lastReadSequence unreadCount } }
  }
`);
export const MarkConversationUnread = graphql(`
  mutation MarkConversationUnread($input: MarkConversationUnreadInput!) {
    markConversationUnread(input: $input) { conversation { id lastReadSequence unreadCount } }
  }
`);
export const ReadState = graphql(`
  query ReadState($id: ID!) { conversation(id: $id) { lastReadSequence unreadCount } }
`);
export const RateMessage = graphql(`
  mutation RateMessage($input: RateMessageInput!) { rateMessage(input: $input) { message { id rating ratingComment } } }
`);
export const ReplyRatings = graphql(`
  query ReplyRatings($allUsers: Boolean) { replyRatings(allUsers: $allUsers) { model up down } }
`);
export const MessageUpdated = graphql(`
  subscription MessageUpdated($conversationId: ID!, $afterUpdate: Int) {
    messageUpdated(conversationId: $conversationId, afterUpdate: $afterUpdate) { id status content rating updateNumber }
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
    importTranscript(input: $input) { segments passedOver warningCount warnings { line message } episode { id title status durationSeconds language } }
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
export const QueueStatsChanged = graphql(`
  subscription QueueStatsChanged { queueStatsChanged { queued running succeededLastHour maxQueued kinds { kind } } }
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
export const RegenerateReply = graphql(`
  mutation RegenerateReply($input: RegenerateReplyInput!) {
    regenerateReply(input: $input) { conversation { id } userMessage { id } reply { id content status } job { id } }
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
        reasoning
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
export const CreateLead = graphql(`
  mutation CreateLead($input: CreateLeadInput!) {
    createLead(input: $input) {
      lead { id name phone country email company language timeZone possibleTimeZones status source notes tags consentAt consentReference registryCheckedAt registryReference attempts }
    }
  }
`);
export const UpdateLead = graphql(`
  mutation UpdateLead($input: UpdateLeadInput!) {
    updateLead(input: $input) { lead { id name phone email company language timeZone status notes tags consentAt } }
  }
`);
export const DeleteLead = graphql(`
  mutation DeleteLead($id: ID!) { deleteLead(input: { leadId: $id }) { deletedId } }
`);
export const TagLeads = graphql(`
  mutation TagLeads($input: TagLeadsInput!) { tagLeads(input: $input) { changed unchanged full } }
`);
export const ImportLeads = graphql(`
  mutation ImportLeads($input: ImportLeadsInput!) {
    importLeads(input: $input) { created updated merged unchanged refused errors { row field message } ignoredColumns }
  }
`);
export const BookMeeting = graphql(`
  mutation BookMeeting($input: BookMeetingInput!) {
    bookMeeting(input: $input) {
      meeting { id title startsAt endsAt timeZone location notes status ics lead { id status } }
      meetingEdge { cursor }
    }
  }
`);
export const UpdateMeeting = graphql(`
  mutation UpdateMeeting($input: UpdateMeetingInput!) {
    updateMeeting(input: $input) { meeting { id title startsAt endsAt location status ics } }
  }
`);
export const CancelMeeting = graphql(`
  mutation CancelMeeting($id: ID!) {
    cancelMeeting(input: { meetingId: $id }) { meeting { id status ics lead { status } } }
  }
`);
export const SetMeetingOutcome = graphql(`
  mutation SetMeetingOutcome($input: SetMeetingOutcomeInput!) {
    setMeetingOutcome(input: $input) { meeting { id status outcome lead { status } } }
  }
`);
export const FreeSlots = graphql(`
  query FreeSlots($from: DateTime!, $to: DateTime!, $leadId: ID, $durationMinutes: Int) {
    freeSlots(from: $from, to: $to, leadId: $leadId, durationMinutes: $durationMinutes) { startsAt endsAt }
  }
`);
export const Meetings = graphql(`
  query Meetings($from: DateTime, $to: DateTime, $statuses: [MeetingStatus!], $first: Int, $after: String) {
    meetings(from: $from, to: $to, statuses: $statuses, first: $first, after: $after) {
      totalCount
      edges { cursor node { id title startsAt status } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
export const SetWorkingHours = graphql(`
  mutation SetWorkingHours($hours: WorkingHoursInput) {
    updateViewer(input: { workingHours: $hours }) { viewer { workingHours { start end days timeZone } } }
  }
`);
export const LiftDoNotCall = graphql(`
  mutation LiftDoNotCall($input: LiftDoNotCallInput!) { liftDoNotCall(input: $input) { phone } }
`);
export const Leads = graphql(`
  query Leads($filter: LeadFilter, $orderBy: LeadOrder, $first: Int, $after: String, $last: Int, $before: String) {
    leads(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      edges { cursor node { id name phone email company language timeZone status source notes tags consentAt } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);
export const Eligibility = graphql(`
  query Eligibility($id: ID!, $at: DateTime, $campaignId: ID) {
    lead(id: $id) { callEligibility(at: $at, campaignId: $campaignId) { allowed nextAllowedAt reasons { code message until } } }
  }
`);
export const CreateBackup = graphql(`
  mutation CreateBackup($input: CreateBackupInput!) { createBackup(input: $input) { job { id kind status } } }
`);
export const EraseUser = graphql(`
  mutation EraseUser($input: EraseUserInput!) { eraseUser(input: $input) { counts job { id kind status } } }
`);
export const ExportUserData = graphql(`
  mutation ExportUserData($input: ExportUserDataInput!) { exportUserData(input: $input) { job { id kind status } } }
`);
export const SuspendUser = graphql(`
  mutation SuspendUser($input: SuspendUserInput!) { suspendUser(input: $input) { user { id suspendedAt suspendedReason } } }
`);
export const UnsuspendUser = graphql(`
  mutation UnsuspendUser($input: UnsuspendUserInput!) {
    unsuspendUser(input: $input) { user { id suspendedAt suspendedReason } }
  }
`);
export const SetUserLimits = graphql(`
  mutation SetUserLimits($input: SetUserLimitsInput!) {
    setUserLimits(input: $input) { user { id storageQuotaBytes pointsPerMinute } }
  }
`);
export const CleanUpConversations = graphql(`
  mutation CleanUpConversations($input: CleanUpConversationsInput!) {
    cleanUpConversations(input: $input) { matching job { id kind status } }
  }
`);
export const CallLead = graphql(`
  mutation CallLead($input: CallLeadInput!) {
    callLead(input: $input) { call { id status attempt phone provider } job { id kind status } }
  }
`);
export const CancelCall = graphql(`
  mutation CancelCall($id: ID!) { cancelCall(input: { callId: $id }) { call { id status outcome endedAt } } }
`);
export const CallOf = graphql(`
  query CallOf($id: ID!) {
    call(id: $id) {
      id direction status outcome answeredBy nextStep phone attempt provider providerCallId
      queuedAt dialledAt startedAt endedAt durationSeconds error { code message retryable }
      lead { id status attempts lastAttemptAt }
      conversation { id channel title messages(first: 100) { edges { node { role content sequence metadata } } } }
    }
  }
`);
export const CallEvidence = graphql(`
  query CallEvidence($id: ID!) {
    call(id: $id) {
      evidence { consentAt consentReference registryCheckedAt registryReference country timeZones }
    }
  }
`);
export const Calls = graphql(`
  query Calls($filter: CallFilter, $orderBy: CallOrder, $first: Int, $after: String) {
    calls(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
      totalCount
      edges { cursor node { id status phone } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
export const CreateCampaign = graphql(`
  mutation CreateCampaign($input: CreateCampaignInput!) {
    createCampaign(input: $input) { campaign { id name goal language status maxConcurrentCalls maxAttempts callWindow { start end days respectShabbat } progress { leads pending } } }
  }
`);
export const UpdateCampaign = graphql(`
  mutation UpdateCampaign($input: UpdateCampaignInput!) {
    updateCampaign(input: $input) { campaign { id name goal language status startsAt maxConcurrentCalls maxAttempts callWindow { start end days respectShabbat } } }
  }
`);
export const DeleteCampaign = graphql(`
  mutation DeleteCampaign($id: ID!) { deleteCampaign(input: { campaignId: $id }) { deletedId } }
`);
export const StartCampaign = graphql(`
  mutation StartCampaign($id: ID!) { startCampaign(input: { campaignId: $id }) { campaign { id status startedAt job { id kind status } } } }
`);
export const PauseCampaign = graphql(`
  mutation PauseCampaign($id: ID!) { pauseCampaign(input: { campaignId: $id }) { campaign { id status } } }
`);
export const ResumeCampaign = graphql(`
  mutation ResumeCampaign($id: ID!) { resumeCampaign(input: { campaignId: $id }) { campaign { id status } } }
`);
export const CancelCampaign = graphql(`
  mutation CancelCampaign($id: ID!) { cancelCampaign(input: { campaignId: $id }) { campaign { id status endedAt } } }
`);
export const CampaignOf = graphql(`
  query CampaignOf($id: ID!) {
    campaign(id: $id) {
      id name status startsAt startedAt endedAt
      progress { leads pending inProgress reached meetingsBooked notReached blocked cancelled percent }
      job { id status attempt progress message error { code message } }
      calls(first: 5) { totalCount edges { node { id status campaign { id } } } }
    }
  }
`);
export const CampaignLeads = graphql(`
  query CampaignLeads($id: ID!, $filter: CampaignLeadFilter, $first: Int, $after: String, $last: Int, $before: String) {
    campaign(id: $id) {
      leads(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
        totalCount
        edges { cursor node { status attempts dueAt meetingBooked blockedReasons call { id } lead { id name } } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  }
`);
export const Campaigns = graphql(`
  query Campaigns($filter: CampaignFilter, $orderBy: CampaignOrder, $first: Int, $after: String, $last: Int, $before: String) {
    campaigns(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      edges { cursor node { id name status } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);
export const CampaignUpdated = graphql(`
  subscription CampaignUpdated($id: ID!) {
    campaignUpdated(campaignId: $id) {
      id status endedAt progress { leads pending inProgress reached meetingsBooked notReached blocked cancelled percent }
    }
  }
`);
export const SalesReport = graphql(`
  query SalesReport($from: DateTime!, $to: DateTime!) {
    salesReport(from: $from, to: $to) {
      calls answered reached reachRate meetingsBooked meetingsPerHundredCalls meetingsHeld noShows talkSeconds
      byOutcome { status outcome calls } byDay { day calls reached } byHour { hour calls talkSeconds } blockedLeads { code leads }
    }
  }
`);
export const CampaignStats = graphql(`
  query CampaignStats($id: ID!) {
    campaign(id: $id) {
      stats {
        calls answered reached reachRate meetingsBooked meetingsPerHundredCalls talkSeconds
        byOutcome { status outcome calls } byDay { day calls reached meetingsBooked } byHour { hour calls reached } blockedLeads { code leads }
      }
    }
  }
`);
